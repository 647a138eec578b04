/** The ways in which a field of a state or an action can become features. */
export const FEATURE_KINDS = ['number', 'category', 'text', 'vector', 'ignore'] as const

/** How a field becomes features: as a number, as a category, as a text, as one vector, or not at all. @useDeclaredType */
export type FeatureKind = (typeof FEATURE_KINDS)[number]

/**
 * The fields of states and actions that do not become features by their type: path to kind. A path is `urgent`, `task.file`, `tags[0]`, or
 * `(action).price`, and `(state)` or `(action)` for one that is not an object. A kind holds for everything below its path.
 */
export type Features = { readonly [path: string]: FeatureKind }

/** As `Features`; undefined if all fields become features by their type. */
export type FeatureKinds = ReadonlyMap<string, FeatureKind> | undefined

export function featureKindsOf(features: Features): FeatureKinds {
  const kinds = new Map(Object.entries(features))
  return kinds.size === 0 ? undefined : kinds
}
