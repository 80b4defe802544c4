// All variables with their values at the cursor; a box before each puts its curve into a chart.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { formatConstant, formatTime, formatValue } from "../state/format.js";
import type { Variable } from "../state/variables.js";
import { S } from "../strings.js";
import { shared } from "./styles.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

const MOST_ROWS = 250;
const FILTER_FROM = 12; // variables
const KINDS = ["stock", "flow", "auxiliary", "lookup", "constant"];

export class Variables extends View {
  static override properties = { ...View.properties, filter: { state: true } };
  declare filter: string;

  static override styles = [
    shared,
    css`
      :host {
        display: block;
        padding: 4px 0 12px;
        container-type: inline-size;
      }
      .find {
        padding: 8px 16px 4px;
      }
      .find input {
        width: 100%;
        height: 32px;
        padding: 0 10px;
        border: 1px solid var(--ps-edge);
        border-radius: var(--ps-r);
        background: var(--ps-field);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
      }
      caption {
        text-align: left;
        padding: 8px 16px 4px;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
      th,
      td {
        font-weight: 400;
        padding: 0;
        height: 30px;
      }
      thead th {
        height: 20px;
        font: var(--ps-label);
        color: var(--ps-text-2);
        text-align: left;
      }
      th:first-child {
        text-align: left;
        padding-left: 12px;
      }
      .value {
        width: 72px;
        text-align: right;
        font-weight: 600;
        white-space: nowrap;
      }
      thead .value {
        font-weight: 400;
        text-align: right;
      }
      .units {
        width: 76px;
        padding: 0 8px 0 6px;
        font: var(--ps-label);
        color: var(--ps-text-2);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      /* names before units */
      @container (max-width: 270px) {
        .value {
          width: 60px;
        }
        .units {
          width: 44px;
          padding: 0 6px 0 4px;
        }
      }
      tbody tr:hover {
        background: var(--ps-hover);
      }
      .kind th {
        height: 28px;
        padding: 8px 0 0 16px;
        font: 600 12px/16px var(--ps-font);
        color: var(--ps-text-2);
      }
      tr.kind:hover {
        background: none;
      }
      .entry {
        display: flex;
        align-items: center;
        height: 30px;
        padding-left: 4px;
      }
      .entry button {
        flex: 1;
        min-width: 0;
        height: 30px;
        padding: 0 4px 0 8px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .entry button:hover {
        text-decoration: underline;
      }
      .entry button:focus-visible {
        outline-offset: -2px;
      }
      input[type="checkbox"] {
        appearance: none;
        -webkit-appearance: none;
        flex: none;
        width: 16px;
        height: 16px;
        margin: 0;
        border: 1.5px solid var(--ps-edge);
        border-radius: 4px;
        background: var(--ps-field);
        cursor: pointer;
      }
      input[type="checkbox"]:checked {
        border-color: var(--colour);
        background: var(--colour);
        box-shadow: inset 0 0 0 2px var(--ps-panel);
      }
      @media (forced-colors: active) {
        input[type="checkbox"] {
          appearance: auto;
          -webkit-appearance: auto;
        }
      }
      .more {
        padding: 8px 16px;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
    `,
  ];

  constructor() {
    super();
    this.filter = "";
  }

  override render(): TemplateResult {
    const { bench } = this;
    const all = bench.variables.value;
    const wanted = this.filter.trim().toLowerCase();
    const found = wanted ? all.filter((variable) => variable.name.toLowerCase().includes(wanted)) : all;
    const ordered = KINDS.flatMap((kind) => found.filter((variable) => variable.kind === kind));
    const others = found.filter((variable) => !KINDS.includes(variable.kind));
    const rows = [...ordered, ...others].slice(0, MOST_ROWS);
    const time = bench.times.value[bench.row.value] ?? 0;
    return html`
      ${
        all.length >= FILTER_FROM
          ? html`<div class="find">
              <input
                type="search"
                data-testid="filter"
                aria-label=${S.findVariable}
                placeholder=${S.findVariable}
                .value=${this.filter}
                @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)}
              />
            </div>`
          : null
      }
      <table data-testid="values">
        <caption>${S.valuesAt(S.atTime(bench.timeUnits.value, formatTime(time, bench.timeDecimals.value)))}</caption>
        <colgroup>
          <col />
          <col class="value" />
          <col class="units" />
        </colgroup>
        <thead class="unseen">
          <tr>
            <th scope="col">${S.variable}</th>
            <th scope="col" class="value">${S.value}</th>
            <th scope="col" class="units">${S.units}</th>
          </tr>
        </thead>
        ${repeat(
          kindsOf(rows),
          ([kind]) => kind,
          ([kind, members]) =>
            html`<tbody>
              <tr class="kind"><th colspan="3" scope="rowgroup">${S.kinds(kind)}</th></tr>
              ${repeat(
                members,
                (variable) => variable.name,
                (variable) => this.#row(variable),
              )}
            </tbody>`,
        )}
      </table>
      ${found.length > rows.length ? html`<p class="more">${S.moreVariables(found.length - rows.length)}</p>` : null}
      ${found.length === 0 && wanted ? html`<p class="more">${S.noVariable(this.filter)}</p>` : null}
    `;
  }

  #row(variable: Variable): TemplateResult {
    const { bench } = this;
    const { name, kind } = variable;
    const value = bench.valueAt(bench.runs.shown.value, name);
    const colour = bench.colours.of.value.get(name) ?? 0;
    return html`<tr
      data-name=${name}
      @pointerenter=${() => (bench.lifted.value = name)}
      @pointerleave=${() => (bench.lifted.value = null)}
    >
      <th scope="row">
        <div class="entry">
          <input
            type="checkbox"
            data-testid="plot"
            data-name=${name}
            aria-label=${S.plot(name)}
            title=${S.plot(name)}
            .checked=${bench.plotted.value.includes(name)}
            ${styleVariables({ colour: `var(--ps-s${colour + 1})` })}
            @change=${() => bench.togglePlotted(name)}
          />
          <button dir="auto" data-testid="open-variable" title=${variable.documentation || name} @click=${() => bench.select(name, true)}>${name}</button>
        </div>
      </th>
      <td class="value">${kind === "constant" ? formatConstant(value) : formatValue(value)}</td>
      <td class="units" dir="auto" title=${variable.units}>${variable.units}</td>
    </tr>`;
  }
}

function kindsOf(rows: readonly Variable[]): [string, Variable[]][] {
  const kinds = new Map<string, Variable[]>();
  for (const row of rows) kinds.set(row.kind, [...(kinds.get(row.kind) ?? []), row]);
  return [...kinds];
}

define("ps-variables", Variables);
