import { openLearningStore } from 'learning-store'

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

const store = await openLearningStore({ place: 'indexeddb:demo' })
const agent = await store.agent('demo', { type: 'qe-test-generator', explorationRate: 0.5 })

const { experienceCount } = await agent.status()
await show(Math.min(experienceCount, TASKS))
for (let task = experienceCount + 1; task <= TASKS; task++) {
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
