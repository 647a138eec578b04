/** What all pages of the demo have in common. */
import './style.css'
import './storage-banner.ts'

// The built site works without its server, too; while it is developed, every file is to come from the server.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register(new URL('./service-worker.js', document.baseURI)).catch(() => {
    // The page works all the same, as long as there is a server.
  })
}

/** Shows what went wrong, in words, where people and screen readers find it. */
export function showFailure(error: unknown): void {
  const place = document.querySelector('#failure')
  if (!place) return
  const message = error instanceof Error ? error.message : String(error)
  place.textContent = `This does not work here: ${message}`
}
