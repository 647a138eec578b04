/** As `expect.poll` of vitest with our configuration: the matchers of `expect`, tried until one of them holds. */
export type Poll = (
  read: () => unknown,
  options?: { readonly timeout?: number; readonly interval?: number },
) => { [matcher: string]: (...args: readonly unknown[]) => Promise<void> }

/** @param expected the matchers for a value. */
export function polled(expected: (value: unknown) => object): Poll {
  return (read, { timeout = 120_000, interval = 20 } = {}) =>
    new Proxy(
      {},
      {
        get:
          (_, matcher) =>
          async (...args: readonly unknown[]) => {
            const deadline = performance.now() + timeout
            for (;;) {
              try {
                const matchers = expected(await read()) as {
                  [name: string | symbol]: (...args: readonly unknown[]) => void
                }
                matchers[matcher]?.(...args)
                return
              } catch (error) {
                if (performance.now() > deadline) throw error
                await new Promise((resolve) => setTimeout(resolve, interval))
              }
            }
          },
      },
    )
}
