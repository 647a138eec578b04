import { type ElementPart, noChange } from 'lit'
import { Directive, type DirectiveResult, directive } from 'lit/directive.js'

/** Properties of style by name. */
type Properties = { readonly [name: string]: string }

/** Sets what only numbers tell. A style attribute would be refused by a strict content security policy. */
class Styled extends Directive {
  override render(_: Properties): unknown {
    return noChange
  }

  override update({ element }: ElementPart, [properties]: [Properties]): unknown {
    const { style } = element as HTMLElement
    for (const [name, value] of Object.entries(properties)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value)
    }
    return noChange
  }
}

const make = directive(Styled)

export function styled(properties: Properties): DirectiveResult {
  return make(properties)
}
