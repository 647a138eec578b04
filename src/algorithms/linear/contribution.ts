/** What a feature adds to the score of an action. */
export interface Contribution {
  /** `pages`, `tool=search`, `query~"book flight"`. */
  readonly feature: string
  readonly value: number
  readonly weight: number
  /** Value times weight. */
  readonly contribution: number
}

/** The contributions that are not 0, the largest first. @param limit maximum number */
export function largest(contributions: readonly Contribution[], limit: number): Contribution[] {
  return contributions
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, limit)
}
