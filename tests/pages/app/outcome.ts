/** How a call ended: an error keeps its code on the way from the page to the test. */
export type Outcome<T> = { readonly value: T } | { readonly code: string; readonly message: string }

export async function outcome<T>(call: Promise<T> | (() => Promise<T>)): Promise<Outcome<T>> {
  try {
    return { value: await (typeof call === 'function' ? call() : call) }
  } catch (error) {
    const { code = 'no code', message = String(error) } = error as { code?: string; message?: string }
    return { code, message }
  }
}
