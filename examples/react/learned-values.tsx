import { openLearningStore, type StorageName } from 'learning-store'
import { LearningStoreProvider, useAgent, useLive, useProvidedStore } from 'learning-store/react'
import type { ReactElement } from 'react'

const SNACKS = ['apple', 'cake', 'nuts'] as const
type Snack = (typeof SNACKS)[number]

/** A page that learns in the browser which snacks its visitor likes, and shows the learned values. */
export function App({ storage = 'indexeddb:snacks' }: { readonly storage?: StorageName }): ReactElement {
  return (
    <LearningStoreProvider open={() => openLearningStore({ storage })} deps={[storage]}>
      <Snacks />
    </LearningStoreProvider>
  )
}

function Snacks(): ReactElement {
  const { store, error } = useProvidedStore()
  const { agent } = useAgent<'hungry', Snack>(store, 'taster')
  const values = useLive(store, (queries) => queries.values.get('taster', 'hungry'), [], [])

  if (error) return <p role="alert">{String(error)}</p>
  if (!store || !agent) return <p>Opening …</p>

  async function taste(action: Snack, reward: number): Promise<void> {
    await agent?.learn({ state: 'hungry', action, reward, terminated: true })
  }
  return (
    <ul>
      {SNACKS.map((snack) => (
        <li key={snack}>
          {snack}: {(values.value.find(({ action }) => action === snack)?.value ?? 0).toFixed(2)}
          <button type="button" onClick={() => void taste(snack, 1)}>
            Yes
          </button>
          <button type="button" onClick={() => void taste(snack, -1)}>
            No
          </button>
        </li>
      ))}
    </ul>
  )
}
