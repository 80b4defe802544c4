// A field of a variable: what is typed goes into the model with Enter or on leaving; Escape takes it back.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Diagnostic } from "../../../worker/protocol.js";
import { S } from "../strings.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import { draftOf, keepDraft } from "./drafts.js";
import type { Outcome } from "./edits.js";

export class Field extends View {
  static override properties = {
    ...View.properties,
    field: {},
    label: {},
    value: {},
    placeholder: {},
    testid: {},
    multiline: { type: Boolean },
    commit: { attribute: false },
    problems: { state: true },
  };
  declare field: string; // whose draft it is
  declare label: string;
  declare value: string;
  declare placeholder: string;
  declare testid: string;
  declare multiline: boolean;
  declare commit: (text: string) => Promise<Outcome>;
  declare problems: readonly Diagnostic[];

  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      input,
      textarea {
        display: block;
        width: 100%;
        min-height: 36px;
        padding: 7px 10px;
        border: 1px solid var(--ps-edge);
        border-radius: var(--ps-r);
        background: var(--ps-field);
        color: inherit;
        font: inherit;
      }
      textarea {
        resize: none;
        field-sizing: content;
        max-height: 200px;
      }
      ::placeholder {
        color: var(--ps-text-2);
        opacity: 1;
      }
      :focus-visible {
        border-color: var(--ps-accent);
        outline: 1px solid var(--ps-accent);
        outline-offset: 0;
      }
      [aria-invalid="true"] {
        border-color: var(--ps-error);
      }
      p {
        padding-top: 4px;
        font: var(--ps-label);
        color: var(--ps-error);
      }
      p span {
        display: block;
        color: var(--ps-text-2);
      }
    `,
  ];

  #taking = "";

  constructor() {
    super();
    this.multiline = false;
    this.placeholder = "";
    this.problems = [];
  }

  override render(): TemplateResult {
    const shown = draftOf(this.bench, this.field) ?? this.value;
    const errors = this.problems.filter((problem) => problem.severity === "error");
    const wrong = errors.length > 0 ? "true" : "false";
    return html`
      ${
        this.multiline
          ? html`<textarea
              rows="2"
              dir="auto"
              data-testid=${this.testid}
              aria-label=${this.label}
              aria-invalid=${wrong}
              placeholder=${this.placeholder}
              .value=${shown}
              @input=${this.#typed}
              @keydown=${this.#key}
              @blur=${this.#take}
            ></textarea>`
          : html`<input
              dir="auto"
              data-testid=${this.testid}
              aria-label=${this.label}
              aria-invalid=${wrong}
              placeholder=${this.placeholder}
              autocomplete="off"
              spellcheck="false"
              .value=${shown}
              @input=${this.#typed}
              @keydown=${this.#key}
              @blur=${this.#take}
            />`
      }
      ${errors.map((problem) => html`<p role="alert">${S.sentence(problem.message)}<span>${problem.advice}</span></p>`)}
    `;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("field")) this.problems = [];
  }

  get #input(): HTMLInputElement | HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("input, textarea");
  }

  #typed = (): void => {
    keepDraft(this.bench, this.field, this.#input?.value ?? "", this.value);
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (!this.multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.#take();
    } else if (event.key === "Escape" && draftOf(this.bench, this.field) !== undefined) {
      event.preventDefault();
      keepDraft(this.bench, this.field, "", "");
      this.problems = [];
      const input = this.#input;
      if (input) input.value = this.value;
      this.requestUpdate();
    }
  };

  #take = async (): Promise<void> => {
    const { bench, field } = this;
    const text = draftOf(bench, field);
    if (text === undefined || this.#taking === text) return;
    this.#taking = text;
    const outcome = await this.commit(text);
    this.#taking = "";
    if (outcome.made && draftOf(bench, field) === text) keepDraft(bench, field, text, text);
    if (field === this.field) this.problems = outcome.made ? [] : outcome.problems;
  };
}

define("ps-field", Field);
