// How an embed lies in its page: diagram and charts, below them sliders and the bar, over all of it what stands in for them.
import { css } from "lit";

/** A narrower embed puts the charts below the diagram, and the bar is short. */
export const NARROW = 560;

export const looks = css`
  :host {
    display: block;
    box-sizing: border-box;
    height: var(--ps-height, 420px);
    min-width: 0;
    contain: layout;
    text-align: start;
  }
  .frame {
    --ps-time: 52px;
    --ps-keep: none;
    --ps-value-width: 34px;
    --ps-units-width: auto;
    --ps-chart-least: 128px;
    position: relative;
    display: flex;
    flex-direction: column;
    height: 100%;
    overflow: hidden;
    border: 1px solid var(--ps-line);
    border-radius: var(--ps-r-panel);
    background: var(--ps-page);
    color: var(--ps-text);
    isolation: isolate;
  }
  .light {
    color-scheme: light;
  }
  .dark {
    color-scheme: dark;
  }
  :host(:fullscreen) .frame {
    border: 0;
    border-radius: 0;
  }
  .views {
    position: relative;
    flex: 1;
    display: grid;
    grid-auto-columns: minmax(0, 1fr);
    grid-auto-flow: column;
    min-height: 0;
  }
  .views > * {
    min-width: 0;
    min-height: 0;
  }
  .views > * + [part] {
    border-left: 1px solid var(--ps-line);
  }
  .narrow .views {
    grid-auto-flow: row;
    grid-auto-rows: minmax(0, 1fr);
  }
  .narrow .views > * + [part] {
    border-left: 0;
    border-top: 1px solid var(--ps-line);
  }
  .sliders {
    flex: none;
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(200px, 1fr));
    column-gap: 28px;
    max-height: max(94px, 24%); /* a second row shows that there is one */
    overflow-y: auto;
    padding: 4px 18px 2px;
    border-top: 1px solid var(--ps-line);
    background: var(--ps-panel);
  }
  .narrow .sliders {
    max-height: max(136px, 24%);
  }
  .bar {
    flex: none;
    display: flex;
    align-items: center;
    border-top: 1px solid var(--ps-line);
    padding-right: 8px;
  }
  .bar:empty {
    display: none;
  }
  ps-time-bar {
    flex: 1;
    min-width: 0;
    border-top: 0;
    padding: 0 4px 0 10px;
  }
  .notime ps-time-bar {
    display: none;
  }
  .tools {
    display: flex;
    align-items: center;
    margin-left: auto;
  }
  .tools .square {
    border-color: transparent;
    background: none;
  }
  .engine {
    padding: 0 8px;
    font: var(--ps-label);
    color: var(--ps-text-2);
    white-space: nowrap;
    min-width: 84px;
    text-align: right;
  }
  .narrow :is(.engine, .reset, .fullscreen) {
    display: none; /* the groove of time needs the room, and each slider has its own way back */
  }
  .cover {
    position: absolute;
    inset: 0;
    z-index: 3;
    display: grid;
    place-items: center;
    overflow: hidden;
    background: var(--ps-page);
  }
  .cover ::slotted(*) {
    grid-area: 1 / 1;
    display: block;
    max-width: 100% !important;
    max-height: 100% !important;
    margin: 0 !important;
  }
  .cover > img {
    grid-area: 1 / 1;
    max-width: 100%;
    max-height: 100%;
  }
  .said {
    grid-area: 1 / 1;
    z-index: 1;
    display: grid;
    justify-items: center;
    gap: 8px;
    max-width: min(46ch, calc(100% - 32px));
    max-height: calc(100% - 16px);
    overflow: auto;
    padding: 16px 20px;
    border-radius: var(--ps-r-panel);
    background: var(--ps-page);
    text-align: center;
    overflow-wrap: anywhere;
  }
  .said b {
    font: var(--ps-title);
  }
  .wrong .said b {
    color: var(--ps-error);
  }
  .wait {
    align-self: end;
    padding: 6px 12px;
    margin-bottom: 12px;
    opacity: 0;
    animation: appear 0s 500ms forwards;
  }
  @keyframes appear {
    to {
      opacity: 1;
    }
  }
  .start {
    grid-area: 1 / 1;
    z-index: 1;
    min-height: 44px;
    padding: 0 20px 0 16px;
    border-radius: 22px;
    box-shadow: var(--ps-shadow);
  }
  iframe {
    position: absolute;
    inset: 0;
    z-index: 4;
    width: 100%;
    height: 100%;
    border: 0;
    background: var(--ps-page);
  }
  .note {
    position: absolute;
    inset: auto 0 0;
    z-index: 2;
    display: flex;
    align-items: start;
    gap: 12px;
    max-height: 60%;
    overflow-y: auto;
    padding: 8px 8px 8px 18px;
    border-top: 1px solid var(--ps-line);
    background: var(--ps-accent-soft);
  }
  .note.warn {
    background: var(--ps-warn-soft);
  }
  .note > div {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .note code {
    font: var(--ps-code);
    white-space: pre-wrap;
  }
  @media print {
    :host([poster]) {
      height: auto;
    }
    :host([poster]) .frame {
      display: block;
      height: auto;
      border: 0;
    }
    :host([poster]) .frame > :not(.cover) {
      display: none;
    }
    :host([poster]) .cover {
      position: static;
      display: block !important;
    }
    :host([poster]) :is(.said, .start, .wait) {
      display: none;
    }
  }
`;
