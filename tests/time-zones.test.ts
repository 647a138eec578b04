import { afterEach, describe, expect, test } from 'vitest'
import { openLearningStore } from '../src/entry/node.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

/** Half a year apart, so that one of them is in summer; the second lies in the hour that New York has twice. */
const MOMENTS = ['2026-01-31T12:00:00.250Z', '2026-11-01T05:30:00.001Z', '2026-07-01T23:59:59.999Z']

describe.each([
  ['America/New_York', 300],
  ['Asia/Kolkata', -330],
  ['UTC', 0],
])('in %s', (name, offset) => {
  test.each(MOMENTS)('what is stored at %s is read with that time', async (moment) => {
    process.env.TZ = name
    // Else the platform ignores the zone, and the test says nothing.
    expect(new Date(Date.UTC(2026, 0, 1)).getTimezoneOffset()).toBe(offset)
    const now = Date.parse(moment)
    await using store = await openLearningStore({ storage: 'memory:', now: () => now, seed: 7 })
    const agent = await store.agent('a')
    const experience = { state: 's', action: 'x', reward: 1, terminated: true }
    const { id } = await agent.learn(experience)
    await store.patterns.recordUse({
      agentId: 'a',
      taskType: 't',
      strategy: 's',
      success: true,
      discovery: { rule: 'rate', minUses: 1 },
    })
    const run = await store.executionPatterns.recordRun({ taskType: 't', patternUsed: 'p' })
    await store.fleet.tasks.create({ id: 'x', fleetId: 'f', type: 't', name: 'n' })
    await store.memory.as({ agentId: 'a' }).set({ key: 'k', value: 1, ttlMs: 1000 })
    const times = [
      (await store.experiences.get('a', id))?.timestamp,
      (await store.values.list({ agentId: 'a' }))[0]?.lastUpdated,
      (await agent.recommend('s')).evidence.lastUpdated,
      (await store.patterns.list({ minLowerBound: 0 }))[0]?.lastUsed,
      run.createdAt,
      (await store.fleet.tasks.get('x'))?.createdAt,
      (await store.memory.as({ agentId: 'a' }).get({ key: 'k' }))?.createdAt,
    ]
    expect(times.map((time) => new Date(time ?? Number.NaN).getTime())).toEqual(Array(7).fill(now))

    // Rows of earlier versions, which have no milliseconds, and imported times without a zone are UTC too.
    const text = `agent_id,task_type,state,action,reward,timestamp\r\nb,t,1,2,3,${moment.slice(0, 19).replace('T', ' ')}\r\n`
    await store.importFile(utf8(text))
    const [imported] = await store.experiences.list({ agentId: 'b' })
    expect(new Date(imported?.timestamp ?? Number.NaN).getTime()).toBe(Math.floor(now / 1000) * 1000)
  })
})
