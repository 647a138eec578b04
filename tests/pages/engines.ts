import type { Launch } from './browser.ts'
import { Chromium } from './chromium.ts'
import { Firefox } from './firefox.ts'
import { WebKit } from './webkit.ts'

export type Engine = 'Chromium' | 'Firefox' | 'WebKitGTK'

export const ENGINES: { readonly [engine in Engine]: Launch } = {
  Chromium: Chromium.launch,
  Firefox: Firefox.launch,
  WebKitGTK: WebKit.launch,
}
