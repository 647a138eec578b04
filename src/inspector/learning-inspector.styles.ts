import { type CSSResult, css } from 'lit'

/** Styles of the frame around the views. */
export const inspectorStyles: CSSResult = css`
  :host {
    background: var(--bg);
    container-type: inline-size;
    padding: 12px;
  }
  header {
    align-items: center;
    border-bottom: 1px solid var(--line);
    display: flex;
    flex-wrap: wrap-reverse;
    gap: 0 12px;
    margin-bottom: 12px;
  }
  [role='tablist'] {
    display: flex;
    flex: 1 1 auto;
    position: relative;
    margin-bottom: -1px;
    min-width: 0;
    overflow-x: auto;
    scrollbar-width: none;
  }
  [role='tab'] {
    background: none;
    border: 0;
    border-bottom: 2px solid transparent;
    border-radius: 0;
    color: var(--dim);
    flex: none;
    padding: 7px 10px;
  }
  [role='tab']:focus-visible {
    outline-offset: -2px;
  }
  [role='tab'][aria-selected='true'] {
    border-bottom-color: var(--accent);
    color: var(--text);
    font-weight: 600;
  }
  .storage {
    align-items: center;
    color: var(--dim);
    display: flex;
    flex: 0 1 auto;
    font-size: 12px;
    gap: 8px;
    max-width: 100%;
    min-width: 0;
    padding: 4px 0;
  }
  .dot {
    background: var(--good);
    border-radius: 50%;
    flex: none;
    height: 8px;
    width: 8px;
  }
  .dot.saving {
    background: var(--warm);
  }
  .dot.failing,
  .dot.lost {
    background: var(--bad);
  }
  .problem {
    margin-bottom: 12px;
  }
  @container (width < 520px) {
    [role='tab'] {
      padding-inline: 8px;
    }
  }
`
