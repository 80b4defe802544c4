// The sliders, and what the plotted variables are at the cursor.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { formatTime, formatValue } from "../state/format.js";
import { shownUnits } from "../state/variables.js";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import "./runs.js";
import "./slider.js";
import { shared } from "./styles.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

export class Controls extends View {
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

  override render(): TemplateResult {
    const { bench } = this;
    const sliders = bench.sliders.value;
    const described = new Map(bench.compiled.value?.document.variables.map((variable) => [variable.name, variable]));
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
            : repeat(
                sliders,
                (row) => row.name,
                (row) =>
                  html`<ps-slider
                    .bench=${bench}
                    .row=${row}
                    .units=${shownUnits(described.get(row.name)?.units)}
                    .documentation=${described.get(row.name)?.documentation ?? ""}
                  ></ps-slider>`,
              )
        }
      </section>
      ${bench.runs.shown.value ? html`<ps-runs .bench=${bench}></ps-runs>` : null}
      ${bench.runs.shown.value && bench.plotted.value.length > 0 ? this.#watch() : null}
    `;
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
              ${ghost ? html`<span class="then">${formatValue(bench.valueAt(ghost, name))}</span>` : null}
            </li>`,
        )}
      </ul>
    </section>`;
  }
}

define("ps-controls", Controls);
