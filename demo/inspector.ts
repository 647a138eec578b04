import { type AsyncStore, openLearningStore, type StorageName, StoreError } from 'learning-store'
import 'learning-store/inspector'

/** Prefix of the IndexedDB names of stores. */
const DATABASE_PREFIX = 'learning-store:'

const inspector = element('learning-inspector')
const importer = element('learning-import')
const [opening, another, what, list] = ['#open', '#another', '#what', '#list'].map((id) =>
  element<HTMLElement>(id),
) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement]

let shown: AsyncStore | undefined
/** A store in memory for imported files. */
let memoryStore = await openMemoryStore()
importer.store = memoryStore

importer.addEventListener('imported', () => {
  show(memoryStore, 'The file was imported into memory. Changes are lost when the page is closed.')
})
another.addEventListener('click', () => void begin())

const named = /^#indexeddb:(.+)$/s.exec(location.hash)?.[1]
await begin()
if (named !== undefined) await open(`indexeddb:${decodeURIComponent(named)}`)

/** Closes the shown store and lists what can be opened. */
async function begin(): Promise<void> {
  const closing = shown
  shown = undefined
  show(undefined, 'Files and stores are opened in your browser. No data leaves this page.')
  await closing?.close()
  if (closing === memoryStore) {
    memoryStore = await openMemoryStore()
    importer.store = memoryStore
  }
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(DATABASE_PREFIX) ? [name] : []))
  const storages = names.map((name) => `indexeddb:${name.slice(DATABASE_PREFIX.length)}` as const).sort()
  list.replaceChildren(...storages.map(storageItem))
  if (storages.length > 0) return
  const none = document.createElement('li')
  none.textContent = 'No stores yet. The fleet demo creates one.'
  list.append(none)
}

function storageItem(storage: StorageName): HTMLElement {
  const item = document.createElement('li')
  const button = document.createElement('button')
  button.textContent = storage
  button.addEventListener('click', () => void open(storage))
  item.append(button)
  return item
}

async function open(storage: StorageName): Promise<void> {
  what.textContent = `Opening ${storage} …`
  try {
    show(await openLearningStore({ storage }), `${storage}, live: shows changes by all tabs.`)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'LOCKED') return openReader(storage)
    what.textContent = error instanceof StoreError ? `${error.code}: ${error.message}` : String(error)
  }
}

/** A worker that does not share its store has it open, such as the app's own. */
async function openReader(storage: StorageName): Promise<void> {
  try {
    show(await openLearningStore({ storage, readOnly: true }), `${storage}, read-only: another worker has it open.`)
  } catch (error) {
    what.textContent = String(error)
  }
}

function show(store: AsyncStore | undefined, text: string): void {
  shown = store
  inspector.store = store
  inspector.hidden = store === undefined
  opening.hidden = store !== undefined
  another.hidden = store === undefined
  what.textContent = text
}

function openMemoryStore(): Promise<AsyncStore> {
  return openLearningStore({ storage: 'memory:', worker: 'dedicated' })
}

function element<K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K]
function element<E extends Element>(selector: string): E
function element(selector: string): Element {
  const match = document.querySelector(selector)
  if (!match) throw new Error(`Expected ${selector} in the page`)
  return match
}
