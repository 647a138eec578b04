/**
 * The texts at a path in plain data: `field`, `a.b`, `list[0]`, `list[-1]`, `list[*].name`, `*` for all fields, `{a,b.c}` for several
 * paths, and `$` for the whole value. Other values are converted to text.
 */
export function textsAt(value: unknown, path: string): string[] {
  if (path === '$' || path === '') return textOf(value)
  const steps = path.match(/\[[^\]]*\]|\{[^}]*\}|[^.[{]+/g) ?? []
  return steps
    .reduce<readonly unknown[]>((found, step) => found.flatMap((one) => within(one, step)), [value])
    .flatMap(textOf)
}

function within(value: unknown, step: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (step === '*') return Object.values(value)
  if (step.startsWith('[')) {
    if (!Array.isArray(value)) return []
    return step === '[*]' ? value : [value.at(Number.parseInt(step.slice(1), 10))]
  }
  if (step.startsWith('{')) {
    return step
      .slice(1, -1)
      .split(',')
      .flatMap((path) =>
        path
          .trim()
          .split('.')
          .reduce<readonly unknown[]>((found, name) => found.flatMap((one) => within(one, name)), [value]),
      )
  }
  return Object.hasOwn(value, step) ? [(value as { readonly [name: string]: unknown })[step]] : []
}

function textOf(value: unknown): string[] {
  if (value === null || value === undefined) return []
  return [typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)]
}
