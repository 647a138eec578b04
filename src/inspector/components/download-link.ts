import { html, noChange, type TemplateResult } from 'lit'
import { AsyncDirective } from 'lit/async-directive.js'
import { type DirectiveResult, directive } from 'lit/directive.js'

/** A URL of bytes that is valid as long as the link is in the page. */
class ObjectUrl extends AsyncDirective {
  #bytes: Uint8Array | undefined
  #url: string | undefined

  override render(bytes: Uint8Array): unknown {
    if (bytes === this.#bytes) return noChange
    this.#revoke()
    this.#bytes = bytes
    this.#url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]))
    return this.#url
  }

  override disconnected(): void {
    this.#revoke()
  }

  override reconnected(): void {
    if (this.#bytes) this.setValue(this.render(this.#bytes))
  }

  #revoke(): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url)
    this.#url = undefined
    this.#bytes = undefined
  }
}

const objectUrl = directive(ObjectUrl) as (bytes: Uint8Array) => DirectiveResult

/** A link that saves a file. */
export function downloadLink(name: string, bytes: Uint8Array): TemplateResult {
  return html`<a href=${objectUrl(bytes)} download=${name.replaceAll('/', '-')}><bdi>${name}</bdi></a>`
}
