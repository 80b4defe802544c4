// Rules of the panels that open over the page: each is a modal <dialog>.
import { css } from "lit";

export const panelStyles = css`
  dialog {
    max-height: calc(100dvh - 72px);
    padding: 0;
    overflow: auto;
    border: 1px solid var(--ps-line);
    border-radius: var(--ps-r-panel);
    background: var(--ps-raised);
    color: var(--ps-text);
    box-shadow: var(--ps-shadow);
  }
  dialog::backdrop {
    background: light-dark(rgb(20 28 38 / 0.12), rgb(0 0 0 / 0.4));
  }
  .inside {
    padding: 8px 16px 16px;
  }
  .inside > header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-height: 44px;
  }
  h2 {
    font: var(--ps-title);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  section + section {
    margin-top: 16px;
    padding-top: 12px;
    border-top: 1px solid var(--ps-line);
  }
  section > h3 {
    font: 600 12px/16px var(--ps-font);
    color: var(--ps-text-2);
    margin-bottom: 8px;
  }
`;
