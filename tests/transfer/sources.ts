import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { canonical } from '../../src/algorithms/keys/keys.ts'
import type { RecordedExperience } from '../../src/entry/node.ts'
import type { JsonValue } from '../../src/json-value.ts'
import type { ImportBatch, ImportedExperience } from '../../src/learning/maintenance/import-batch.ts'
import type { Progress } from '../../src/learning/progress.ts'
import { toSqlTime } from '../../src/tables/sql-time.ts'
import type { SourceReader } from '../../src/transfer/source.ts'
import { bytesOf } from '../../src/transfer/text.ts'
import { plainValue } from '../plain-value.ts'

/** The bytes of a file of the data for tests; undefined where there is none. */
export function dataFile(name: string): Uint8Array | undefined {
  const folder = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const path = join(folder, name)
  return existsSync(path) ? readFileSync(path) : undefined
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What was written, as one source. */
export function source(pieces: Iterable<string>): Uint8Array {
  return new Uint8Array(Buffer.concat([...bytesOf(pieces)]))
}

/** Reads to the end. */
export function taken(reader: SourceReader): ImportBatch & { readonly progress: readonly Progress[] } {
  const progress: Progress[] = []
  for (;;) {
    const step = reader.next()
    if (step.done) return { ...step.value, progress }
    progress.push(step.value)
  }
}

/** The message of what a reader refuses, with its code. */
export function refusal(reader: SourceReader): string {
  try {
    taken(reader)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return `${code}: ${message}`
  }
  throw new Error('Expected a refusal')
}

/** As it comes out of a store: names sorted, no -0. */
const value: fc.Arbitrary<JsonValue> = plainValue.map(canonical)

export const name: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    fc.constantFrom(
      '=1+1',
      '+x',
      '-5',
      "'-5",
      '@SUM(A1)',
      "'",
      "''=x",
      '-',
      ' ',
      'a,b',
      '"',
      'x\r\ny',
      '__proto__',
      '\t',
    ),
  )
  .filter((text) => !text.includes('\0'))

const reward = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0)

const timestamp = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

/** Runs of experiences in which now and then the next state follows, as stores have them, with ids of their own. */
export const recordedExperiences: fc.Arbitrary<RecordedExperience[]> = fc
  .array(
    fc.record({
      agentId: fc.oneof(fc.constant('agent'), name),
      taskId: fc.option(name),
      taskType: fc.oneof(fc.constant('unit'), name),
      episodeId: fc.option(fc.oneof(fc.constant('e'), name)),
      state: value,
      action: value,
      nextState: value,
      reward,
      terminated: fc.boolean(),
      truncated: fc.boolean(),
      timestamp,
      behaviorProbability: fc.option(fc.double({ min: Number.MIN_VALUE, max: 1, noNaN: true })),
      actions: fc.option(fc.array(value, { maxLength: 3 })),
      nextActions: fc.option(fc.array(value, { maxLength: 3 })),
      metadata: fc.option(fc.dictionary(fc.string(), value, { maxKeys: 3 })),
      follows: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((told) => {
    const list: RecordedExperience[] = []
    for (const [i, { follows, ...one }] of told.entries()) {
      const before = list.at(-1)
      const { agentId, taskId, taskType, episodeId } = before ?? one
      const shared = { agentId, taskId, taskType, episodeId, state: before?.nextState ?? one.state }
      list.push({ ...one, ...(follows ? shared : {}), id: `id ${i}` })
    }
    return list
  })

/** What is taken in for an experience that was recorded. */
export function asImportBatch(experience: RecordedExperience): ImportedExperience {
  return { ...experience, timestamp: toSqlTime(experience.timestamp) }
}
