// Serves the site offline after it was loaded once. The build prepends the constants VERSION and FILES.

const CACHE = `learning-store-demo ${VERSION}`

addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)))
  skipWaiting()
})

addEventListener('activate', (event) => {
  event.waitUntil(removeOlder().then(() => clients.claim()))
})

addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return
  event.respondWith(isPage(request) ? fetch(request).catch(() => cachedPage(request)) : cacheFirst(request))
})

/** Pages have the same name in every build, so they come from the server first. Other files have a hash in their names. */
function isPage(request) {
  return request.mode === 'navigate' || !new URL(request.url).pathname.includes('/assets/')
}

async function cacheFirst(request) {
  return (await caches.match(request.url)) ?? fetch(request)
}

async function cachedPage(request) {
  const { origin, pathname } = new URL(request.url)
  const page = pathname.endsWith('/') ? `${pathname}index.html` : pathname
  return (await caches.match(origin + page)) ?? Response.error()
}

async function removeOlder() {
  const names = await caches.keys()
  // Other sites of this origin have caches of their own.
  const older = names.filter((name) => name.startsWith('learning-store-demo ') && name !== CACHE)
  await Promise.all(older.map((name) => caches.delete(name)))
}
