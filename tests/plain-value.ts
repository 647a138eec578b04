import fc from 'fast-check'
import type { JsonValue } from '../src/json-value.ts'

/** Every kind of plain value, with the characters and the names that keys could stumble over. */
export const plainValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    text(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text(), tie('value'), { maxKeys: 4 }).map((object) => ({ ...object })),
  ),
})).value

function text(): fc.Arbitrary<string> {
  const awkward = fc.constantFrom('\\', '|', ':', ',', '"', '(', ')', '.', ' ', '0', '1e5', 'null', '\0', '0x1', '-')
  return fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.array(awkward, { maxLength: 4 }).map((parts) => parts.join('')),
    fc.constantFrom('true', 'Infinity', '__proto__', 'constructor', 'NaN'),
  )
}
