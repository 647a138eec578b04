import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { VisibleTest } from './cycles.ts'

const SCRIPT = fileURLToPath(new URL('./next-order.js', import.meta.url))

/** The order of an agent in a new process, as indexes of `tests`. */
export function orderInNewProcess(path: string, agentId: string, tests: readonly VisibleTest[]): number[] {
  const output = execFileSync(process.execPath, [SCRIPT, path, agentId], { input: JSON.stringify(tests) })
  return JSON.parse(output.toString()) as number[]
}
