// The name of a symbol while it is typed: Enter takes it, Escape or leaving changes nothing.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Diagnostic } from "../../../../worker/protocol.js";
import type { Outcome } from "../../inspector/edits.js";
import { S } from "../../strings.js";
import { shared } from "../../views/styles.js";
import { define, View } from "../../views/view.js";

export interface Naming {
  readonly text: string; // to begin with
  readonly at: readonly [x: number, y: number]; // in the drawing
  readonly done: (name: string) => Promise<Outcome>;
  readonly back: number | undefined; // the symbol that gets the focus again
}

export class NameBox extends View {
  static override properties = { ...View.properties, naming: { attribute: false }, close: { attribute: false }, wrong: { state: true } };
  declare naming: Naming;
  declare close: (naming: Naming) => void;
  declare wrong: readonly Diagnostic[];

  static override styles = [
    shared,
    css`
      :host {
        position: absolute;
        left: var(--x);
        top: var(--y);
        translate: -50% -8px;
        width: 180px;
      }
      input {
        width: 100%;
        height: 32px;
        padding: 0 8px;
        border: 1px solid var(--ps-accent);
        border-radius: var(--ps-r);
        background: var(--ps-field);
        text-align: center;
        outline: 1px solid var(--ps-accent);
      }
      p {
        margin-top: 4px;
        padding: 6px 8px;
        border-radius: var(--ps-r);
        background: var(--ps-error-soft);
        font: var(--ps-label);
      }
    `,
  ];

  #taking = false;

  constructor() {
    super();
    this.wrong = [];
  }

  override render(): TemplateResult {
    return html`<form @submit=${this.#take}>
      <input
        data-testid="symbol-name"
        aria-label=${S.nameFor}
        aria-invalid=${this.wrong.length > 0 ? "true" : "false"}
        autocomplete="off"
        spellcheck="false"
        dir="auto"
        @keydown=${this.#key}
        @blur=${() => !this.#taking && this.wrong.length === 0 && this.close(this.naming)}
      />
      ${this.wrong.map((problem) => html`<p role="alert">${S.sentence(problem.message)} ${problem.advice}</p>`)}
    </form>`;
  }

  override updated(changed: Map<string, unknown>): void {
    const input = this.renderRoot.querySelector("input");
    if (!input || !changed.has("naming")) return;
    this.wrong = [];
    input.value = this.naming.text;
    input.focus();
    input.select();
  }

  #take = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { naming } = this;
    const name = this.renderRoot.querySelector("input")?.value.trim() ?? "";
    if (name === "") return this.close(naming);
    this.#taking = true;
    const outcome = await naming.done(name);
    this.#taking = false;
    if (outcome.made) this.close(naming);
    else if (naming === this.naming) this.wrong = outcome.problems;
  };

  #key = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.close(this.naming);
  };
}

define("ps-symbol-name", NameBox);
