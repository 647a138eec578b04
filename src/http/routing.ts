import { HttpProblem } from './problem.ts'
import type { Route } from './routes/route.ts'

/** A route that matches a request. */
export interface Match {
  readonly route: Route
  /** The parameters of the path, decoded. */
  readonly params: { readonly [name: string]: string }
}

interface Path {
  readonly pattern: RegExp
  readonly names: readonly string[]
  readonly routes: Map<string, Route>
}

/** Finds the route of a request. */
export class Router {
  readonly #paths: readonly Path[]

  constructor(routes: readonly Route[]) {
    const paths = new Map<string, Path>()
    for (const route of routes) {
      const path = paths.get(route.path) ?? pathOf(route.path)
      path.routes.set(route.method.toUpperCase(), route)
      paths.set(route.path, path)
    }
    // A path without parameters goes before one with, which would match it, too.
    this.#paths = [...paths.values()].sort((a, b) => a.names.length - b.names.length)
  }

  /** @throws HttpProblem NOT_FOUND, METHOD_NOT_ALLOWED, INVALID_ARGUMENT */
  find(method: string, pathname: string): Match {
    const [path, values] = this.#match(pathname)
    if (!path) throw new HttpProblem('NOT_FOUND', 'There is no such path')
    // A response to HEAD is that to GET without its content.
    const route = path.routes.get(method === 'HEAD' ? 'GET' : method)
    if (!route) {
      const allow = allowed(path)
      throw new HttpProblem('METHOD_NOT_ALLOWED', `Expected ${allow}, got ${method}`, { allow })
    }
    return { route, params: Object.fromEntries(path.names.map((name, i) => [name, decoded(values[i] ?? '')])) }
  }

  /** The methods of a path, for `allow`; undefined if there is no such path. */
  methodsOf(pathname: string): string | undefined {
    const [path] = this.#match(pathname)
    return path && allowed(path)
  }

  #match(pathname: string): [path: Path | undefined, values: readonly string[]] {
    for (const path of this.#paths) {
      const match = path.pattern.exec(pathname)
      if (match) return [path, match.slice(1)]
    }
    return [undefined, []]
  }
}

function pathOf(template: string): Path {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const pattern = template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '([^/]+)')
  return { pattern: new RegExp(`^${pattern}$`), names, routes: new Map() }
}

function allowed({ routes }: Path): string {
  const methods = [...routes.keys()]
  return (methods.includes('GET') ? [...methods, 'HEAD'] : methods).join(', ')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpProblem('INVALID_ARGUMENT', 'Expected a path in UTF-8 with valid percent-encoding')
  }
}
