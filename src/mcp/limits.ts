/** The largest inputs that a tool takes, and the largest results that it returns. */

/** Characters of a text to search for. */
export const MAX_TEXT_LENGTH = 1_000
/** Characters of a value as JSON: a state, an action, metadata, a value to remember. */
export const MAX_JSON_LENGTH = 65_536
/** Nested lists and objects of a value. */
export const MAX_JSON_DEPTH = 64
/** Numbers of a vector. */
export const MAX_VECTOR_LENGTH = 4_096
/** Entries of the table of a policy. */
export const MAX_POLICY_ENTRIES = 10_000
/** Items of a list in a result. */
export const MAX_LIMIT = 100
/** Characters of the items of a list in a result, as JSON. */
export const MAX_RESULT_LENGTH = 131_072
