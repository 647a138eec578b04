/** Shared setup of all pages of the demo. */
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
 * Defines the custom elements of the page and the shared ones, and registers the service worker of the built site. Elements are
 * not defined by their modules, because bundlers drop modules of this package that are imported for their side effects only.
 */
export function beginPage(elements: Elements): void {
  for (const [name, element] of Object.entries({ ...SHARED, ...elements })) customElements.define(name, element)
  // During development, every file comes from the server.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register(new URL('./service-worker.js', document.baseURI)).catch(() => {
    // Without a service worker, the page still works online.
  })
}

/** Replaces the loading message with the page. */
export function showPage(page: HTMLElement): void {
  document.querySelector('#app')?.replaceChildren(page)
}

/** Shows an error message, also to screen readers. */
export function showFailure(error: unknown): void {
  const element = document.querySelector('#failure')
  if (!element) return
  const message = error instanceof Error ? error.message : String(error)
  element.textContent = `The demo failed: ${message}`
}
