import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Desk, threeAgents } from './program.ts'

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(threeAgents)
})
afterAll(() => desk[Symbol.asyncDispose]())

const LINE = /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z event=(\w+)( [a-zA-Z]+=(?:[^\s"=]+|"(?:[^"\\]|\\.)*"))*$/

describe('LEARNING_STORE_LOG=debug', () => {
  test('prints what a command does to standard error, one line for each event', async () => {
    const quiet = await desk.run('learn', 'status', '--agent', 'crawler')
    const { status, stdout, stderr } = await desk.runWith(
      { LEARNING_STORE_LOG: 'debug' },
      ...['learn', 'status', '--agent', 'crawler'],
    )
    expect({ status, stdout }).toEqual({ status: 0, stdout: quiet.stdout })
    const lines = stderr.trimEnd().split('\n')
    expect(lines.filter((line) => !LINE.test(line))).toEqual([])
    const storage = `storage=file:${desk.path('.agentic-qe/memory.db')}`
    expect(lines[0]).toMatch(/ event=command name="learn status" storage=file:\.agentic-qe\/memory\.db$/)
    expect(lines[1]).toMatch(/ event=operation name=open ms=[\d.]+ /)
    expect(stderr).toMatch(new RegExp(`event=opened ${storage} sequence=\\d+ databaseBytes=\\d+\n`))
    expect(stderr).toMatch(new RegExp(`event=operation name=agent.getStatistics ms=[\\d.]+ ${storage}\n`))
    expect(lines.at(-2)).toMatch(/ name=close /)
    expect(lines.at(-1)).toMatch(/ event=ended exitCode=0 ms=[\d.]+$/)
  })

  test('names the code of an operation that failed, and prints no content', async () => {
    const { status, stderr } = await desk.runWith({ LEARNING_STORE_LOG: 'debug' }, 'query', "SELECT 'secret' FROM none")
    expect(status).toBe(2)
    expect(stderr).toMatch(/ event=operation name=query ms=[\d.]+ error=SQL_ERROR storage=\S+\n/)
    expect(stderr.replace(/^error .*$/m, '')).not.toContain('secret')
    expect(stderr).toMatch(/ event=ended exitCode=2 ms=[\d.]+\n$/)
  })

  test('is off by default, and the only level', async () => {
    expect((await desk.run('verify')).stderr).toBe('')
    expect((await desk.runWith({ LEARNING_STORE_LOG: '' }, 'verify')).stderr).toBe('')
    expect(await desk.runWith({ LEARNING_STORE_LOG: 'info' }, 'verify')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error INVALID_ARGUMENT Expected LEARNING_STORE_LOG to be "debug" or unset, got "info"\n',
    })
  })
})
