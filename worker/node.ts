// A worker thread of Node.
import { serveNode } from '../src/runtime/node/host.ts'

serveNode()
