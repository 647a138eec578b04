/**
 * 32 bits for an agent's action in a state, by which its experiences are found: an index of the texts themselves would make a
 * store a third larger and recording slower. Two that share a hash are told apart by their texts. FNV-1a over UTF-16 units;
 * it is kept in files, so it must never change.
 */
export function stateActionHash(agentId: string, state: string, action: string): number {
  let hash = 0x811c9dc5
  for (const text of [agentId, state, action]) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    // Between two texts, so that moving a character from one to the next makes a difference; no text holds this unit.
    hash = Math.imul(hash ^ 0xffff, 0x01000193)
  }
  return hash | 0
}
