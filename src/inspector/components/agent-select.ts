import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Queries } from '../../client/async-store.ts'

/** The ids of all agents in ascending order. */
export async function agentIds({ agents }: Pick<Queries, 'agents'>): Promise<readonly string[]> {
  return (await agents.list()).map(({ id }) => id)
}

/**
 * The agent that a view of one agent shows: the selected one, else the one it showed before, else the first. A new agent that
 * sorts before the others does not replace the one that the user looks at.
 */
export async function shownAgentId(
  queries: Pick<Queries, 'agents'>,
  selected: string | undefined,
  previous: string | undefined,
): Promise<string | undefined> {
  if (selected !== undefined) return selected
  const ids = await agentIds(queries)
  return previous !== undefined && ids.includes(previous) ? previous : ids[0]
}

/**
 * A field that selects an agent.
 * @param ids undefined while they are being loaded.
 * @param allowAll whether `undefined`, all agents, can be selected.
 */
export function agentSelect(
  ids: readonly string[] | undefined,
  selected: string | undefined,
  select: (agentId: string | undefined) => void,
  allowAll = true,
): TemplateResult {
  const change = ({ currentTarget }: Event): void => {
    const { value } = currentTarget as HTMLSelectElement
    select(value === '' ? undefined : value)
  }
  const known = ids ?? []
  // The selected agent remains an option while the ids are loading and after it was deleted.
  const options = selected === undefined || known.includes(selected) ? known : [...known, selected]
  // Each option keeps its element: a list that grows must not change which agent the element selects.
  return html`<label
    >Agent
    <select name="agentId" @change=${change}>
      ${allowAll ? html`<option value="" .selected=${selected === undefined}>all agents</option>` : nothing}
      ${repeat(
        options,
        (id) => id,
        (id) => html`<option value=${id} .selected=${id === selected}>${id}</option>`,
      )}
    </select>
  </label>`
}
