// How the diagram looks. A colour belongs to a variable, the same as in the charts.
import { css, unsafeCSS } from "lit";
import { COLOURS } from "../state/colours.js";

const series = Array.from({ length: COLOURS }, (_, n) => `.c${n + 1} { --own: var(--ps-s${n + 1}); }`).join("\n");

export const diagramStyles = [
  unsafeCSS(series),
  css`
    :host {
      position: relative;
      min-height: 0;
      min-width: 0;
      overflow: hidden;
      background: radial-gradient(circle, var(--ps-line-soft) 1px, transparent 1px) 0 0 / 20px 20px var(--ps-page);
    }
    .stage,
    .stage > svg {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }
    .stage {
      touch-action: none;
      cursor: grab;
      user-select: none;
      -webkit-user-select: none;
    }
    .stage:active {
      cursor: grabbing;
    }
    :host([inline]) {
      background: none;
    }
    :host([inline]) .stage {
      touch-action: pan-x pan-y;
    }
    :host([inline]) .zoom {
      display: none;
    }
    .none {
      padding: 24px;
      text-align: center;
      color: var(--ps-text-2);
    }
    .plain {
      --own: var(--ps-edge);
    }
    .frame rect {
      fill: none;
      stroke: var(--ps-line);
    }
    .frame text {
      font: 600 12px/16px var(--ps-font);
      fill: var(--ps-text-2);
    }
    .arrow .shaft {
      fill: none;
      stroke: var(--ps-line-strong);
    }
    .arrow .head {
      fill: var(--ps-line-strong);
    }
    .arrow.initial .shaft {
      stroke-dasharray: 4 3;
    }
    .arrow.lifted .shaft {
      stroke: var(--ps-accent);
      stroke-width: 1.5;
    }
    .arrow.lifted .head {
      fill: var(--ps-accent);
    }
    .pipe path {
      fill: none;
      stroke-linejoin: round;
    }
    .pipe .wall {
      stroke: var(--ps-edge);
      stroke-width: 8;
    }
    .pipe .bore {
      stroke: var(--ps-page);
      stroke-width: 6;
    }
    .pipe .fluid {
      stroke: var(--own);
      stroke-opacity: 0.34;
    }
    .pipe .drops {
      stroke: var(--own);
      stroke-dasharray: 5 9;
    }
    .pipe .ahead,
    .pipe .back {
      fill: var(--ps-edge);
    }
    .symbol {
      cursor: pointer;
    }
    .knob {
      outline: none;
    }
    .symbol.cloud,
    .symbol.comment {
      cursor: inherit;
    }
    .box {
      fill: var(--ps-page);
      stroke: var(--own);
      stroke-width: 1.5;
    }
    .module .box {
      fill: var(--ps-panel);
      stroke: var(--ps-edge);
    }
    .second {
      fill: var(--ps-page);
      stroke: var(--ps-line-strong);
      stroke-dasharray: 4 3;
    }
    .fill {
      fill: var(--own);
      fill-opacity: 0.25;
    }
    .fill.below {
      fill: url(#hatch);
      fill-opacity: 0.6;
      color: var(--own);
    }
    .surface {
      fill: var(--own);
    }
    .tick {
      fill: none;
      stroke: var(--ps-ghost);
      stroke-dasharray: 3 2;
      stroke-width: 1;
    }
    .valve,
    .disc,
    .cloudlet {
      fill: var(--ps-page);
      stroke: var(--own);
      stroke-width: 1.5;
    }
    .cloudlet {
      stroke: var(--ps-edge);
    }
    .stem,
    .needle {
      fill: none;
      stroke: var(--own);
      stroke-width: 1.5;
      stroke-linecap: round;
    }
    text {
      font: 12px/15px var(--ps-font);
      font-variant-numeric: tabular-nums;
      fill: var(--ps-text);
      stroke: var(--ps-page);
      stroke-width: 4px;
      stroke-linejoin: round;
      paint-order: stroke;
    }
    .stock .name,
    .module .name {
      font-weight: 600;
    }
    .comment .name,
    .alias .name,
    .value.outer {
      fill: var(--ps-text-2);
    }
    .value.inner {
      font: 600 13px/16px var(--ps-font);
      stroke-opacity: 0.7;
    }
    .off,
    .tiny .words,
    .tiny .value,
    .tiny .head,
    .tiny .drops,
    .tiny .bore,
    .tiny .needle {
      display: none;
    }
    .far .value.outer {
      display: none;
    }
    .ring {
      fill: none;
      stroke: none;
      pointer-events: all;
    }
    .symbol:hover .ring {
      stroke: var(--ps-line-strong);
    }
    .symbol.chosen .ring,
    .symbol.lifted .ring,
    .knob:focus-visible .ring {
      stroke: var(--ps-accent);
      stroke-width: 2;
    }
    .spark rect {
      fill: var(--ps-page);
      fill-opacity: 0.85;
    }
    .spark path {
      fill: none;
      stroke: var(--own);
      stroke-width: 1.25;
    }
    .spark circle {
      fill: var(--own);
    }
    .lifting .arrow:not(.lifted),
    .lifting .symbol:not(.lifted, .near) {
      opacity: 0.45;
    }
    .zoom {
      position: absolute;
      right: 12px;
      bottom: 12px;
      display: flex;
      align-items: center;
      border: 1px solid var(--ps-line);
      border-radius: var(--ps-r);
      background: var(--ps-page);
      font: var(--ps-label);
      color: var(--ps-text-2);
    }
    .zoom button {
      width: 32px;
      height: 32px;
      display: grid;
      place-items: center;
      border-radius: var(--ps-r);
      font: 500 15px/1 var(--ps-font);
    }
    .zoom button:hover {
      background: var(--ps-hover);
      color: var(--ps-text);
    }
    .zoom output {
      min-width: 40px;
      text-align: center;
    }
    @media (pointer: coarse) {
      .zoom button {
        width: 44px;
        height: 44px;
      }
    }
    @media (forced-colors: active) {
      .knob:focus-visible .ring {
        stroke: Highlight;
      }
    }
  `,
];
