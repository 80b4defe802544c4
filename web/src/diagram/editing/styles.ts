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
  .bar .gap {
    width: 1px;
    margin: 4px 3px;
    background: var(--ps-line);
  }
  .actions {
    top: auto;
    bottom: 12px;
    align-items: center;
  }
  .count {
    padding: 0 8px;
    font: var(--ps-label);
    color: var(--ps-text-2);
  }
  .rubber {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    overflow: hidden;
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
  .rubber line.guide {
    stroke-width: 1;
    stroke-dasharray: 2 3;
  }
  .marquee {
    fill: var(--ps-accent);
    fill-opacity: 0.08;
    stroke: var(--ps-accent);
    stroke-dasharray: 4 3;
  }
  .picked {
    fill: none;
    stroke: var(--ps-accent);
    stroke-width: 2;
  }
  .sign {
    font: 600 15px/1 var(--ps-font);
    fill: var(--ps-text);
    stroke: var(--ps-page);
    stroke-width: 4px;
    paint-order: stroke;
  }
  .handle {
    cursor: grab;
    touch-action: none;
  }
  .handle .reach {
    fill: transparent;
    pointer-events: all;
  }
  .handle .grip {
    fill: var(--ps-page);
    stroke: var(--ps-accent);
    stroke-width: 2;
  }
  .handle:hover .grip {
    fill: var(--ps-accent);
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
    bottom: 52px;
    max-width: calc(100% - 24px);
    padding: 2px 6px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--ps-page) 85%, transparent);
    font: var(--ps-label);
    color: var(--ps-text-2);
  }
  :host > .said:empty {
    display: none;
  }
  @media (pointer: coarse) {
    .bar {
      gap: 0;
    }
    .bar button,
    .bar .button.square {
      width: 44px;
      height: 44px;
      padding: 0;
    }
    :host > .said {
      bottom: 64px;
    }
    .actions {
      bottom: 68px;
    }
  }
`;
