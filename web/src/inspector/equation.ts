// One equation: plain text at first, an editor as soon as that is there. What is right goes into the model by itself.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { canonical } from "../../../worker/canonical.js";
import type { Diagnostic } from "../../../worker/protocol.js";
import type { NameRow, WrittenPart } from "../../../worker/tools.js";
import { RequestError } from "../client-api.js";
import { formatConstant } from "../state/format.js";
import { I } from "../strings-inspector.js";
import { S } from "../strings.js";
import type { FixEvent } from "../text/editor.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import { draftOf, keepDraft } from "./drafts.js";
import type { EquationEditor, Part } from "./equation-editor.js";
import { edit } from "./edits.js";
import { inquiryOf } from "./inquiry.js";
import { valueOf } from "./steps.js";

const REST = 350; // ms without a keystroke before a text is looked at
const BURST = 1200; // ms without one end a step

export class Equation extends View {
  static override properties = { ...View.properties, row: { attribute: false }, label: {}, problems: { state: true }, open: { state: true } };
  declare row: WrittenPart;
  declare label: string;
  declare problems: readonly Diagnostic[];
  declare open: boolean; // typed, and not in the model

  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      .field {
        border: 1px solid var(--ps-edge);
        border-radius: var(--ps-r);
        background: var(--ps-field);
        min-height: 36px;
        overflow: hidden;
      }
      .field:focus-within {
        border-color: var(--ps-accent);
        box-shadow: 0 0 0 1px var(--ps-accent);
      }
      .field.wrong {
        border-color: var(--ps-error);
      }
      pre {
        margin: 0;
        padding: 7px 10px;
        font: var(--ps-code);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-height: 220px;
        overflow-y: auto;
      }
      .open {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        padding-top: 4px;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
    `,
  ];

  #editor: EquationEditor | undefined;
  #loading = false;
  #shown = ""; // which part
  #timer = 0;
  #ticket = 0;
  #typed = -Infinity;
  #burst = 0;

  constructor() {
    super();
    this.problems = [];
    this.open = false;
  }

  override render(): TemplateResult {
    const wrong = this.problems.some((problem) => problem.severity === "error");
    return html`
      <div class="field ${wrong ? "wrong" : ""}" data-testid="equation-field"><div class="place" @ps-fix=${this.#fix}></div></div>
      ${
        this.open && wrong
          ? html`<div class="open" role="status">
              <span>${I.notInModel}</span>
              <button class="link" data-testid="discard" @click=${this.#discard}>${I.discard}</button>
            </div>`
          : null
      }
    `;
  }

  override firstUpdated(): void {
    this.watch(() => {
      void inquiryOf(this.bench).traced.value;
      void this.bench.runs.shown.value;
      void this.bench.row.value;
      this.#editor?.refresh();
    });
    this.watch(() => {
      this.#editor?.setNames(this.#colours());
    });
  }

  override updated(changed: Map<string, unknown>): void {
    if (!changed.has("row") && this.#loading) return;
    const field = this.#field;
    const draft = draftOf(this.bench, field);
    if (field !== this.#shown) {
      this.#shown = field;
      this.#leave();
      this.problems = [];
      this.open = draft !== undefined;
      if (draft !== undefined) this.#soon(draft);
    } else if (this.#editor?.focused && this.#editor.text !== this.row.text && this.#waiting) {
      return; // still being typed
    }
    this.#show(draft ?? this.row.text);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  get #field(): string {
    return `${this.row.name}\n${this.row.part}`;
  }

  get #waiting(): boolean {
    return this.#timer !== 0 || draftOf(this.bench, this.#field) !== undefined;
  }

  #show(text: string): void {
    if (this.#editor) {
      this.#editor.setText(text);
      this.#editor.refresh();
      return;
    }
    const place = this.renderRoot.querySelector(".place");
    const plain = document.createElement("pre");
    plain.textContent = text;
    plain.tabIndex = 0;
    place?.replaceChildren(plain);
    if (!this.#loading) void this.#load();
  }

  async #load(): Promise<void> {
    this.#loading = true;
    const loaded = await import("./equation-editor.js").catch((error: unknown) => void console.warn(error));
    if (!loaded) return; // the equation can be read, and edited in the text
    const { createEquationEditor } = loaded;
    const place = this.renderRoot.querySelector<HTMLElement>(".place");
    if (!place || !this.shadowRoot) return;
    const hadFocus = this.shadowRoot.activeElement !== null;
    place.replaceChildren();
    const text = draftOf(this.bench, this.#field) ?? this.row.text;
    this.#editor = createEquationEditor(place, this.shadowRoot, text, this.label, {
      changed: (now) => this.#changed(now),
      finished: () => this.#finish(),
      undo: () => this.bench.undo(),
      redo: () => this.bench.redo(),
      fields: () => inquiryOf(this.bench).fields.peek(),
      detail: (name) => this.#detail(name),
      parts: () => this.#parts(),
      words: { function: I.function, notTaken: I.notTaken },
    });
    this.#editor.setProblems(this.problems);
    this.#editor.setNames(this.#colours());
    this.#editor.refresh();
    if (hadFocus) this.#editor.focus();
  }

  // Typing ------------------------------------------------------------------------------------------------

  #changed(text: string): void {
    const now = performance.now();
    if (now - this.#typed > BURST) this.#burst++;
    this.#typed = now;
    keepDraft(this.bench, this.#field, text, this.row.text);
    this.open = text !== this.row.text;
    this.#soon(text);
  }

  #soon(text: string): void {
    clearTimeout(this.#timer);
    this.#ticket++;
    this.#timer = setTimeout(() => void this.#take(text), REST);
  }

  /** What was typed is looked at now. */
  #finish(): void {
    if (this.#timer && this.#editor) void this.#take(this.#editor.text);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#ticket++;
  }

  /** Checks a text, and makes it the equation if it can be. */
  async #take(text: string): Promise<void> {
    if (this.#editor?.choosing) return this.#soon(text); // a mark would lie under the list
    this.#leave();
    const { bench, row: part } = this;
    const ticket = this.#ticket;
    const field = this.#field;
    if (text === part.text) return this.#mark([]);
    const findings = await this.#findings(text);
    if (ticket !== this.#ticket || field !== this.#field) return;
    this.#mark(findings);
    if (findings.some((problem) => problem.severity === "error")) return;
    const asked = { name: part.name, equation: text, part: part.part };
    const outcome = await edit(bench, "setEquation", asked, S.steps.equation(part.name), `equation ${field} ${this.#burst}`);
    if (outcome.made) {
      if (draftOf(bench, field) === text) keepDraft(bench, field, text, text);
      if (ticket === this.#ticket) {
        this.open = false;
        this.#editor?.forget();
      }
    } else if (ticket === this.#ticket) {
      this.#mark(outcome.problems);
    }
  }

  async #findings(equation: string): Promise<readonly Diagnostic[]> {
    const compiled = this.bench.compiled.peek();
    if (!compiled) return [];
    try {
      const asked = { model: compiled.model, variable: this.row.name, equation, part: this.row.part };
      return (await this.bench.client.ask("validateFor", asked)).diagnostics;
    } catch (error) {
      if (error instanceof RequestError) return error.diagnostics;
      throw error;
    }
  }

  #mark(problems: readonly Diagnostic[]): void {
    this.problems = problems;
    this.#editor?.setProblems(problems.map((problem) => ({ ...problem, range: problem.range ?? [0, this.#editor?.text.length ?? 0] })));
  }

