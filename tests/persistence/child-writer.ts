import { fileStorage } from '../../src/persistence/file/file-storage.ts'
import { Session } from './session.ts'

/**
 * A program that keeps a store and prints `kept N` after each strict append, until it is killed or kills itself before
 * the change of that number. Compiled and run by `file-crash.test.ts`.
 */
const [path = '', change = '0'] = process.argv.slice(2)
let left = Number(change)

const storage = fileStorage(path, {
  beforeChange: () => {
    left--
    if (left !== 0) return
    process.kill(process.pid, 'SIGKILL')
    // The signal ends the process at its own time; nothing may be written until then.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
})

const session = await Session.open(storage)
await session.replace()
for (let i = 1; ; i++) {
  await session.append([`value ${i}`, i], 'strict')
  process.stdout.write(`kept ${session.model.sequence}\n`)
  if (i % 4 === 0) await session.replace()
}
