// The panel for many runs: what varies, how many runs, what came of them, and the workers that make them.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { at } from "../ensemble/fan.js";
import { MOST_RUNS, MOST_VARIED, studyOf } from "../ensemble/study.js";
import type { Choice } from "../ensemble/study.js";
import { formatInput, formatTime, formatValue, parseInput } from "../state/format.js";
import { rowAt } from "../state/variables.js";
import { S } from "../strings.js";
import { U } from "../strings-uncertainty.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

const MOST_SEED = 2 ** 32 - 1;

export class Uncertainty extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        margin-top: 10px;
        padding-top: 6px;
        border-top: 1px solid var(--ps-line);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        min-height: 28px;
      }
      h3,
      summary {
        font: 600 12px/16px var(--ps-font);
        color: var(--ps-text-2);
      }
      summary {
        line-height: 28px;
        cursor: pointer;
      }
      .square {
        width: 28px;
        min-height: 28px;
      }
      li.choice {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 28px;
        align-items: center;
        padding: 2px 0 6px;
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .how {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .how select {
        flex: none;
      }
      .how input {
        flex: 1;
        max-width: 96px;
      }
      select,
      input {
        min-width: 0;
        height: 32px;
        padding: 0 8px;
        border: 1px solid var(--ps-edge);
        border-radius: var(--ps-r);
        background: var(--ps-field);
        color: inherit;
        font: inherit;
      }
      input {
        width: 72px;
        text-align: right;
      }
      input[aria-invalid="true"] {
        border-color: var(--ps-error);
      }
      .add {
        width: 100%;
        margin-top: 4px;
      }
      .settings {
        display: flex;
        gap: 12px;
        margin: 10px 0;
      }
      .settings label {
        display: flex;
        align-items: center;
        gap: 6px;
        color: var(--ps-text-2);
      }
      .settings input {
        color: var(--ps-text);
      }
      progress {
        display: block;
        width: 100%;
        height: 4px;
        margin: 8px 0 4px;
        accent-color: var(--ps-accent);
      }
      .wide {
        width: 100%;
      }
      [role="status"] {
        margin: 6px 0;
      }
      dl {
        margin: 6px 0 8px;
      }
      dl > div {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 8px;
        min-height: 24px;
      }
      dt {
        display: flex;
        align-items: center;
        gap: 8px;
        white-space: nowrap;
      }
      dd {
        margin: 0;
        text-align: right;
        font-weight: 600;
      }
      .key {
        width: 20px;
        height: 12px;
        border-radius: 2px;
        background: var(--colour);
      }
      .outer {
        opacity: 0.16;
      }
      .inner {
        opacity: 0.4;
      }
      .median {
        height: 0;
        background: none;
        border-top: 2px dotted var(--colour);
      }
      .mean {
        background: none;
      }
      .problem {
        margin: 8px 0;
        padding: 8px 10px;
        border-radius: var(--ps-r);
        background: var(--ps-error-soft);
        overflow-wrap: anywhere;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font: var(--ps-label);
      }
      th {
        font-weight: 400;
        color: var(--ps-text-2);
      }
      th,
      td {
        padding: 2px 0;
        text-align: left;
      }
    `,
  ];

  override render(): TemplateResult {
    const study = studyOf(this.bench);
    const { free } = study;
    const choices = study.choices.value;
    return html`
      <header>
        <h3 id="title">${U.title}</h3>
        <button class="button quiet square" data-testid="close-uncertainty" aria-label=${U.close} title=${U.close} @click=${this.#close}>${icons.close}</button>
      </header>
      <p class="label">${U.lead}</p>
      <ul aria-label=${U.varying}>
        ${repeat(
          choices,
          ({ name }) => name,
          (choice) => this.#choice(choice),
        )}
      </ul>
      ${
        free.length > 0 && choices.length < MOST_VARIED
          ? html`<select class="add" data-testid="add-varied" aria-label=${U.add} @change=${this.#add}>
              <option value="" selected>${U.add}</option>
              ${free.map((name) => html`<option value=${name}>${name}</option>`)}
            </select>`
          : null
      }
      <div class="settings">
        <label>${U.runs} ${this.#number(study.runs.value, "study-runs", 2, MOST_RUNS, (value) => (study.runs.value = value))}</label>
        <label title=${U.seedHelp}>${U.seed} ${this.#number(study.seed.value, "study-seed", 0, MOST_SEED, (value) => (study.seed.value = value))}</label>
      </div>
      ${this.#action()} ${this.#outcome()} ${this.#workers()}
    `;
  }

  #choice(choice: Choice): TemplateResult {
    const study = studyOf(this.bench);
    const { name, by } = choice;
    const field = (value: number, label: string, testid: string, change: (value: number) => Partial<Choice>, least = -Infinity) =>
      html`<input
        inputmode="decimal"
        autocomplete="off"
        data-testid=${testid}
        aria-label=${label}
        .value=${live(formatInput(value))}
        @change=${(event: Event) => numberIn(event, least, Infinity, value, (found) => study.change(name, change(found)))}
      />`;
    return html`<li class="choice" data-testid="varied" data-name=${name}>
      <span class="name" dir="auto" title=${name}>${name}</span>
      <button class="button quiet square" data-testid="remove-varied" aria-label=${U.remove(name)} title=${U.remove(name)} @click=${() => study.remove(name)}>${icons.close}</button>
      <span class="how">
        <select
          data-testid="varied-by"
          aria-label=${U.how(name)}
          .value=${live(by)}
          @change=${(event: Event) => study.change(name, { by: (event.target as HTMLSelectElement).value as Choice["by"] })}
        >
          ${Object.entries(U.by).map(([key, label]) => html`<option value=${key} ?selected=${key === by}>${label}</option>`)}
        </select>
        ${
          by === "percent"
            ? field(choice.percent, U.percentOf(name), "varied-percent", (percent) => ({ percent }), 0)
            : html`${field(choice.low, U.lowOf(name), "varied-low", (low) => ({ low }))}${field(choice.high, U.highOf(name), "varied-high", (high) => ({ high }))}`
        }
      </span>
    </li>`;
  }

  #number(value: number, testid: string, least: number, most: number, set: (value: number) => void): TemplateResult {
    return html`<input
      inputmode="numeric"
      autocomplete="off"
      data-testid=${testid}
      .value=${live(String(value))}
      @change=${(event: Event) => numberIn(event, least, most, value, (found) => set(Math.round(found)))}
    />`;
  }

  #action(): TemplateResult {
    const study = studyOf(this.bench);
    if (study.output.value === null) return html`<p class="label">${U.nothingPlotted}</p>`;
    const state = study.state.value;
    const done = study.arrived.value;
    const all = study.runs.value;
    const said = { off: done > 0 ? U.stopped(done, all) : "", running: "", done: U.done(done), failed: "" }[state];
    return html`${
        state === "running"
          ? html`<button class="button wide" data-testid="stop-study" @click=${() => study.stop()}>${U.stop}</button>
              <progress max=${all} value=${done} aria-label=${U.progress(done, all)}></progress>
              <p class="label" data-testid="study-progress">${U.progress(done, all)}</p>`
          : html`<button class="button primary wide" data-testid="start-study" ?disabled=${study.choices.value.length === 0} @click=${() => study.start()}>
              ${state === "done" ? U.again : U.start(all)}
            </button>`
      }
      <p class="label" role="status" data-testid="study-said">${said}</p>
      ${state === "failed" ? html`<p class="problem" role="alert" dir="auto">${U.problem(study.problem.value)}</p>` : null}`;
  }

  /** The bands in numbers, at the cursor. */
  #outcome(): TemplateResult | null {
    const { bench } = this;
    const study = studyOf(bench);
    const summary = study.summary.value;
    const of = study.of.value;
    const failures = study.failures.value;
    if (!summary || !of) return null;
    const row = rowAt(of.times, bench.times.value[bench.row.value] ?? 0);
    const value = (values: Float64Array) => formatValue(values[row] ?? Number.NaN);
    const when = S.atTime(bench.timeUnits.value, formatTime(of.times[row] ?? 0, bench.timeDecimals.value));
    const colour = `var(--ps-s${(bench.colours.of.value.get(of.output) ?? 0) + 1})`;
    const line = (key: keyof typeof U.rows, said: string) =>
      html`<div>
        <dt><span class="key ${key}"></span>${U.rows[key]}</dt>
        <dd data-testid="study-${key}">${said}</dd>
      </div>`;
    return html`<p class="label" dir="auto" id="when">${U.spoken(of.output, when)}</p>
      <dl aria-labelledby="when" ${styleVariables({ colour })}>
        ${line("outer", U.between(value(at(summary, 5)), value(at(summary, 95))))}
        ${line("inner", U.between(value(at(summary, 25)), value(at(summary, 75))))} ${line("median", value(at(summary, 50)))}
        ${line("mean", value(summary.mean))}
      </dl>
      ${failures.count > 0 ? html`<p class="problem" dir="auto">${U.failed(failures.count, failures.first)}</p>` : null}`;
  }

  #workers(): TemplateResult | null {
    const study = studyOf(this.bench);
    void study.turns.value;
    const { workers } = study;
    if (workers.length === 0) return null;
    return html`<details data-testid="workers">
      <summary>${U.workers}</summary>
      <table>
        <thead>
          <tr>
            ${U.workersHead.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${workers.map(({ id, state, phase, chunk }) => html`<tr><td>${id}</td><td>${phase ?? state}</td><td>${chunk === null ? "" : chunk + 1}</td></tr>`)}
        </tbody>
      </table>
      <p class="label">${U.speed(study.runsPerSecond, study.lost.value)}</p>
    </details>`;
  }

  #add = (event: Event): void => {
    const field = event.target as HTMLSelectElement;
    if (field.value) studyOf(this.bench).add(field.value);
    field.value = "";
  };

  #close = (): void => {
    studyOf(this.bench).clear();
    this.dispatchEvent(new Event("close"));
  };
}

/** A number that was typed, if it is one within the bounds; else the old one stands again. */
function numberIn(event: Event, least: number, most: number, before: number, take: (value: number) => void): void {
  const field = event.target as HTMLInputElement;
  const value = parseInput(field.value);
  const fits = Number.isFinite(value) && value >= least && value <= most;
  if (fits) take(value);
  else field.value = formatInput(before);
}

define("ps-uncertainty", Uncertainty);
