import { type ElementPart, noChange } from 'lit'
import { Directive, type DirectiveResult, directive } from 'lit/directive.js'

/** Values of CSS properties by name. */
type Properties = { readonly [name: string]: string }

/** Sets CSS properties through the object model: a strict content security policy forbids style attributes. */
class StyleProperties extends Directive {
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

const make = directive(StyleProperties)

/** Sets CSS properties of the element. */
export function styleProperties(properties: Properties): DirectiveResult {
  return make(properties)
}
