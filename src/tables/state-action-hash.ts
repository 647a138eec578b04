/**
 * A 32-bit hash of agent, state and action for indexing experiences: an index on the texts would make a store a third larger and
 * recording slower. Queries also compare the texts, so that collisions do not matter. FNV-1a over UTF-16 units. The hash is stored in
 * files: it must never change.
 */
export function stateActionHash(agentId: string, state: string, action: string): number {
  let hash = 0x811c9dc5
  for (const text of [agentId, state, action]) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    // A separator (U+FFFF is not a character), so that moving a character between the texts changes the hash.
    hash = Math.imul(hash ^ 0xffff, 0x01000193)
  }
  return hash | 0
}
