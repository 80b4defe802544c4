// The runs that can be compared: the one on show, the ghost, those the reader keeps, and the fork.
import { css, html, svg } from "lit";
import type { TemplateResult } from "lit";
import { dashOf } from "../state/dashes.js";
import { formatTime, formatValue } from "../state/format.js";
import type { Pinned, Run } from "../state/runs.js";
import { rowAt, timesOf } from "../state/variables.js";
import { uncertain } from "../state/uncertain.js";
import { S } from "../strings.js";
import { U } from "../strings-uncertainty.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

const GHOST = [4, 3];
const FAN = html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 9c5 0 7-5.5 12-6M2 9c5 0 7 4.5 12 5M2 9c5 0 7-.6 12-.6" /></svg>`;

export class RunList extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        padding: 10px 16px 12px;
      }
      h3 {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        min-height: 28px;
        font: 600 12px/16px var(--ps-font);
        color: var(--ps-text-2);
      }
      h3 span:last-child {
        font-weight: 400;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      li {
        display: grid;
        grid-template-columns: 20px minmax(0, 1fr) auto 28px;
        gap: 0 8px;
        align-items: center;
        min-height: 32px;
      }
      .line {
        width: 20px;
        height: 8px;
        stroke: var(--ps-text);
        stroke-width: 1.5;
      }
      .line.now {
        stroke-width: 2.5;
      }
      .line.ghost {
        stroke: var(--ps-ghost);
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .pinned {
        padding: 2px 0;
      }
      .pinned .line {
        grid-column: 2;
        width: 40px;
        margin-top: -2px;
      }
      .pinned .value {
        grid-column: 3;
      }
      .pinned .rename {
        grid-column: 2 / 4;
      }
      input[type="checkbox"] {
        width: 16px;
        height: 16px;
        margin: 0 2px;
        accent-color: var(--ps-accent);
      }
      .rename {
        width: 100%;
        min-width: 0;
        height: 28px;
        padding: 0 4px;
        margin-left: -5px;
        border: 1px solid transparent;
        border-radius: 4px;
        background: none;
        text-overflow: ellipsis;
      }
      .rename:hover {
        border-color: var(--ps-line);
      }
      .rename:focus {
        border-color: var(--ps-edge);
        background: var(--ps-field);
      }
      .value {
        text-align: right;
        font-weight: 600;
      }
      .square {
        width: 28px;
        min-height: 28px;
      }
      .fork {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: 4px 8px;
        margin-top: 4px;
      }
      .fork .button {
        min-height: 32px;
        padding: 0 10px 0 8px;
      }
      .active {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        padding: 4px 10px 4px 8px;
        border-radius: var(--ps-r);
        background: var(--ps-accent-soft);
        font: var(--ps-label);
      }
    `,
  ];

  override render(): TemplateResult {
    const { bench } = this;
    const now = bench.runs.shown.value;
    const ghost = bench.runs.ghost.value;
    const name = this.#measured();
    const at = bench.times.value[bench.row.value] ?? 0;
    const time = S.atTime(bench.timeUnits.value, formatTime(at, bench.timeDecimals.value));
    return html`
      <h3><span id="runs">${S.runs}</span>${name ? html`<span dir="auto" title=${name}>${name}, ${time}</span>` : null}</h3>
      <ul aria-labelledby="runs" data-testid="runs">
        <li>
          ${line("now", [])}<span class="name">${S.runNow}</span><span class="value">${this.#value(now, name, at)}</span>
          <button class="button quiet square" data-testid="keep-run" aria-label=${S.keepRun} title=${S.keepRun} @click=${() => bench.pin(now)}>${icons.pin}</button>
        </li>
        ${
          ghost
            ? html`<li>
                ${line("ghost", GHOST)}<span class="name" dir="auto" title=${bench.ghostLabel.value}>${bench.ghostLabel.value}</span>
                <span class="value">${this.#value(ghost, name, at)}</span>
                <button class="button quiet square" aria-label=${S.keepGhost} title=${S.keepGhost} @click=${() => bench.pin(ghost)}>${icons.pin}</button>
              </li>`
            : null
        }
        ${bench.runs.pinned.value.map((pin) => this.#pinned(pin, name, at))}
      </ul>
      <div class="fork">
        ${this.#fork(time)}
        ${
          uncertain.value
            ? null
            : html`<button class="button" data-testid="uncertainty" title=${U.openHelp} @click=${() => (uncertain.value = true)}>${FAN}${U.open}</button>`
        }
      </div>
      ${uncertain.value ? this.#uncertainty() : null}
    `;
  }

  /** A chunk of its own. */
  #uncertainty(): TemplateResult {
    void import("./uncertainty.js").catch(() => (uncertain.value = false));
    return html`<ps-uncertainty .bench=${this.bench} @close=${() => (uncertain.value = false)}></ps-uncertainty>`;
  }

  #pinned(pin: Pinned, name: string, at: number): TemplateResult {
    const { runs } = this.bench;
    const rename = (event: Event): void => {
      const field = event.target as HTMLInputElement;
      const wanted = field.value.trim();
      if (wanted) runs.changePinned(pin.number, { name: wanted.slice(0, 80) });
      field.value = wanted || pin.name; // an empty name keeps the old one
    };
    return html`<li class="pinned" data-testid="pinned">
      <input
        type="checkbox"
        aria-label=${S.showRun(pin.name)}
        .checked=${pin.shown}
        @change=${() => runs.changePinned(pin.number, { shown: !pin.shown })}
      />
      <input
        class="rename"
        dir="auto"
        spellcheck="false"
        data-testid="run-name"
        aria-label=${S.renameRun(pin.name)}
        title=${pin.name}
        .value=${pin.name}
        @change=${rename}
        @keydown=${(event: KeyboardEvent) => {
          const field = event.target as HTMLInputElement;
          if (event.key === "Escape") field.value = pin.name;
          if (event.key === "Escape" || event.key === "Enter") field.blur();
        }}
      />
      <button class="button quiet square" data-testid="unpin" aria-label=${S.removeRun(pin.name)} title=${S.removeRun(pin.name)} @click=${() => runs.unpin(pin.number)}>
        ${icons.close}
      </button>
      ${line("", dashOf(pin.slot))}<span class="value">${this.#value(pin.run, name, at)}</span>
    </li>`;
  }

  #fork(time: string): TemplateResult {
    const { bench } = this;
    const branch = bench.branch.value;
    if (!branch) {
      return html`<button class="button" data-testid="branch" title=${S.changeFromHereHelp} @click=${() => bench.branchHere()}>
        ${icons.fork}${S.changeFromHere(time)}
      </button>`;
    }
    const from = S.atTime(bench.timeUnits.value, formatTime(branch.time, bench.timeDecimals.value));
    return html`<span class="active" role="status" data-testid="branch-active">${icons.fork}${S.changesFrom(from)}</span>
      <button class="button quiet" data-testid="end-branch" aria-label=${S.endFork} title=${S.endFork} @click=${() => bench.endBranch()}>${S.end}</button>`;
  }

  /** The variable whose value tells the runs apart: the chosen one, else the first in the charts. */
  #measured(): string {
    const plotted = this.bench.plotted.value;
    const selected = this.bench.selected.value;
    return (selected !== null && this.bench.runs.shown.value?.results.names.includes(selected) ? selected : plotted[0]) ?? "";
  }

  /** A run may have other times than the one on show. */
  #value(run: Run | null, name: string, at: number): string {
    if (!run || !name || !run.results.names.includes(name)) return "–";
    return formatValue(run.results.at(name, rowAt(timesOf(run.compiled, run.results), at)));
  }
}

function line(kind: string, dash: readonly number[]): TemplateResult {
  return html`<svg class="line ${kind}" aria-hidden="true">${svg`<path d="M0 4H40" stroke-dasharray=${dash.join(" ")} />`}</svg>`;
}

define("ps-runs", RunList);
