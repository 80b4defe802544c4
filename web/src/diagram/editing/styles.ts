// How the editing tools of the diagram look.
import { css } from "lit";

export const toolStyles = css`
  :host {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  :host > * {
    pointer-events: auto;
  }
  .bar {
    position: absolute;
    left: 12px;
    top: 12px;
    display: flex;
    padding: 2px;
    gap: 2px;
    border: 1px solid var(--ps-line);
    border-radius: var(--ps-r);
    background: var(--ps-page);
  }
  .bar button {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 4px;
    color: var(--ps-text-2);
  }
  .bar button:hover {
    background: var(--ps-hover);
    color: var(--ps-text);
  }
  .bar button[aria-pressed="true"] {
    background: var(--ps-accent-soft);
    color: var(--ps-accent);
  }
  .rubber {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }
  .rubber line {
    stroke: var(--ps-accent);
    stroke-width: 1.5;
    stroke-dasharray: 4 3;
  }
  .rubber line.flow {
    stroke-width: 6;
    stroke-opacity: 0.5;
    stroke-dasharray: none;
  }
  .rubber rect {
    fill: var(--ps-accent);
    fill-opacity: 0.08;
    stroke: var(--ps-accent);
    stroke-dasharray: 4 3;
  }
  .doom {
    position: absolute;
    left: 50%;
    top: 64px;
    translate: -50%;
    width: min(360px, calc(100% - 24px));
    max-height: calc(100% - 128px);
    overflow-y: auto;
    padding: 16px;
    border: 1px solid var(--ps-line);
    border-radius: var(--ps-r-panel);
    background: var(--ps-raised);
    box-shadow: var(--ps-shadow);
  }
  .doom h2 {
    font: var(--ps-title);
    overflow-wrap: anywhere;
  }
  .doom li {
    padding: 4px 0;
    overflow-wrap: anywhere;
  }
  .doom p {
    padding: 4px 0;
    color: var(--ps-text-2);
  }
  .choice {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
    padding-top: 12px;
  }
  :host > .said {
    pointer-events: none;
    position: absolute;
    left: 12px;
    bottom: 12px;
    max-width: calc(100% - 190px);
    font: var(--ps-label);
    color: var(--ps-text-2);
  }
  @media (pointer: coarse) {
    .bar button {
      width: 44px;
      height: 44px;
    }
  }
`;
