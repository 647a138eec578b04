import wasmUrl from 'sql.js/dist/sql-wasm-browser.wasm?url'
import { localStore } from '../src/face/local.ts'
import { openStore } from '../src/open.ts'
import { memoryPlace } from '../src/persistence/memory.ts'
import { coreDefaults } from '../src/runtime/defaults.ts'
import { loadEngine } from '../src/sql/engine.ts'

/** The hidden truth: how often each strategy succeeds. */
const CHANCES: { readonly [strategy: string]: number } = {
  'template-based': 0.35,
  'property-based': 0.7,
  mutation: 0.5,
  fuzzing: 0.2,
  'model-based': 0.6,
}
const TASKS = 600
const strategies = Object.keys(CHANCES)

const engine = await loadEngine({ locateFile: () => wasmUrl })
const store = localStore(await openStore({ engine, place: memoryPlace(), ...coreDefaults() }))
const agent = await store.agent('demo', { type: 'qe-test-generator', explorationRate: 0.5 })

for (let task = 1; task <= TASKS; task++) {
  const { action } = await agent.selectAction('unit-test', { availableActions: strategies })
  const succeeded = Math.random() < (CHANCES[String(action)] ?? 0)
  await agent.learn({ state: 'unit-test', action, reward: succeeded ? 1 : 0, terminated: true })
  await show(task)
  await new Promise(requestAnimationFrame)
}

async function show(task: number): Promise<void> {
  const values = await store.values.of('demo', 'unit-test')
  const { strategy } = await agent.recommendStrategy('unit-test')
  const rows = strategies.map((name) => {
    const { value = 0, visits = 0 } = values.find(({ action }) => action === name) ?? {}
    const row = document.createElement('tr')
    row.className = name === strategy ? 'best' : ''
    row.append(...[name, `${CHANCES[name]}`, value.toFixed(3), `${visits}`].map(cell))
    return row
  })
  document.querySelector('#values')?.replaceChildren(...rows)
  const { currentExplorationRate } = await agent.status()
  const text = `Task ${task} of ${TASKS}. Recommended: ${strategy}. Exploration rate ${currentExplorationRate.toFixed(3)}.`
  document.querySelector('#progress')?.replaceChildren(text)
}

function cell(text: string): HTMLElement {
  const element = document.createElement('td')
  element.textContent = text
  return element
}
