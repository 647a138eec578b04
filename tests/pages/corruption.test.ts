import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/algorithms/random.ts'
import { folder, report, SEED } from '../survival/environment.ts'
import type { Content } from './app/content.ts'
import type { ChromiumPage } from './chromium.ts'
import { answered, contentIn, learnAll, openIn } from './in-page.ts'
import { Stage } from './stage.ts'

const FLIPS = process.env.LEARNING_STORE_LONG ? 12 : 4
/** How much random text, in characters. */
const INCOMPRESSIBLE = 400_000

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

interface Flip {
  readonly file: string
  /** Which byte, as a share of the file. */
  readonly at: number
}

/** Two sessions that end with a snapshot, and one whose learning is in the log only; answers what the store then holds. */
async function learnInSessions(): Promise<Content> {
  for (const session of ['first', 'second']) {
    const page = await learnIn(session)
    await page.run(grow, INCOMPRESSIBLE)
    await page.run(() => store.close())
    await stage.endAll()
  }
  const content = await contentIn(await learnIn('third'))
  await stage.endAll()
  return content
}

async function learnIn(session: string): Promise<ChromiumPage> {
  const page = await (await stage.launch()).open(stage.server.origin)
  answered(await openIn(page, { seed: SEED }))
  await learnAll(page, { name: session, chains: 4, count: 25 })
  return page
}

/** Makes snapshots so large that Chromium keeps their parts in files of their own, which it does not check. */
async function grow(characters: number): Promise<void> {
  let type = ''
  while (type.length < characters) type += Math.random().toString(36).slice(2)
  await store.agent('ballast', { type })
}

/** The files that hold databases of the browser, or what it keeps apart from them because it is large. */
function files(kind: 'blob' | 'leveldb'): string[] {
  const root = join('Default', 'IndexedDB')
  return readdirSync(join(stage.profile, root), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes(`.indexeddb.${kind}`))
    .filter(({ name }) => kind === 'blob' || /\.(log|ldb)$/.test(name))
    .map(({ name, parentPath }) => join(parentPath, name).slice(stage.profile.length + 1))
    .sort()
}

/** How the store opens on a copy of the profile, in which one byte of one file differs. */
async function openCopy(flip?: Flip): Promise<Content | string> {
  const copy = folder()
  try {
    const profile = join(copy.path, 'profile')
    cpSync(stage.profile, profile, { recursive: true, filter: (path) => !path.includes('Singleton') })
    if (flip) {
      const bytes = readFileSync(join(profile, flip.file))
      const offset = Math.floor(flip.at * bytes.length)
      bytes[offset] = (bytes[offset] ?? 0) ^ 0x10
      writeFileSync(join(profile, flip.file), bytes)
    }
    const browser = await stage.launch(profile)
    const ended = await openIn(await browser.open(stage.server.origin), { seed: SEED })
    await browser.close()
    return 'code' in ended ? ended.code : ended.value
  } finally {
    copy.remove()
  }
}

/** Flips one byte after the other: the store must open with what it held, or refuse with one of these codes. */
async function expectNothingElse(held: Content, flips: readonly Flip[], codes: readonly string[]): Promise<string> {
  const seen = new Map<string, number>()
  // But for the sequence: a snapshot that was due after it was told is a commit of its own.
  expect(await openCopy()).toEqual({ ...held, sequence: expect.any(Number) })
  for (const { file, at } of flips) {
    const found = await openCopy({ file, at })
    const message = `${file} at ${at}`
    if (typeof found === 'string') expect(codes, message).toContain(found)
    else expect([found.experiences, found.values], message).toEqual([held.experiences, held.values])
    const what = typeof found === 'string' ? found : `whole, ${found.notes.length > 0 ? 'with' : 'without'} a note`
    seen.set(what, (seen.get(what) ?? 0) + 1)
  }
  return [...seen].map(([what, count]) => `${count} ${what}`).join(', ')
}

test('a flipped byte in a file of a snapshot is noticed, and what the store held is found without it', async () => {
  const held = await learnInSessions()
  const random = seededRandom(SEED, 'flipped blob')
  const flips = files('blob').map((file) => ({ file, at: random.next() }))
  // Two snapshots, one of which would be enough.
  expect(flips.length).toBeGreaterThanOrEqual(2)
  const seen = await expectNothingElse(held, flips, ['CORRUPT_SNAPSHOT', 'CORRUPT_LOG'])
  // The newest snapshot is one of them: where nothing was noticed nothing was tested.
  expect(seen).toMatch(/with a note|CORRUPT/)
  report(`flipped byte in each of ${flips.length} blob files: ${seen}`)
})

test('a flipped byte in the database of the browser never gives a store other content', async () => {
  const held = await learnInSessions()
  const random = seededRandom(SEED, 'flipped database')
  const all = files('leveldb')
  const flips = Array.from({ length: FLIPS }, (_, i) => ({ file: all[i % all.length] ?? '', at: random.next() }))
  // Chromium itself checks these files, and may throw away what it finds damaged.
  const codes = ['CORRUPT_SNAPSHOT', 'CORRUPT_LOG', 'STORE_MISSING', 'STORAGE_ERROR']
  report(`flipped byte in ${FLIPS} storages of the database: ${await expectNothingElse(held, flips, codes)}`)
})
