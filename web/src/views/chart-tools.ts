// The line below the charts: the run as a table, and as CSV.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import { formatMs } from "../state/format.js";
import { showTable } from "./panels.js";
import { shared } from "./styles.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

const SAID = 2000; // ms

export class ChartTools extends View {
  static override properties = { ...View.properties, copied: { state: true } };
  declare copied: boolean;

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 4px;
        flex: none;
        height: 40px;
        padding: 0 8px;
        border-top: 1px solid var(--ps-line);
        background: var(--ps-page);
      }
      .pace {
        margin-right: auto;
        padding-left: 8px;
        font: var(--ps-label);
        color: var(--ps-text-2);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      /* what takes long needs the room for its words */
      :host([busy]) :is([data-testid="copy-csv"], [data-testid="csv"]) {
        display: none;
      }
      .progress {
        position: absolute;
        left: 0;
        top: 0;
        right: 0;
        height: 2px;
        background: var(--ps-accent);
        transform-origin: left;
        animation: run var(--took) cubic-bezier(0.2, 0.6, 0.4, 1) both;
      }
      @keyframes run {
        from {
          transform: scaleX(0);
        }
        to {
          transform: scaleX(0.95);
        }
      }
      .button[aria-pressed="true"] {
        color: var(--ps-accent);
        background: var(--ps-accent-soft);
      }
      @media (pointer: coarse) {
        :host {
          height: 44px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.copied = false;
  }

  override render(): TemplateResult {
    const open = this.bench.tableOpen.value;
    // A phone has no room for it: the palette and the share panel do the same.
    const needed = this.bench.layout.value !== "phone" || open || this.bench.runs.pace.value !== "quick";
    this.toggleAttribute("hidden", !needed);
    this.toggleAttribute("busy", this.bench.runs.pace.value !== "quick");
    return html`
      ${this.#pace()}
      <span class="unseen" role="status">${this.copied ? S.csvCopied : ""}</span>
      <button
        class="button quiet"
        data-testid="table"
        aria-pressed=${open ? "true" : "false"}
        title=${open ? S.showCharts : S.showTable}
        @click=${() => showTable(this.bench)}
      >
        ${icons.table}${S.table}
      </button>
      <button class="button quiet" data-testid="copy-csv" aria-label=${S.copyCsvHelp} title=${S.copyCsvHelp} @click=${this.#copy}>
        ${this.copied ? icons.check : icons.copy}${this.copied ? S.csvCopied : S.copyCsv}
      </button>
      <button class="button quiet" data-testid="csv" aria-label=${S.saveCsv} title=${S.saveCsv} @click=${this.#save}>${icons.save}${S.formats.csv}</button>
    `;
  }

  #pace(): TemplateResult {
    const { bench } = this;
    const pace = bench.runs.pace.value;
    const ms = bench.runs.shown.value?.results.ms ?? 0;
    return html`
      ${pace === "quick" ? null : html`<span class="progress" data-testid="progress" ${styleVariables({ took: `${Math.max(600, ms).toFixed(0)}ms` })}></span>`}
      <span class="pace" role="status">${pace !== "quick" && !bench.waitsForRelease.value ? S.running : bench.waitsForRelease.value ? S.onRelease(formatMs(ms)) : ""}</span>
      ${pace === "long" ? html`<button class="button" data-testid="cancel-run" @click=${() => bench.cancelRun()}>${S.cancelRun}</button>` : null}
    `;
  }

  #save = async (): Promise<void> => {
    try {
      const { EXPORTS, made, save } = await import("../state/exports.js");
      const row = EXPORTS.find(({ key }) => key === "csv");
      if (row) save(await made(this.bench, row));
    } catch {
      this.#failed(S.panelFailed);
    }
  };

  #copy = async (): Promise<void> => {
    try {
      const { csv } = await import("../state/exports.js");
      await navigator.clipboard.writeText(await csv(this.bench).text());
      this.copied = true;
      setTimeout(() => (this.copied = false), SAID);
    } catch {
      this.#failed(S.copyFailed);
    }
  };

  #failed(text: string): void {
    this.bench.notice.value = { kind: "error", text, advice: "" };
  }
}

define("ps-chart-tools", ChartTools);
