/**
 * The confidence that agentic-qe prints for an action with this learned value: (value + 2) / 4, clamped. The formula of agentic-qe,
 * whose rewards and one-step values lie in [-2, 2]. @returns in [0, 1].
 */
export function valueConfidence(value: number): number {
  return Math.min(1, Math.max(0, (value + 2) / 4))
}
