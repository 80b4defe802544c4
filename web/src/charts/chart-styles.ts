// How a chart looks: its frame, and the layer above the curves.
import { css } from "lit";

export const chartStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    position: relative;
    background: var(--ps-page);
  }
  header {
    display: flex;
    align-items: center;
    gap: 8px;
    flex: none;
    height: 36px;
    padding: 8px 16px 0;
  }
  h2 {
    font: 600 14px/20px var(--ps-font);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .ghost {
    margin-left: auto;
    display: flex;
    align-items: center;
    gap: 6px;
    font: var(--ps-label);
    color: var(--ps-text-2);
    white-space: nowrap;
    min-width: 0;
    overflow: hidden;
  }
  .ghost::before {
    content: "";
    width: 20px;
    flex: none;
    border-top: 1px dashed var(--ps-ghost);
  }
  .keep {
    display: var(--ps-keep, inline-flex); /* none where nothing lists the runs that are kept */
    min-height: 24px;
    padding: 0 6px;
    margin: 0 -6px 0 -4px;
    font: 500 12px/16px var(--ps-font);
  }
  .plot {
    position: relative;
    flex: 1;
    min-height: 0;
    touch-action: pan-y;
    cursor: crosshair;
    border-radius: 4px;
  }
  .plot:focus-visible {
    outline-offset: -2px;
  }
  .canvas {
    position: absolute;
    inset: 0;
    overflow: hidden;
  }
  .over {
    position: absolute;
    pointer-events: none;
    user-select: none;
    -webkit-user-select: none;
  }
  .over > * {
    position: absolute;
    left: 0;
    top: 0;
  }
  .over svg {
    width: 100%;
    height: 100%;
    overflow: visible;
  }
  .none {
    display: none;
  }
  circle {
    stroke: var(--ps-page);
    stroke-width: 1.5;
  }
  path {
    fill: none;
    stroke-width: 1;
  }
  .cursor {
    width: 1px;
    height: 100%;
    background: var(--ps-text);
  }
  .broken {
    height: 100%;
    border-left: 1.5px dotted var(--ps-error);
    background: repeating-linear-gradient(135deg, var(--ps-line-soft) 0 1px, transparent 1px 7px);
  }
  .fork {
    height: 100%;
    border-left: 1.5px dashed var(--ps-accent);
  }
  .chip {
    height: 18px;
    padding: 0 6px;
    border: 1px solid;
    border-radius: 4px;
    background: var(--ps-page);
    font: 600 11px/16px var(--ps-font);
    white-space: nowrap;
  }
  .chip.left {
    left: auto;
    right: 100%;
  }
  .end-label {
    font: 600 12px/16px var(--ps-font);
    max-width: var(--label-room, 82px);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    pointer-events: auto;
    cursor: pointer;
  }
  .tick {
    translate: -50% 0;
    font: var(--ps-tick);
    color: var(--ps-text-2);
    white-space: nowrap;
  }
  .tick.covered {
    visibility: hidden;
  }
  .x-units {
    font: var(--ps-tick);
    color: var(--ps-text-2);
    white-space: nowrap;
  }
  .time-chip {
    height: 18px;
    padding: 0 8px;
    border-radius: 4px;
    background: var(--ps-chip);
    color: var(--ps-on-chip);
    font: 600 11px/18px var(--ps-font);
    white-space: nowrap;
    translate: -50% 0;
  }
`;