  /** One of a problem's fixes, as if it were typed. */
  #fix = ({ detail: { problem, fix } }: FixEvent): void => {
    const editor = this.#editor;
    if (!editor || !problem.range || this.#timer) return;
    const { text } = editor;
    const fixed = text.slice(0, problem.range[0]) + fix + text.slice(problem.range[1]);
    editor.setText(fixed);
    this.#changed(fixed);
    this.#finish();
  };

  #discard = (): void => {
    this.#leave();
    keepDraft(this.bench, this.#field, "", "");
    this.open = false;
    this.#mark([]);
    this.#editor?.setText(this.row.text);
    this.#editor?.focus();
  };

  // What the editor shows ---------------------------------------------------------------------------------

  #detail(row: NameRow): string {
    const { bench } = this;
    const run = bench.runs.shown.peek();
    const variable = bench.variables.peek().find((other) => canonical(other.name) === canonical(row.name));
    const value = run && variable ? formatConstant(bench.valueAt(run, variable.name, bench.row.peek())) : "";
    return value ? `${row.kind} · ${value}` : row.kind;
  }

  /** The parts of the equation by their places in it, with their values at the cursor. */
  #parts(): readonly Part[] {
    const { bench, row: part } = this;
    const trace = inquiryOf(bench).current;
    const [start = 0, end = 0] = part.range ?? [];
    if (!trace || end - start !== part.text.length || this.#editor?.text !== part.text) return [];
    const time = bench.times.peek()[bench.row.peek()] ?? 0;
    const within = (range: number[] | null): range is number[] => range !== null && (range[0] ?? -1) >= start && (range[1] ?? Infinity) <= end;
    const owner = canonical(part.name.replace(/\[.*/, ""));
    const equation = trace.equations.find(
      (row) => row.within === "" && canonical(row.variable.replace(/\[.*/, "")) === owner && row.pieces.some((piece) => within(piece.range)),
    );
    return (equation?.pieces ?? []).flatMap((piece) => {
      if (!within(piece.range) || piece.elements) return [];
      const value = valueOf(piece, trace.times, time);
      const [from = 0, to = 0] = piece.range;
      return [{ start: from - start, end: to - start, value: formatConstant(value ?? Number.NaN), taken: value !== null }];
    });
  }

  #colours(): ReadonlyMap<string, number | null> {
    const { bench } = this;
    const colours = bench.colours.of.value;
    const plotted = new Set(bench.plotted.value.map((name) => name.replace(/\[.*/, "")));
    const names = bench.compiled.value?.document.variables ?? [];
    return new Map(names.map(({ name }) => [name, plotted.has(name) ? (colours.get(name) ?? 0) : null]));
  }
}

define("ps-equation", Equation);
