// A SharedWorker: one store for all pages of an origin.
import { serveBrowser } from '../src/runtime/browser/host.ts'

serveBrowser()
