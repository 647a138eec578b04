import { join } from 'node:path'
import { openLearningStore } from 'learning-store'
import { expect, inject, test } from 'vitest'
import { placed, RUNTIMES, type Runtime, run } from './processes.ts'

const at = await placed('programs/reopened.ts', inject('withPackage'))
const deno = RUNTIMES.find(({ name }) => name === 'Deno')

/** Deno with a program that may read the package and its stores, and write its stores, and nothing else. */
const confined: Runtime = {
  name: 'Deno without other permissions',
  program: deno?.program ?? '',
  flags: ['run', '--no-prompt', `--allow-read=${at.root}`, `--allow-write=${at.folder}`],
}

for (const runtime of [...RUNTIMES, confined]) {
  test(`${runtime.name} opens, locks, closes and reopens a store in a file`, async () => {
    const folder = join(at.folder, runtime.name.replace(/\W/g, '-'))
    expect(await run(runtime, at, folder)).toEqual({ experiences: 2, visits: 2 })
    // Every one leaves what another can open.
    await using store = await openLearningStore({ storage: `file:${join(folder, 'reopened.db')}` })
    expect(await store.experiences.count()).toBe(2)
  })

  test(`${runtime.name} is refused a store that Node holds`, async () => {
    const folder = join(at.folder, `${runtime.name.replace(/\W/g, '-')}-held`)
    await using _ = await openLearningStore({ storage: `file:${join(folder, 'reopened.db')}` })
    expect(await run(runtime, at, folder)).toMatchObject({ code: 'LOCKED' })
  })
}
