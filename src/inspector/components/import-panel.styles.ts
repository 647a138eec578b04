import { type CSSResult, css } from 'lit'

/** Styles of the import panel. */
export const importStyles: CSSResult = css`
  .drop {
    align-items: center;
    background: var(--bg);
    border: 1.5px dashed color-mix(in srgb, var(--dim) 70%, transparent);
    border-radius: 8px;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    justify-content: center;
    padding: 20px 12px;
    text-align: center;
  }
  .drop.over {
    background: var(--accent-soft);
    border-color: var(--accent);
  }
  progress {
    accent-color: var(--accent);
    width: 100%;
  }
`
