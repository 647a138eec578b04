import type { AsyncStore } from 'learning-store'
import type { LearningInspector } from 'learning-store/inspector'

/** Shows a store in the page; the code of the inspector is loaded when it is first asked for. */
export async function inspect(store: AsyncStore): Promise<LearningInspector> {
  await import('learning-store/inspector')
  document.querySelector('main')?.remove()
  const main = document.createElement('main')
  const title = document.createElement('h1')
  title.textContent = 'A store'
  const inspector = document.createElement('learning-inspector')
  inspector.store = store
  main.append(title, inspector)
  document.body.append(main)
  const background = 'light-dark(#ffffff, #0f1319)'
  document.documentElement.style.setProperty('color-scheme', 'light dark')
  document.body.style.setProperty('background', background)
  document.body.style.setProperty('margin', '0')
  title.style.setProperty('font', '600 15px system-ui')
  title.style.setProperty('margin', '12px 12px 0')
  await inspector.updateComplete
  return inspector
}
