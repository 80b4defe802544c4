// Where the parts of the page stand, by its width: three columns, two with a narrow rail, or one with a sheet.
import { css } from "lit";

export const frameStyles = css`
  :host {
    display: block;
    height: 100%;
    background: var(--ps-page);
    position: relative;
  }
  .frame {
    height: 100%;
    display: grid;
    min-height: 0;
    overflow: clip;
  }
  .frame > * {
    min-width: 0;
    min-height: 0;
  }
  .top {
    grid-area: top;
  }
  .rail {
    grid-area: rail;
    display: flex;
    flex-direction: column;
    background: var(--ps-panel);
  }
  main {
    grid-area: centre;
    display: grid;
    position: relative;
  }
  .charts {
    grid-area: charts;
    display: flex;
    flex-direction: column;
    position: relative;
  }
  .time {
    grid-area: time;
  }
  ps-charts,
  ps-table {
    flex: 1;
    min-height: 0;
  }
  .wide {
    grid-template:
      "top top top" var(--ps-top)
      "rail centre charts" minmax(0, 1fr)
      "time time time" var(--ps-time) / var(--ps-rail) minmax(0, 1fr) minmax(340px, calc(var(--share) * (100% - var(--ps-rail))));
  }
  .medium {
    --ps-rail: 64px;
    grid-template:
      "top top" var(--ps-top)
      "rail centre" minmax(0, 1fr)
      "rail charts" minmax(0, 46%)
      "time time" var(--ps-time) / var(--ps-rail) minmax(0, 1fr);
  }
  .medium.unfolded {
    --ps-rail: 312px;
  }
  .wide.alone,
  .medium.alone {
    grid-template-areas: "top top top" "rail centre centre" "time time time";
  }
  .medium.alone {
    grid-template: "top top" var(--ps-top) "rail centre" minmax(0, 1fr) "time time" var(--ps-time) / var(--ps-rail) minmax(0, 1fr);
  }
  .alone > .charts {
    display: none;
  }
  .wide > .rail,
  .medium > .rail {
    border-right: 1px solid var(--ps-line);
  }
  .wide > .charts {
    border-left: 1px solid var(--ps-line);
  }
  .medium > .charts {
    border-top: 1px solid var(--ps-line);
  }
  /* the sheet's three heights; at the highest the diagram makes room and the chart stays */
  .phone {
    --sheet: 30%;
    --chart: min(200px, 30%);
    grid-template:
      "top" var(--ps-top)
      "centre" minmax(0, 8fr)
      "charts" minmax(var(--chart), 5fr)
      "rail" var(--sheet)
      "time" var(--ps-time) / minmax(0, 1fr);
  }
  .phone[data-sheet="low"] {
    --sheet: 64px;
  }
  .phone[data-sheet="full"] {
    --sheet: calc(100% - var(--ps-top) - var(--ps-time) - var(--chart));
  }
  .phone[data-sheet="full"]:not(.inspecting) > main {
    visibility: hidden;
  }
  @media (max-height: 480px) {
    .phone {
      --chart: 120px;
      grid-template:
        "top top" var(--ps-top)
        "centre charts" minmax(0, 1fr)
        "rail rail" var(--sheet)
        "time time" var(--ps-time) / minmax(0, 1fr) minmax(0, 1fr);
    }
    .phone[data-sheet="full"]:not(.inspecting) > main {
      visibility: visible;
    }
  }
  .wide.inspecting {
    --ps-rail: 360px;
  }
  .medium.inspecting {
    --ps-rail: 320px;
  }
  .phone.inspecting > .rail {
    grid-row: 3 / 5;
    grid-column: 1;
    z-index: 2;
    box-shadow: var(--ps-shadow);
    border-radius: var(--ps-r-panel) var(--ps-r-panel) 0 0;
  }
  .rail > ps-inspector {
    flex: 1;
  }
  .phone.alone {
    grid-template: "top" var(--ps-top) "centre" minmax(0, 1fr) "time" var(--ps-time) / minmax(0, 1fr);
  }
  .phone.alone > .rail {
    display: none;
  }
  .phone > .charts {
    border-top: 1px solid var(--ps-line);
  }
  .phone > .rail {
    position: relative;
    z-index: 1;
    border-radius: 14px 14px 0 0;
    box-shadow: 0 -1px 0 var(--ps-line), 0 -4px 16px rgb(20 28 38 / 0.08);
  }
  /* what shows below a sheet that is pulled up, until it is let go */
  .phone > .rail::after {
    content: "";
    position: absolute;
    top: 100%;
    width: 100%;
    height: 100vh;
    background: inherit;
  }
  .phone > .time {
    position: relative;
    z-index: 2;
    background: var(--ps-page);
  }
  .frame.gallery {
    grid-template: "top" var(--ps-top) "centre" minmax(0, 1fr) / minmax(0, 1fr);
  }
  .gallery > :is(.rail, .charts, .time) {
    display: none !important;
  }
  /* what changes inside one of them lays out and paints nothing else */
  :is(ps-rail, ps-diagram, ps-charts, ps-chart-tools, ps-table, ps-time-bar) {
    contain: layout style;
  }
  .splitter {
    position: absolute;
    z-index: 1;
    left: -5px;
    top: 0;
    bottom: 0;
    width: 9px;
    cursor: col-resize;
    touch-action: none;
  }
  .splitter:hover::after,
  .splitter:focus-visible::after {
    content: "";
    position: absolute;
    left: 3px;
    top: 0;
    bottom: 0;
    width: 3px;
    background: var(--ps-accent);
  }
  .splitter:focus-visible {
    outline-offset: -2px;
  }
  .drop {
    position: absolute;
    inset: 8px;
    z-index: 3;
    display: grid;
    place-items: center;
    border: 2px dashed var(--ps-accent);
    border-radius: var(--ps-r-panel);
    background: color-mix(in srgb, var(--ps-page) 88%, transparent);
    font: var(--ps-title);
    pointer-events: none;
  }
`;
