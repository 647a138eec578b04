interface Order {
  readonly default: (...args: readonly unknown[]) => unknown
  readonly args: readonly unknown[]
}

/**
 * Runs what the test orders, for a browser that has no driver. An order is a module of this origin, so the content
 * security policy allows it.
 */
export async function obey(name: string): Promise<void> {
  for (let order = 0; ; order++) {
    const path = `/orders/${name}/${order}`
    const { default: work, args } = (await import(/* @vite-ignore */ `${path}.js`)) as Order
    void Promise.resolve()
      .then(() => work(...args))
      .then(
        (value) => ({ value: value ?? null }),
        (error) => ({ error: String(error) }),
      )
      .then((answer) => fetch(path, { method: 'POST', body: JSON.stringify(answer) }))
  }
}
