/** The same answers, each worked out once. @param work answers the same for the same text, and never undefined. */
export function memoized<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const answer = known.get(text) ?? work(text)
    known.set(text, answer)
    return answer
  }
}
