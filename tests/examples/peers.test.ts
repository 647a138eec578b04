import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { Program } from './program.ts'

let program: Program
beforeAll(async () => {
  program = await Program.compile()
  return () => program[Symbol.asyncDispose]()
})

test('the LangGraph example remembers across processes', () => {
  const folder = join(program.temporary, 'memory')
  const hello = (reply: string): string => `Graph: Hello Ada${reply}`
  const first = program.runExample('langgraph', folder)
  expect(first.stderr).toBe('')
  const lines = first.stdout.trimEnd().split('\n')
  expect([lines[1], lines[3], lines[5]]).toEqual([
    hello('!'),
    hello(', you like tea.'),
    hello(', you like tea and trains.'),
  ])
  const second = program.runExample('langgraph', folder)
  expect(second.stdout.split('\n')[1]).toBe(hello(', you like tea and trains.'))
})

test('the LangGraph example leaves nothing behind without a folder', () => {
  const before = readdirSync(program.temporary)
  expect(program.runExample('langgraph')).toMatchObject({ status: 0, stderr: '' })
  expect(readdirSync(program.temporary)).toEqual(before)
})

test('the AI SDK example learns the best temperature', () => {
  const { status, stdout, stderr } = program.runExample('ai-sdk')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^temperature 0: 100 % of \d+ answers were JSON$/m)
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('best: temperature 0')
})
