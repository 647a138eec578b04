import type { JsonValue } from '../../json-value.ts'

/** The features of a test pattern, as three bags. */
export interface PatternFeatures {
  /** Names and kinds in the signature and the template; trigrams of code tokens, with identifiers and literals abstracted. */
  readonly structure: readonly string[]
  /** The words of identifiers and texts. */
  readonly identifiers: readonly string[]
  /** Type, framework, language, tags, and the words of name and description. */
  readonly metadata: readonly string[]
}

/** The parts of a test pattern that are compared. */
export interface ComparedPattern {
  readonly patternType: string
  readonly framework: string
  readonly language: string
  readonly codeSignature: JsonValue
  readonly testTemplate: JsonValue
  readonly metadata: {
    readonly name?: string
    readonly description?: string
    readonly tags?: readonly string[]
  }
}

const KEYWORDS = new Set(
  `abstract any as async await bigint boolean break case catch class const constructor continue debugger default delete do
   else enum export extends false finally for from function get if implements import in instanceof interface let never new
   null number object of private protected public readonly return set static string super switch symbol this throw true try
   type typeof undefined unknown var void while with yield`.split(/\s+/),
)

/** A string, a number, a word, an arrow, or another character except white space. */
const TOKENS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\d[\w.]*|[\p{L}_$][\p{L}\p{N}_$]*|=>|[^\s]/gu
const WORDS = /[\p{L}\p{N}]+/gu
/** The word boundaries inside camelCase and acronyms (`parseJSONText`). */
const SEAMS = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/** Extracts the features of a test pattern. */
export function patternFeatures(pattern: ComparedPattern): PatternFeatures {
  const { patternType, framework, language, metadata } = pattern
  const code = { structure: [] as string[], identifiers: [] as string[] }
  collect(pattern.codeSignature, 'signature', code)
  collect(pattern.testTemplate, 'template', code)
  const tags = (metadata.tags ?? []).map((tag) => `tag ${tag.toLowerCase()}`)
  const words = wordsOf(`${metadata.name ?? ''} ${metadata.description ?? ''}`).map((word) => `word ${word}`)
  return {
    ...code,
    metadata: [`type ${patternType}`, `framework ${framework}`, `language ${language}`, ...tags, ...words],
  }
}

function collect(value: JsonValue, path: string, into: { structure: string[]; identifiers: string[] }): void {
  if (Array.isArray(value)) {
    into.structure.push(`${path} list`)
    for (const item of value as readonly JsonValue[]) collect(item, `${path}[]`, into)
  } else if (typeof value === 'object' && value !== null) {
    into.structure.push(`${path} object`)
    for (const [name, item] of Object.entries(value)) collect(item ?? null, `${path}.${name}`, into)
  } else if (typeof value === 'string') {
    into.structure.push(`${path} text`)
    collectCode(value, into)
  } else into.structure.push(`${path} ${String(value)}`)
}

function collectCode(code: string, into: { structure: string[]; identifiers: string[] }): void {
  const [...tokens] = code.match(TOKENS) ?? []
  const shapes = tokens.map(shapeOf)
  for (let i = 0; i < shapes.length; i++) into.structure.push(`code ${shapes.slice(i, i + 3).join(' ')}`)
  for (const word of code.match(/[\p{L}\p{N}_$]+/gu) ?? []) {
    if (!KEYWORDS.has(word)) into.identifiers.push(...wordsOf(word))
  }
}

function shapeOf(token: string): string {
  if (KEYWORDS.has(token)) return token
  if (/^["'`]/.test(token) && token.length > 1) return 'text'
  if (/^\d/.test(token)) return 'number'
  return /^[\p{L}_$]/u.test(token) ? 'name' : token
}

/** The words of a text in lower case, with compound identifiers split. */
function wordsOf(text: string): string[] {
  return (text.match(WORDS) ?? []).flatMap((word) => word.split(SEAMS)).map((word) => word.toLowerCase())
}
