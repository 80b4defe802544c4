// The run as a table. Only the rows in view are in the document, however long the run is.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { formatTime, formatValue } from "../state/format.js";
import type { Seen } from "../state/seen.js";
import { M as S } from "../strings-model.js";
import { shared } from "../views/styles.js";
import { styleVariables } from "../views/variables-of-style.js";
import { define, View } from "../views/view.js";

const ROW = 26; // pixels
const BEYOND = 8; // rows above and below those in view
const MOST_COLUMNS = 40;
const TALLEST = 8_000_000; // pixels: browsers draw nothing beyond some tens of millions

export class RunTable extends View<Seen> {
  static override properties = { ...View.properties, first: { state: true }, room: { state: true } };
  declare first: number; // row at the top
  declare room: number; // rows in view

  static override styles = [
    shared,
    css`
      :host {
        display: block;
        overflow: auto;
        overflow-anchor: none;
        background: var(--ps-page);
      }
      table {
        border-collapse: separate;
        border-spacing: 0;
        min-width: 100%;
        font-size: 13px;
      }
      th,
      td {
        height: ${ROW}px;
        padding: 0 12px;
        text-align: right;
        white-space: nowrap;
        font-weight: 400;
      }
      thead th {
        position: sticky;
        top: 0;
        z-index: 1;
        max-width: 180px;
        height: 32px;
        overflow: hidden;
        text-overflow: ellipsis;
        border-bottom: 1px solid var(--ps-line);
        background: var(--ps-page);
        font: 600 12px/16px var(--ps-font);
        color: var(--ps-text-2);
      }
      th:first-child {
        position: sticky;
        left: 0;
        background: var(--ps-page);
        color: var(--ps-text-2);
      }
      thead th:first-child {
        z-index: 2;
      }
      tr.here > * {
        background: var(--ps-accent-soft);
        color: var(--ps-text);
        font-weight: 600;
      }
      tbody tr {
        cursor: pointer;
      }
      tbody tr:hover > * {
        background: var(--ps-hover);
      }
      .gap td {
        padding: 0;
        height: calc(var(--rows) * 1px);
      }
      tr.gap:hover > * {
        background: none;
      }
    `,
  ];

  #size: ResizeObserver | undefined;
  #shownRow = -1;

  constructor() {
    super();
    this.first = 0;
    this.room = 30;
  }

  override render(): TemplateResult {
    const { bench } = this;
    const run = bench.runs.shown.value;
    const times = bench.times.value;
    const names = [...bench.plotted.value, ...bench.variables.value.map((variable) => variable.name)];
    const columns = [...new Set(names)].filter((name) => run?.results.names.includes(name)).slice(0, MOST_COLUMNS);
    const series = run ? columns.map((name) => run.results.series(name)) : [];
    const rows = run?.results.rows ?? 0;
    const from = Math.max(0, Math.min(this.first, rows - this.room) - BEYOND);
    const to = Math.min(rows, this.first + this.room + BEYOND);
    const here = bench.row.value;
    const decimals = bench.timeDecimals.value;
    const scale = this.#scale(rows);
    return html`<table data-testid="run-table" aria-rowcount=${rows + 1} aria-label=${S.runTable(rows, columns.length)}>
      <thead>
        <tr aria-rowindex="1">
          <th scope="col">${S.time(bench.timeUnits.value)}</th>
          ${columns.map((name) => html`<th scope="col" dir="auto" title=${name}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${gap(from * scale, columns.length)}
        ${Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at).map(
          (row) =>
            html`<tr class=${row === here ? "here" : ""} aria-rowindex=${row + 2} @click=${() => bench.scrub(times[row] ?? 0)}>
              <th scope="row">${formatTime(times[row] ?? 0, decimals)}</th>
              ${series.map((values) => html`<td>${formatValue(values[row] ?? Number.NaN)}</td>`)}
            </tr>`,
        )}
        ${gap((rows - to) * scale, columns.length)}
      </tbody>
    </table>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", S.table);
    this.addEventListener("scroll", this.#scrolled, { passive: true });
    this.#size = new ResizeObserver(() => {
      this.room = Math.ceil(this.clientHeight / ROW);
    });
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("scroll", this.#scrolled);
    this.#size?.disconnect();
  }

  /** The row of the cursor is always in view. */
  override updated(): void {
    const row = this.bench.row.peek();
    if (row === this.#shownRow) return;
    this.#shownRow = row;
    const rows = this.bench.runs.shown.peek()?.results.rows ?? 0;
    const top = row * this.#scale(rows);
    if (top < this.scrollTop || top > this.scrollTop + this.clientHeight - 3 * ROW) this.scrollTop = top - this.clientHeight / 3;
  }

  /** Pixels for each row that is not in view. */
  #scale(rows: number): number {
    return Math.min(ROW, TALLEST / Math.max(1, rows));
  }

  #scrolled = (): void => {
    const rows = this.bench.runs.shown.peek()?.results.rows ?? 0;
    this.first = Math.floor(this.scrollTop / this.#scale(rows));
  };
}

function gap(pixels: number, columns: number): TemplateResult | null {
  if (pixels <= 0) return null;
  return html`<tr class="gap" aria-hidden="true"><td colspan=${columns + 1} ${styleVariables({ rows: Math.round(pixels) })}></td></tr>`;
}

define("ps-table", RunTable);
