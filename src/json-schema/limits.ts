/** The limits that HTTP routes and MCP tools have in common. */

/** Characters of a name: the id of an agent, a key, a task type. */
export const MAX_NAME_LENGTH = 256
/** Actions of a state. */
export const MAX_ACTIONS = 1_000
