import { type AsyncStore, openLearningStore, StoreError } from 'learning-store'
import 'learning-store/inspector'

/** How a store of this origin is called among all its databases. */
const DATABASE = 'learning-store:'

const inspector = element('learning-inspector')
const importer = element('learning-import')
const [opening, another, what, list] = ['#open', '#another', '#what', '#list'].map((id) =>
  element<HTMLElement>(id),
) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement]

let shown: AsyncStore | undefined
/** A store in memory, into which a file is read. */
let blank = await openBlank()
importer.store = blank

importer.addEventListener('imported', () => {
  show(blank, 'The file was read into memory. What you change here is gone when the page is closed.')
})
another.addEventListener('click', () => void begin())

const { hash } = location
await begin()
if (hash.startsWith('#indexeddb:')) await open(decodeURIComponent(hash.slice(1)))

/** Asks what to look at. */
async function begin(): Promise<void> {
  const closing = shown
  shown = undefined
  show(undefined, 'Nothing leaves this page: files are read, and stores are opened, in your browser.')
  await closing?.close()
  if (closing === blank) {
    blank = await openBlank()
    importer.store = blank
  }
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(DATABASE) ? [name] : []))
  const storages = names.map((name) => `indexeddb:${name.slice(DATABASE.length)}`).sort()
  list.replaceChildren(...storages.map(choiceOf))
  if (storages.length > 0) return
  const none = document.createElement('li')
  none.textContent = 'There is none yet. The demo makes one, and so does any page of this origin that learns.'
  list.append(none)
}

function choiceOf(storage: string): HTMLElement {
  const item = document.createElement('li')
  const button = document.createElement('button')
  button.textContent = storage
  button.addEventListener('click', () => void open(storage))
  item.append(button)
  return item
}

async function open(storage: string): Promise<void> {
  what.textContent = `Opening ${storage} …`
  try {
    show(await openLearningStore({ storage }), `${storage}, live: what other tabs do is seen here.`)
  } catch (error) {
    what.textContent = error instanceof StoreError ? `${error.code}: ${error.message}` : String(error)
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

function openBlank(): Promise<AsyncStore> {
  return openLearningStore({ storage: 'memory:', worker: 'dedicated' })
}

function element<K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K]
function element<E extends Element>(selector: string): E
function element(selector: string): Element {
  const found = document.querySelector(selector)
  if (!found) throw new Error(`Expected ${selector} in the page`)
  return found
}
