// Which engine runs, how long it took, and whether the two agree: always in the same place.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { formatDifference, formatMs } from "../state/format.js";
import type { EngineChoice } from "../state/runs.js";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

const CHOICES: readonly EngineChoice[] = ["wasm", "vm", "both"];

export class EngineToggle extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 10px;
        white-space: nowrap;
      }
      fieldset {
        display: flex;
        margin: 0;
        padding: 2px;
        border: 1px solid var(--ps-line);
        border-radius: var(--ps-r);
        background: var(--ps-panel);
        min-width: 0;
      }
      label {
        position: relative;
        display: flex;
        align-items: center;
        height: 26px;
        padding: 0 10px;
        border-radius: 4px;
        font: 500 12px/16px var(--ps-font);
        color: var(--ps-text-2);
        cursor: pointer;
      }
      label:hover {
        color: var(--ps-text);
      }
      label:has(:checked) {
        background: light-dark(var(--ps-page), var(--ps-track));
        color: var(--ps-text);
        box-shadow: 0 0 0 1px light-dark(var(--ps-line), transparent);
      }
      label:has(:focus-visible) {
        outline: 2px solid var(--ps-accent);
        outline-offset: 1px;
      }
      input {
        position: absolute;
        left: 0;
        top: -5px;
        width: 100%;
        height: calc(100% + 10px);
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
      .verdict {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 60px;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
      :host([both]) .verdict {
        min-width: 148px;
      }
      b,
      .badge {
        display: flex;
        align-items: center;
        gap: 4px;
        font-weight: 600;
        border-radius: var(--ps-r);
      }
      .badge {
        position: relative;
      }
      .badge:hover {
        text-decoration: underline;
      }
      .badge::after {
        content: "";
        position: absolute;
        inset: -10px -4px;
      }
      :is(b, .badge) .icon {
        width: 14px;
        height: 14px;
      }
      .same {
        color: var(--ps-ok);
      }
      .different {
        color: var(--ps-warn);
        background: var(--ps-warn-soft);
        padding: 3px 8px;
        border-radius: var(--ps-r);
        max-width: 220px;
      }
      .different span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      select {
        height: 36px;
        padding: 0 4px;
        border: 1px solid var(--ps-line);
        border-radius: var(--ps-r);
        background: var(--ps-field);
        color: var(--ps-text);
        font: 500 14px/20px var(--ps-font);
      }
      :host([narrow]) {
        gap: 4px;
        min-width: 0;
      }
      :host([narrow]) .verdict {
        min-width: 0;
      }
      :host([narrow]) :is([data-testid="run-time"], .different span) {
        display: none;
      }
      @media (pointer: coarse) {
        label {
          height: 34px;
        }
      }
      @media (forced-colors: active) {
        label:has(:checked) {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { bench } = this;
    const engine = bench.engine.value;
    this.toggleAttribute("both", engine === "both");
    const narrow = bench.layout.value === "phone";
    this.toggleAttribute("narrow", narrow);
    const report = html`<ps-engine-report .bench=${bench} popover="auto" role="dialog" aria-label=${S.engine}></ps-engine-report>`;
    if (narrow) {
      return html`
        <span class="verdict" data-testid="verdict" data-state=${bench.runs.verdict.value.state} role="status">${this.#verdict()}</span>${report}
        <select
          data-testid="engine"
          aria-label=${S.engine}
          @change=${(event: Event) => bench.setEngine((event.target as HTMLSelectElement).value as EngineChoice)}
        >
          ${CHOICES.map((choice) => html`<option value=${choice} ?selected=${choice === engine}>${choice}</option>`)}
        </select>
      `;
    }
    return html`
      <fieldset data-testid="engine" aria-label=${S.engine}>
        ${CHOICES.map(
          (choice) =>
            html`<label title=${S.engineHelp[choice]}>
              <input
                type="radio"
                name="engine"
                value=${choice}
                data-testid="engine-${choice}"
                .checked=${choice === engine}
                @change=${() => bench.setEngine(choice)}
              />${choice}
            </label>`,
        )}
      </fieldset>
      <span class="verdict" data-testid="verdict" data-state=${bench.runs.verdict.value.state} role="status">${this.#verdict()}</span>${report}
    `;
  }

  #verdict(): TemplateResult | string | null {
    const { bench } = this;
    const verdict = bench.runs.verdict.value;
    const results = bench.runs.shown.value?.results;
    const ms = results ? html`<span data-testid="run-time" aria-hidden="true">${formatMs(results.ms)}</span>` : null;
    switch (verdict.state) {
      case "none":
        return ms;
      case "waiting":
        return html`${ms}<span>${bench.python.value.phase === "ready" ? S.comparing : S.waitingForPython}</span>`;
      case "failed":
        return html`${ms}<b class="different" title=${verdict.message}>${icons.warning}<span>${S.notCompared}</span></b>`;
      case "same":
        return html`${ms}${this.#badge("same", S.sameHelp(formatMs(verdict.wasmMs), formatMs(verdict.vmMs), verdict.values), html`${icons.check}${S.identical}`)}`;
      case "different":
        return html`${ms}${this.#badge("different", S.differentHelp(formatMs(verdict.wasmMs), formatMs(verdict.vmMs)), html`${icons.warning}<span>${S.differsIn(formatDifference(verdict.largest), verdict.name)}</span>`)}`;
    }
  }

  #badge(kind: string, title: string, content: TemplateResult): TemplateResult {
    return html`<button class="badge ${kind}" data-testid="verdict-details" aria-haspopup="dialog" title=${title} @click=${this.#open}>${content}</button>`;
  }

  /** What the two engines made of it, under the badge; loaded when it is first wanted. */
  #open = async (): Promise<void> => {
    const report = this.renderRoot.querySelector<HTMLElement>("ps-engine-report");
    const badge = this.renderRoot.querySelector(".badge");
    if (!report || !badge) return;
    const { right, bottom } = badge.getBoundingClientRect();
    report.style.right = `${Math.max(8, Math.min(innerWidth - right, innerWidth - 368))}px`;
    report.style.top = `${bottom + 8}px`;
    report.togglePopover();
    await import("./engine-report.js").catch(() => report.hidePopover()); // the title says it too
  };
}

define("ps-engine", EngineToggle);
