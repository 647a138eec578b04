import { html, noChange, type TemplateResult } from 'lit'
import { AsyncDirective } from 'lit/async-directive.js'
import { type DirectiveResult, directive } from 'lit/directive.js'

/** An address of bytes for as long as a link to them is in the page. */
class Address extends AsyncDirective {
  #bytes: Uint8Array | undefined
  #url: string | undefined

  override render(bytes: Uint8Array): unknown {
    if (bytes === this.#bytes) return noChange
    this.#forget()
    this.#bytes = bytes
    this.#url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]))
    return this.#url
  }

  override disconnected(): void {
    this.#forget()
  }

  override reconnected(): void {
    if (this.#bytes) this.setValue(this.render(this.#bytes))
  }

  #forget(): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url)
    this.#url = undefined
    this.#bytes = undefined
  }
}

const make = directive(Address) as (bytes: Uint8Array) => DirectiveResult

/** A file to be saved. */
export function offered(name: string, bytes: Uint8Array): TemplateResult {
  return html`<a href=${make(bytes)} download=${name.replaceAll('/', '-')}><bdi>${name}</bdi></a>`
}
