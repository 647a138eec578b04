import { setImmediate as turn } from 'node:timers/promises'

/** Asks again and again what no event tells, and resolves when it is so; the test's own timeout gives up. */
export async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (isSo(answer)) return answer
    await turn()
  }
}
