/** What all pages of the demo have in common. */
import { LineChart } from './line-chart.ts'
import { RunControls } from './run-controls.ts'
import { StorageBanner } from './storage-banner.ts'
import { StorePanel } from './store-panel.ts'
import './style.css'
import './tables.css'

type Elements = { readonly [name: string]: CustomElementConstructor }

const SHARED: Elements = {
  'line-chart': LineChart,
  'run-controls': RunControls,
  'storage-banner': StorageBanner,
  'store-panel': StorePanel,
}

/**
 * Makes the elements known, those that all pages have too, and lets the built site work without its server. Here and not
 * where they are written, because a bundler leaves out modules of this package that are imported for no name of theirs.
 */
export function beginPage(elements: Elements): void {
  for (const [name, element] of Object.entries({ ...SHARED, ...elements })) customElements.define(name, element)
  // While it is developed, every file is to come from the server.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register(new URL('./service-worker.js', document.baseURI)).catch(() => {
    // The page works all the same, as long as there is a server.
  })
}

/** Puts what the page is about where it says that it is being opened. */
export function showPage(page: HTMLElement): void {
  document.querySelector('#app')?.replaceChildren(page)
}

/** Shows what went wrong, in words, where people and screen readers find it. */
export function showFailure(error: unknown): void {
  const storage = document.querySelector('#failure')
  if (!storage) return
  const message = error instanceof Error ? error.message : String(error)
  storage.textContent = `This does not work here: ${message}`
}
