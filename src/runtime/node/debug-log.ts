import { invalid } from '../../checks.ts'
import type { OperationEvent } from '../../client/operations.ts'
import type { Environment } from './default-storage.ts'

/** Writes what a program does, a line for each event: `time=2026-01-31T12:00:00.000Z event=operation name=agent.learn ms=0.412`. */
export interface DebugLog {
  /** Writes a line. Undefined values are left out. */
  write(event: string, fields: { readonly [name: string]: string | number | undefined }): void
  /** Writes a line for an operation: the option of `openLearningStore`. */
  onOperation(operation: OperationEvent): void
  /** Returns the ms since the log was made. */
  elapsedMs(): number
}

/**
 * The log that LEARNING_STORE_LOG=debug asks for; undefined if that variable is not set.
 * @param print receives each line, without its end
 * @throws INVALID_ARGUMENT for another value
 */
export function debugLog(env: Environment, print: (line: string) => void): DebugLog | undefined {
  const level = env.LEARNING_STORE_LOG
  if (!level) return undefined
  if (level !== 'debug') throw invalid('LEARNING_STORE_LOG', '"debug" or unset', level)
  const start = performance.now()
  const write: DebugLog['write'] = (event, fields) => {
    const all = Object.entries({ time: new Date().toISOString(), event, ...fields })
    print(all.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${shown(value)}`])).join(' '))
  }
  return {
    write,
    onOperation: ({ name, storage, durationMs, errorCode }) =>
      write('operation', { name, ms: toMicroseconds(durationMs), error: errorCode, storage }),
    elapsedMs: () => toMicroseconds(performance.now() - start),
  }
}

function toMicroseconds(ms: number): number {
  return Number(ms.toFixed(3))
}

/** As logfmt has it: a value that is more than one plain word is in quotes. */
function shown(value: string | number): string {
  const text = String(value)
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text)
}
