/** The ways in which a field of a state or an action can become features. */
export const FEATURE_KINDS = ['number', 'category', 'text', 'vector', 'ignore'] as const

/** How a field becomes features: as a number, as a category, as a text, as one vector, or not at all. @useDeclaredType */
export type FeatureKind = (typeof FEATURE_KINDS)[number]

/** The fields that do not become features by their type: path (`task.file`) to kind. A kind holds for everything below its path. */
export type FeatureKinds = ReadonlyMap<string, FeatureKind>
