// How the clock runs: start, stop, step, method, each a change of the model's text.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Settings } from "../../../worker/tools.js";
import { RequestError } from "../client-api.js";
import type { Compiled } from "../client-api.js";
import { I } from "../strings-inspector.js";
import { S } from "../strings.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import { edit } from "./edits.js";
import type { Outcome } from "./edits.js";
import "./field.js";

const CLOCK = ["start", "stop", "dt", "save_step"] as const;
const METHODS = ["euler", "rk2", "rk4", "rk2_auto", "rk4_auto"];

export class ClockSettings extends View {
  static override properties = { ...View.properties, settings: { state: true } };
  declare settings: Settings | null;

  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      .fields {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px 12px;
        padding: 4px 0 8px;
      }
      h4 {
        margin: 0;
        min-height: 20px;
        font: 600 12px/16px var(--ps-font);
        color: var(--ps-text-2);
      }
      select {
        width: 100%;
        min-height: 36px;
        padding: 0 8px;
        border: 1px solid var(--ps-edge);
        border-radius: var(--ps-r);
        background: var(--ps-field);
        color: inherit;
        font: inherit;
      }
    `,
  ];

  constructor() {
    super();
    this.settings = null;
  }

  override firstUpdated(): void {
    this.watch(() => {
      const compiled = this.bench.compiled.value;
      if (compiled) void this.#ask(compiled);
    });
  }

  async #ask(compiled: Compiled): Promise<void> {
    try {
      const { settings } = await this.bench.client.ask("introspectResolved", { model: compiled.model });
      if (this.bench.compiled.peek() === compiled) this.settings = settings;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  }

  override render(): TemplateResult {
    const { bench, settings } = this;
    if (!settings) return html`<p class="dim">${I.startingSettings}</p>`;
    const set = (which: string) => (text: string): Promise<Outcome> => edit(bench, "setSettings", { [which]: text }, S.steps.settings);
    const field = (which: string, value: string): TemplateResult =>
      html`<div>
        <h4>${I.setting[which]}</h4>
        <ps-field .bench=${bench} field="setting ${which}" testid="setting-${which}" .label=${I.setting[which] ?? which} .value=${value} .commit=${set(which)}></ps-field>
      </div>`;
    const method = METHODS.includes(settings.method) ? METHODS : [...METHODS, settings.method];
    return html`<div class="fields">
      ${CLOCK.map((which) => field(which, String(settings[which])))} ${field("time_units", bench.timeUnits.value)}
      <div>
        <h4>${I.setting["method"]}</h4>
        <select data-testid="setting-method" aria-label=${I.setting["method"]} @change=${(event: Event) => void set("method")((event.target as HTMLSelectElement).value)}>
          ${method.map((name) => html`<option value=${name} ?selected=${name === settings.method}>${name}</option>`)}
        </select>
      </div>
    </div>`;
  }
}

define("ps-clock-settings", ClockSettings);
