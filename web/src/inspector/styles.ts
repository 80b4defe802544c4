// How the inspector looks.
import { css, unsafeCSS } from "lit";
import { COLOURS } from "../state/colours.js";

const series = Array.from({ length: COLOURS }, (_, n) => `.c${n + 1} { --own: var(--ps-s${n + 1}); }`).join("\n");

export const inspectorStyles = [
  css`
    :host {
      --own: var(--ps-edge);
      display: flex;
      flex-direction: column;
      min-height: 0;
      flex: 1;
    }
  `,
  unsafeCSS(series),
  css`
    header {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto auto;
      align-items: center;
      gap: 8px;
      min-height: 56px;
      flex: none;
      padding: 6px 8px 6px 16px;
      border-bottom: 1px solid var(--ps-line);
    }
    header > .kind-icon {
      color: var(--own);
    }
    .titled {
      display: flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
    }
    h2 {
      font: var(--ps-title);
      line-height: 20px;
      overflow-wrap: anywhere;
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
      overflow: hidden;
    }
    h2:focus-visible {
      outline-offset: 1px;
    }
    .chip {
      flex: none;
      padding: 1px 6px;
      border-radius: 4px;
      background: var(--ps-line-soft);
      font: var(--ps-label);
      color: var(--ps-text-2);
    }
    .head-value {
      text-align: right;
      white-space: nowrap;
      font: var(--ps-label);
      color: var(--ps-text-2);
    }
    .head-value strong {
      font: 600 16px/20px var(--ps-font);
      color: var(--ps-text);
      margin-right: 4px;
    }
    .scroll {
      flex: 1;
      min-height: 0;
      overflow: hidden auto;
      padding: 4px 0 16px;
    }
    section {
      padding: 10px 16px 0;
    }
    h3 {
      display: flex;
      align-items: baseline;
      justify-content: space-between;
      gap: 8px;
      min-height: 22px;
      font: 600 12px/16px var(--ps-font);
      color: var(--ps-text-2);
    }
    h3 > span:last-child:not(:only-child) {
      font-weight: 400;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    pre,
    .box {
      margin: 0;
      padding: 7px 10px;
      border: 1px solid var(--ps-line);
      border-radius: var(--ps-r);
      background: var(--ps-field);
    }
    pre {
      font: var(--ps-code);
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      max-height: 180px;
      overflow-y: auto;
    }
    .pair {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 12px;
    }
    .pair.three {
      grid-template-columns: 1fr 1fr 1fr;
    }
    .link {
      padding: 4px 0 0;
      font: var(--ps-label);
      text-align: left;
    }
    .box {
      min-height: 36px;
      overflow-wrap: anywhere;
    }
    .box.none {
      color: var(--ps-text-2);
    }
    .rows {
      margin: 0 -8px;
    }
    .row {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 124px 76px;
      align-items: center;
      gap: 8px;
      width: 100%;
      min-height: 30px;
      padding: 0 8px;
      border-radius: var(--ps-r);
    }
    li + li .row {
      border-top: 1px solid var(--ps-line-soft);
      border-radius: 0;
    }
    .row:hover {
      background: var(--ps-hover);
    }
    .row:focus-visible {
      outline-offset: -2px;
    }
    .row .name {
      display: flex;
      align-items: baseline;
      gap: 4px;
      min-width: 0;
    }
    .row .name > span:first-child {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .sign {
      flex: none;
      font: var(--ps-label);
      color: var(--ps-text-2);
    }
    .row .value {
      text-align: right;
      font-weight: 600;
      white-space: nowrap;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .row .value.several {
      font: var(--ps-label);
      color: var(--ps-text-2);
    }
    .spark {
      overflow: visible;
    }
    .curve {
      fill: none;
      stroke: var(--own);
      stroke-width: 1.5;
      stroke-linejoin: round;
    }
    .now {
      stroke: var(--ps-line-strong);
    }
    .dot {
      fill: var(--own);
      stroke: var(--ps-panel);
      stroke-width: 1;
    }
    .steps {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      column-gap: 12px;
    }
    .steps > li {
      display: grid;
      grid-column: 1 / -1;
      grid-template-columns: subgrid;
      align-items: baseline;
      min-height: 26px;
      padding: 3px 8px;
      margin: 0 -8px;
      border-radius: var(--ps-r);
    }
    .steps > li:hover,
    .steps > li.lit {
      background: var(--ps-hover);
    }
    .steps code {
      font: 12px/18px var(--ps-mono);
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .steps .value {
      text-align: right;
      font-weight: 600;
    }
    .steps .idle {
      color: var(--ps-text-2);
    }
    .steps .idle .value {
      font: var(--ps-label);
    }
    .note {
      font: var(--ps-label);
      color: var(--ps-text-2);
      padding: 2px 0;
    }
    .loops .row {
      grid-template-columns: auto minmax(0, 1fr);
      padding-block: 5px;
    }
    .loops .row[aria-pressed="true"] {
      background: var(--ps-accent-soft);
    }
    .loop-mark {
      display: inline-grid;
      place-items: center;
      min-width: 30px;
      height: 22px;
      padding: 0 5px;
      border: 1px solid var(--ps-edge);
      border-radius: 11px;
      font: 600 11px/1 var(--ps-font);
      color: var(--ps-text-2);
    }
    .loops .way {
      font: var(--ps-label);
      overflow-wrap: anywhere;
    }
    :host([narrow]) .row {
      min-height: 44px;
    }
    @media (pointer: coarse) {
      .row {
        min-height: 44px;
      }
    }
  `,
];
