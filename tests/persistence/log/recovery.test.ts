import { expect, test } from 'vitest'
import { decodeFrames } from '../../../src/persistence/log/frame.ts'
import { RecordWriter } from '../../../src/persistence/log/record.ts'
import { commitsAfter, manifestOf, recover, type Segment } from '../../../src/persistence/log/recovery.ts'

const at = (sequence: number, generation = 1, epoch = 1) => ({ sequence, generation, epoch })

/** A segment with the records from `from` to `to`; `torn` also has half of the next one. */
function segment(from: number, to: number, more: Partial<Segment> & { readonly torn?: boolean } = {}): Segment {
  const { torn = false, ...fields } = more
  const writer = new RecordWriter()
  const bytes: number[] = []
  for (let sequence = from; sequence <= to; sequence++) {
    bytes.push(...writer.encode({ sequence, statements: [{ sql: 'ADD', values: [sequence] }] }, sequence))
  }
  if (torn) bytes.push(...writer.encode({ sequence: to + 1, statements: [] }, to + 1).subarray(0, 20))
  return { generation: 1, epoch: 1, after: from - 1, content: decodeFrames(Uint8Array.from(bytes)), ...fields }
}

const sequencesOf = (from: ReturnType<typeof at>, ...segments: readonly Segment[]): number[] =>
  [...commitsAfter(from, segments)].map(({ sequence }) => sequence)

const corrupt = (message: string) =>
  expect.objectContaining({ code: 'CORRUPT_LOG', message: expect.stringContaining(message) })

test('a segment with a damaged header is damage at the first record that is missing', () => {
  const damaged = segment(4, 5, { after: Number.POSITIVE_INFINITY, generation: 2 })
  expect(() => sequencesOf(at(0), damaged)).toThrow(corrupt('Record 1 of the log is damaged'))
  const commits = commitsAfter(at(0), [segment(1, 3), damaged])
  expect([commits.next().value, commits.next().value, commits.next().value]).toMatchObject([
    { sequence: 1 },
    { sequence: 2 },
    { sequence: 3 },
  ])
  expect(() => commits.next()).toThrow(corrupt('Record 4 of the log is damaged'))
})

test('a segment ends where a later one begins: the records beyond are of a stalled writer', () => {
  const later = segment(4, 5, { epoch: 2 })
  const commits = [...commitsAfter(at(0), [segment(1, 6), later])]
  expect(commits.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5])
  expect(sequencesOf(at(0), segment(1, 3), later)).toEqual([1, 2, 3, 4, 5])
  expect(sequencesOf(at(0), segment(1, 3, { torn: true }), later)).toEqual([1, 2, 3, 4, 5])
  // The whole of a segment that begins where a later one does, or after it, was never acknowledged.
  expect(sequencesOf(at(3), segment(4, 9), later)).toEqual([4, 5])
  expect(sequencesOf(at(3), segment(6, 9), later)).toEqual([4, 5])
})

test('a segment that ends before the next begins is a gap', () => {
  const later = segment(5, 6, { generation: 2 })
  expect(() => sequencesOf(at(0), segment(1, 3), later)).toThrow(corrupt('Record 4 of the log is missing: record 5'))
  expect(() => sequencesOf(at(1), segment(3, 4))).toThrow(corrupt('Record 2 of the log is missing: record 3'))
  // The snapshot contains what is missing.
  expect(sequencesOf(at(4), segment(1, 3), later)).toEqual([5, 6])
})

test('the commits after a snapshot begin with the one that follows it', () => {
  for (let sequence = 0; sequence <= 4; sequence++) {
    expect(sequencesOf(at(sequence), segment(1, 4))).toEqual([1, 2, 3, 4].slice(sequence))
  }
  // Of an earlier generation only a later lease counts.
  expect(sequencesOf(at(0, 2, 1), segment(1, 2))).toEqual([])
  expect(sequencesOf(at(0, 2, 1), segment(1, 2, { epoch: 2 }))).toEqual([1, 2])
})

test('a torn last record was never acknowledged', () => {
  expect(sequencesOf(at(0), segment(1, 3, { torn: true }))).toEqual([1, 2, 3])
})

test('a manifest has the first 100 bytes of its snapshot, by which an edit is judged', async () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => 255 - (i % 256))
  const manifest = await manifestOf({ bytes, sequence: 7, storeId: 's' }, 2, 3)
  expect(manifest).toMatchObject({ storeId: 's', generation: 2, epoch: 3, sequence: 7 })
  expect(Buffer.from(manifest.header, 'base64')).toEqual(Buffer.from(bytes.subarray(0, 100)))
  const judged: (Uint8Array | undefined)[] = []
  const edited = bytes.map((byte) => byte ^ 1)
  const recovery = await recover(
    [manifest],
    [],
    async () => edited,
    (_, header) => {
      judged.push(header)
      return 'edited'
    },
  )
  expect(recovery).toMatchObject({ edited: true, commits: [], damaged: [] })
  expect(judged).toEqual([bytes.slice(0, 100)])
})

test('a log that does not reach a newer, damaged snapshot is a gap', async () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const snapshot = (sequence: number, generation: number) =>
    manifestOf({ bytes: Uint8Array.of(...bytes, generation), sequence, storeId: 's' }, generation, 1)
  const manifests = [await snapshot(2, 1), await snapshot(5, 2)]
  const read = async ({ generation }: { readonly generation: number }) =>
    generation === 1 ? Uint8Array.of(...bytes, 1) : undefined
  const recovered = (to: number) => recover(manifests, [segment(3, to)], read, () => 'damaged')
  expect((await recovered(5)).commits.map(({ sequence }) => sequence)).toEqual([3, 4, 5])
  await expect(recovered(4)).rejects.toEqual(corrupt('Record 5 of the log is missing'))
})
