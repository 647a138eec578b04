import { openLearningStore } from '../../src/entry/node.ts'
import type { Rows, Stopwatch } from '../measure.ts'
import { bareSqlJs, nativeSqlite } from '../peers.ts'

interface Closable {
  close(): unknown
}

/** Opening an empty store; closing it is not measured. */
export function openingRows(): Rows {
  const opening = (open: () => Closable | Promise<Closable>) => (watch: Stopwatch) => ({
    run: async () => {
      const opened = await open()
      await watch.aside(() => opened.close())
    },
  })
  return {
    rows: [
      {
        operation: 'open an empty store',
        storage: 'memory',
        durability: 'none',
        batch: 1,
        samples: 40,
        note: 'the WebAssembly module is loaded already; the peers run the same schema in the order of its versions',
        entrants: {
          ours: opening(() => openLearningStore({ storage: 'memory:' })),
          bare: opening(bareSqlJs),
          native: opening(() => nativeSqlite()),
        },
      },
    ],
  }
}
