import { dataFieldOf, EXPERIENCE_FIELD_LIST, type ExperienceData } from '../../experience-fields.ts'

/** The names of Minari's EpisodeData for fields of an experience. */
export const MINARI: { readonly [field: string]: string } = {
  state: 'observations',
  nextState: 'observations after it',
  action: 'actions',
  reward: 'rewards',
  terminated: 'terminations',
  truncated: 'truncations',
}

/** The fields that `infos` has once per line. */
export const SHARED_FIELDS: readonly (keyof ExperienceData)[] = EXPERIENCE_FIELD_LIST.flatMap(([field, { episode }]) =>
  episode ? [dataFieldOf(field)] : [],
)

/** The fields that `infos` has once per step, because Minari has no name for them. */
export const STEP_FIELDS: readonly (keyof ExperienceData)[] = EXPERIENCE_FIELD_LIST.flatMap(([field, { episode }]) =>
  episode || Object.hasOwn(MINARI, field) ? [] : [dataFieldOf(field)],
)
