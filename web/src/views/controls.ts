// The sliders, and what the plotted variables are at the cursor.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { SliderRow } from "../../../worker/abi.js";
import { repeat } from "lit/directives/repeat.js";
import { formatTime, formatValue } from "../state/format.js";
import { shownUnits } from "../state/variables.js";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import { need } from "./panels.js";
import "./slider.js";
import { shared } from "./styles.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

const FIRST = 8; // constants to begin with, where the author gave no sliders
const FILTER_FROM = 12;
const MOST = 60; // sliders at once

export class Controls extends View {
  static override properties = { ...View.properties, open: { state: true }, filter: { state: true }, clock: { state: true } };
  declare clock: boolean;
  declare open: boolean;
  declare filter: string;

  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      section {
        padding: 10px 16px 12px;
      }
      section + section,
      ps-runs + section,
      ps-runs {
        border-top: 1px solid var(--ps-line);
      }
      /* it is loaded a moment later and must not push what follows */
      ps-runs {
        display: block;
        min-height: 119px;
      }
      h3 {
        display: flex;
        align-items: center;
        min-height: 28px;
        font: 600 12px/16px var(--ps-font);
        color: var(--ps-text-2);
      }
      h3 > :last-child:not(:only-child) {
        margin-left: auto;
        font-weight: 400;
      }
      .button {
        min-height: 28px;
        padding: 0 8px;
        font: var(--ps-label);
      }
      summary {
        padding: 8px 0;
        color: var(--ps-text-2);
        cursor: pointer;
      }
      summary:hover {
        color: var(--ps-text);
      }
      .filter {
        width: 100%;
        height: 32px;
        margin: 4px 0 8px;
        padding: 0 10px;
        border: 1px solid var(--ps-edge);
        border-radius: var(--ps-r);
        background: var(--ps-field);
      }
      summary {
        min-height: 28px;
        font: 600 12px/28px var(--ps-font);
        color: var(--ps-text-2);
        cursor: pointer;
      }
      .watch {
        display: grid;
        grid-template-columns: 12px minmax(0, 1fr) auto;
        column-gap: 8px;
        align-items: center;
      }
      .watch.compared {
        grid-template-columns: 12px minmax(0, 1fr) auto auto;
      }
      .watch > li {
        display: grid;
        grid-column: 1 / -1;
        grid-template-columns: subgrid;
        align-items: center;
        min-height: 28px;
      }
      .key {
        width: 12px;
        height: 3px;
        border-radius: 2px;
        background: var(--colour);
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .now {
        font-weight: 600;
        text-align: right;
      }
      .then {
        font: var(--ps-label);
        color: var(--ps-text-2);
        text-align: right;
        min-width: 52px;
      }
      .empty {
        color: var(--ps-text-2);
        padding: 4px 0 8px;
      }
      code {
        font: var(--ps-code);
        font-size: 12px;
      }
    `,
  ];

  constructor() {
    super();
    this.clock = false;
    this.open = false;
    this.filter = "";
  }

  override render(): TemplateResult {
    const { bench } = this;
    if (bench.runs.shown.value) need(bench, "ps-runs");
    const sliders = bench.sliders.value;
    const authored = sliders.filter((row) => row.authored);
    const first = authored.length > 0 ? authored : sliders.slice(0, FIRST);
    const changed = bench.overrides.value.size;
    return html`
      <section aria-labelledby="constants">
        <h3>
          <span id="constants">${S.constants}</span>
          ${
            changed > 0
              ? html`<button class="button quiet" data-testid="reset-all" @click=${() => bench.resetValues()}>
                  ${icons.undo}${S.resetAll(changed)}
                </button>`
              : null
          }
        </h3>
        ${
          sliders.length === 0
            ? bench.compiled.value
              ? html`<p class="empty">${S.noSliders} <code>${S.sliderExample}</code></p>`
              : html`<p class="empty">${S.noControls}</p>`
            : html`${this.#sliders(first)} ${this.#more(sliders.filter((row) => !first.includes(row)))}`
        }
      </section>
      ${bench.runs.shown.value ? html`<ps-runs .bench=${bench}></ps-runs>` : null}
      ${bench.runs.shown.value && bench.plotted.value.length > 0 ? this.#watch() : null}
      ${bench.compiled.value && bench.python.value.phase === "ready" ? this.#clock() : null}
    `;
  }

  /** How the clock runs is a chunk of its own. */
  #openClock(open: boolean): void {
    this.clock = open;
    if (open) void import("../inspector/settings.js");
  }

  #clock(): TemplateResult {
    return html`<section>
      <details data-testid="clock" @toggle=${(event: Event) => this.#openClock((event.target as HTMLDetailsElement).open)}>
        <summary>${S.clock}</summary>
        ${this.clock ? html`<ps-clock-settings .bench=${this.bench}></ps-clock-settings>` : null}
      </details>
    </section>`;
  }

  #sliders(rows: readonly SliderRow[]): unknown {
    const { bench } = this;
    const wanted = new Set(rows.map((row) => row.name));
    const variables = bench.compiled.value?.document.variables.filter((variable) => wanted.has(variable.name)) ?? [];
    const described = new Map(variables.map((variable) => [variable.name, variable]));
    return repeat(
      rows,
      (row) => row.name,
      (row) =>
        html`<ps-slider
          .bench=${bench}
          .row=${row}
          .units=${shownUnits(described.get(row.name)?.units)}
          .documentation=${described.get(row.name)?.documentation ?? ""}
        ></ps-slider>`,
    );
  }

  /** What the author gave no slider: folded, and found by name where there are many. */
  #more(rows: readonly SliderRow[]): TemplateResult | null {
    if (rows.length === 0) return null;
    const changed = rows.filter((row) => this.bench.overrides.value.has(row.name)).length;
    const wanted = this.filter.trim().toLowerCase();
    const found = wanted ? rows.filter((row) => row.name.toLowerCase().includes(wanted)) : rows;
    const shown = found.slice(0, MOST);
    return html`<details data-testid="more-constants" @toggle=${(event: Event) => (this.open = (event.target as HTMLDetailsElement).open)}>
      <summary>${S.moreConstants(rows.length, changed)}</summary>
      ${
        !this.open
          ? null
          : html`${
              rows.length > FILTER_FROM
                ? html`<input
                    type="search"
                    class="filter"
                    data-testid="constant-filter"
                    aria-label=${S.findConstant}
                    placeholder=${S.findConstant}
                    .value=${this.filter}
                    @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)}
                  />`
                : null
            }
            ${this.#sliders(shown)}
            ${found.length > shown.length ? html`<p class="label">${S.constantsBeyond(found.length - shown.length)}</p>` : null}
            ${found.length === 0 ? html`<p class="label">${S.noVariable(this.filter)}</p>` : null}`
      }
    </details>`;
  }

  #watch(): TemplateResult {
    const { bench } = this;
    const run = bench.runs.shown.value;
    const ghost = bench.runs.ghost.value;
    const time = bench.times.value[bench.row.value] ?? 0;
    return html`<section aria-labelledby="now">
      <h3>
        <span id="now">${S.atTime(bench.timeUnits.value, formatTime(time, bench.timeDecimals.value))}</span>
        ${
          ghost
            ? html`<button class="button quiet" data-testid="drop-ghost" title=${S.dropGhost} @click=${() => bench.dropGhost()}>
                ${S.againstGhost}${icons.close}
              </button>`
            : null
        }
      </h3>
      <ul class="watch ${ghost ? "compared" : ""}">
        ${bench.plotted.value.map(
          (name) =>
            html`<li @pointerenter=${() => (bench.lifted.value = name)} @pointerleave=${() => (bench.lifted.value = null)}>
              <span class="key" ${styleVariables({ colour: `var(--ps-s${(bench.colours.of.value.get(name) ?? 0) + 1})` })}></span>
              <span class="name" dir="auto" title=${name}>${name}</span>
              <span class="now">${formatValue(bench.valueAt(run, name))}</span>
              ${ghost ? html`<span class="then">${ghost.results.names.includes(name) ? formatValue(bench.valueAt(ghost, name)) : "–"}</span>` : null}
            </li>`,
        )}
      </ul>
    </section>`;
  }
}

define("ps-controls", Controls);
