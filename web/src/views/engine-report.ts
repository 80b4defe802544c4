// What the two engines made of the same run: their times, and where they part if they do.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { formatDifference, formatMs, formatTime } from "../state/format.js";
import type { Verdict } from "../state/runs.js";
import { P } from "../strings-panels.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

type Different = Extract<Verdict, { state: "different" }>;

export class EngineReport extends View {
  static override properties = { ...View.properties, copied: { state: true } };
  declare copied: boolean;

  static override styles = [
    shared,
    css`
      :host {
        position: fixed;
        inset: auto;
        width: min(360px, calc(100vw - 16px));
        margin: 0;
        padding: 12px 16px 16px;
        border: 1px solid var(--ps-line);
        border-radius: var(--ps-r-panel);
        background: var(--ps-raised);
        color: var(--ps-text);
        box-shadow: var(--ps-shadow);
        white-space: normal;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        font: 600 14px/20px var(--ps-font);
      }
      .same {
        color: var(--ps-ok);
      }
      .different {
        color: var(--ps-warn);
      }
      dl {
        margin: 4px 0 12px;
      }
      dl > div {
        display: flex;
        justify-content: space-between;
        gap: 16px;
        padding: 6px 0;
        border-bottom: 1px solid var(--ps-line);
      }
      dt {
        flex: none;
        color: var(--ps-text-2);
      }
      dd {
        margin: 0;
        text-align: right;
        overflow-wrap: anywhere;
      }
      u {
        text-decoration: underline 2px var(--ps-warn);
        text-underline-offset: 3px;
      }
      p {
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
      .actions {
        display: flex;
        gap: 8px;
        margin-bottom: 10px;
      }
    `,
  ];

  override render(): TemplateResult | null {
    const verdict = this.bench.runs.verdict.value;
    if (verdict.state === "same") return this.#same(verdict);
    return verdict.state === "different" ? this.#different(verdict) : null;
  }

  #same({ wasmMs, vmMs }: Extract<Verdict, { state: "same" }>): TemplateResult {
    const results = this.bench.runs.shown.value?.results;
    return html`<h2 class="same">${icons.check}${P.enginesAgree}</h2>
      <dl>
        ${row("wasm", formatMs(wasmMs))} ${row(P.vmInPython, formatMs(vmMs))}
        ${row(P.largestDifference, P.noDifference(results?.names.length ?? 0, results?.rows ?? 0))}
      </dl>
      <p>${P.agreeHelp}</p>`;
  }

  #different(verdict: Different): TemplateResult {
    const { largest, name, first } = verdict;
    const time = this.#time(verdict);
    const [wasm, vm] = first ? [String(first.wasm), String(first.vm)] : ["", ""];
    return html`<h2 class="different">${icons.warning}${P.enginesDisagree}</h2>
      <dl data-testid="difference">
        ${row(P.largestDifference, formatDifference(largest))}
        ${first ? html`${row(P.firstDifference, P.where(name ?? "", time))} ${row("wasm", parted(wasm, vm))} ${row("vm", parted(vm, wasm))}` : null}
      </dl>
      <div class="actions">
        ${first ? html`<button class="button" data-testid="go-to-difference" @click=${() => this.#go(first.row)}>${P.goToTime(time)}</button>` : null}
        <button class="button quiet" data-testid="copy-report" @click=${() => void this.#copy(verdict)}>${this.copied ? P.copied : P.copyReport}</button>
      </div>
      <p>${P.disagreeHelp}</p>`;
  }

  #time({ first }: Different): string {
    const { times, timeDecimals } = this.bench;
    return formatTime(times.value[first?.row ?? 0] ?? 0, timeDecimals.value);
  }

  #go(row: number): void {
    this.bench.scrub(this.bench.times.peek()[row] ?? 0);
    this.hidePopover();
  }

  async #copy(verdict: Different): Promise<void> {
    const { bench } = this;
    const report = {
      model: bench.compiled.peek()?.model,
      ...verdict,
      time: this.#time(verdict),
      values: Object.fromEntries(bench.overrides.peek()),
      browser: navigator.userAgent,
      text: bench.source.peek()?.text,
    };
    await navigator.clipboard.writeText(JSON.stringify(report, null, 2)).then(
      () => (this.copied = true),
      () => {}, // the browser does not allow it
    );
  }
}

function row(what: string, value: unknown): TemplateResult {
  return html`<div><dt>${what}</dt><dd dir="auto">${value}</dd></div>`;
}

/** A number, underlined from where it differs from the other. */
function parted(text: string, other: string): TemplateResult {
  let same = 0;
  while (same < text.length && text[same] === other[same]) same++;
  return html`${text.slice(0, same)}<u>${text.slice(same)}</u>`;
}

define("ps-engine-report", EngineReport);
