import { randomUUID } from 'node:crypto'
import colors from 'picocolors'
import { visible, visibleLine } from './visible.ts'

type StyleName = 'bold' | 'dim' | 'red' | 'green' | 'yellow'

/** Functions that style a heading or a word. Line ends in it are escaped. */
export type Style = { readonly [name in StyleName]: (text: string) => string }

/**
 * Styles of texts that are escaped later, when they are written. A style is noted by a random mark, which stored text cannot
 * contain: an escape sequence in stored text never reaches the terminal.
 */
export class Styles {
  readonly #mark = `\0${randomUUID()}\0`
  readonly #codes = new Map<string, string>()

  constructor() {
    const { bold, dim, red, green, yellow } = colors.createColors(true)
    for (const [name, format] of Object.entries({ bold, dim, red, green, yellow })) {
      const [open = '', close = ''] = format('|').split('|')
      this.#codes.set(`${name}+`, open).set(`${name}-`, close)
    }
  }

  style(isColored: boolean): Style {
    const of = (name: StyleName) => (text: string) =>
      isColored ? `${this.#mark}${name}+${visibleLine(text)}${this.#mark}${name}-` : visibleLine(text)
    return { bold: of('bold'), dim: of('dim'), red: of('red'), green: of('green'), yellow: of('yellow') }
  }

  /** The text as a terminal shows it: escaped, with the codes of its styles. */
  visible(text: string): string {
    const [first = '', ...styled] = text.split(this.#mark)
    return visible(first) + styled.map((part) => this.#styled(part)).join('')
  }

  #styled(part: string): string {
    const [, key = '', text = ''] = /^([a-z]+[+-])?(.*)$/s.exec(part) ?? []
    return (this.#codes.get(key) ?? '') + visible(text)
  }
}
