import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { VisibleTest } from './cycles.ts'

const SCRIPT = fileURLToPath(new URL('./next-order.js', import.meta.url))

/** The order that an agent gives in a process which was not there when it learned, as indexes of `tests`. */
export function orderInNewProcess(storage: string, agentId: string, tests: readonly VisibleTest[]): number[] {
  const answer = execFileSync(process.execPath, [SCRIPT, storage, agentId], { input: JSON.stringify(tests) })
  return JSON.parse(answer.toString()) as number[]
}
