import { rotated } from '../rotated.ts'

/** One who does the work of a contest. */
export interface Contender {
  /** Does the work once. Answers what it took in ms where it measured that itself. */
  work(): Promise<unknown>
  /** Resolves when nothing of the work goes on in the background. */
  settle?(): Promise<unknown>
}

/** Contenders who do the same work, equally often. */
export interface Contest {
  /** Measured calls of each contender in a round, before the effort is applied. */
  readonly samples: number
  /** Calls that the work consists of. */
  readonly calls: number
  readonly contenders: { readonly [name: string]: Contender }
}

/** What each call took in ms, by contender and round. */
export type Times = { readonly [contender: string]: readonly (readonly number[])[] }

/**
 * One contender after the other, in short rounds that begin with another one each: what disturbs the machine for a while
 * disturbs all of them, and what one leaves to be done in the background is done before the next has its turn.
 */
export async function alternate(
  { samples, calls, contenders }: Contest,
  rounds: number,
  effort: number,
): Promise<Times> {
  const all = Object.entries(contenders)
  const times = Object.fromEntries(all.map(([name]) => [name, [] as number[][]]))
  const measured = Math.max(5, Math.round(samples * effort))
  for (let round = 0; round < rounds; round++) {
    for (const [name, contender] of rotated(all, round)) {
      for (let i = 0; i < measured / 4; i++) await contender.work()
      times[name]?.push(await timesOf(contender, measured, calls))
      await contender.settle?.()
    }
  }
  return times
}

async function timesOf(contender: Contender, samples: number, calls: number): Promise<number[]> {
  const times: number[] = []
  while (times.length < samples) {
    const start = performance.now()
    const told = await contender.work()
    times.push((typeof told === 'number' ? told : performance.now() - start) / calls)
  }
  return times
}
