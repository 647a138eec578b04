import { html, nothing, type TemplateResult } from 'lit'

/** Whom a view is about. @param isAny whether it may be all of them. */
export function agentChoice(
  ids: readonly string[] | undefined,
  chosen: string | undefined,
  choose: (agentId: string | undefined) => void,
  isAny = true,
): TemplateResult {
  const known = ids ?? []
  const change = ({ currentTarget }: Event): void => {
    const { value } = currentTarget as HTMLSelectElement
    choose(value === '' ? undefined : value)
  }
  return html`<label
    >Agent
    <select name="agentId" @change=${change} .value=${chosen ?? ''}>
      ${isAny ? html`<option value="" ?selected=${chosen === undefined}>all agents</option>` : nothing}
      ${known.map((id) => html`<option value=${id} ?selected=${id === chosen}>${id}</option>`)}
    </select>
  </label>`
}
