// Serves the site without its server, once it was loaded. Before it come two lines of the build: VERSION, and the FILES of it.

const CACHE = `learning-store-demo ${VERSION}`

addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)))
  skipWaiting()
})

addEventListener('activate', (event) => {
  event.waitUntil(removeOlder().then(() => clients.lease()))
})

addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return
  event.respondWith(isPage(request) ? fetch(request).catch(() => kept(request)) : keptOrFetched(request))
})

/** Pages keep their names from one build to the next, so the server's are newer; all else has a hash in its name. */
function isPage(request) {
  return request.mode === 'navigate' || !new URL(request.url).pathname.includes('/assets/')
}

async function keptOrFetched(request) {
  return (await caches.match(request.url)) ?? fetch(request)
}

async function kept(request) {
  const { origin, pathname } = new URL(request.url)
  const page = pathname.endsWith('/') ? `${pathname}index.html` : pathname
  return (await caches.match(origin + page)) ?? Response.error()
}

async function removeOlder() {
  const names = await caches.keys()
  // Other sites of this origin have caches too.
  const older = names.filter((name) => name.startsWith('learning-store-demo ') && name !== CACHE)
  await Promise.all(older.map((name) => caches.delete(name)))
}
