// A dedicated worker: a store for one page.
import { serveBrowser } from '../src/runtime/browser/host.ts'

serveBrowser()
