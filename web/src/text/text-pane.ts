// The model's text beside the charts; the editor comes as its own chunk once the page is idle or the pane is used.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { untracked } from "../state/signals.js";
import { S } from "../strings.js";
import { icons } from "../views/icons.js";
import "../views/problems.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import type { FixEvent, TextEditor } from "./editor.js";

const BURST = 1000; // ms without a keystroke end a step
const PATIENCE = 400; // ms after a keystroke before a new mark moves the lines below it

export class TextPane extends View {
  static override properties = { ...View.properties, failed: { state: true } };
  declare failed: boolean;

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        min-width: 0;
        background: var(--ps-page);
      }
      header {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 44px;
        padding: 0 8px 0 16px;
        border-bottom: 1px solid var(--ps-line);
      }
      h2 {
        font: 600 14px/20px var(--ps-font);
      }
      .file {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
      .editor {
        flex: 1;
        min-height: 0;
        overflow: hidden;
      }
      .editor:focus-within {
        outline: 2px solid var(--ps-accent);
        outline-offset: -2px;
      }
      pre {
        margin: 0;
        height: 100%;
        overflow: auto;
        padding: 8px 12px 8px 42px;
        font: var(--ps-code);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .failed {
        padding: 8px 16px;
        color: var(--ps-error);
      }
    `,
  ];

  #editor: TextEditor | undefined;
  #loading = false;
  #document = "";
  #typed = -Infinity;
  #burst = 0;
  #patience = 0;

  override render(): TemplateResult {
    const { bench } = this;
    const source = bench.source.value;
    const changed = source !== null && source.text !== source.original && source.original !== "";
    return html`
      <header>
        <h2>${S.textPane}</h2>
        <span class="file" dir="auto">${source?.name ?? ""}</span>
        ${
          changed
            ? html`<button class="button quiet" data-testid="revert" @click=${() => bench.revert()}>${icons.undo}${S.undo}</button>`
            : null
        }
      </header>
      ${this.failed ? html`<p class="failed" role="alert">${S.editorFailed}</p>` : null}
      <div class="editor" @ps-fix=${({ detail }: FixEvent) => bench.fix(detail.problem, detail.fix)}></div>
      <ps-problems .bench=${bench}></ps-problems>
    `;
  }

  override firstUpdated(): void {
    this.#showPlain();
    const load = (): void => void this.#load();
    // Loading waits until there is something to look at.
    this.watch(() => {
      if (this.#loading || this.bench.phase.value === "loading") return;
      this.#loading = true;
      if ("requestIdleCallback" in window) requestIdleCallback(load, { timeout: 1500 });
      else setTimeout(load, 300);
    });
    this.watch(() => {
      const source = this.bench.source.value;
      const document = source ? `${source.name}\n${source.original}` : "";
      if (this.#editor) this.#editor.setText(source?.text ?? "", document !== this.#document);
      else this.#showPlain();
      if (document !== this.#document) this.#mark();
      this.#document = document;
    });
    this.watch(() => {
      const problems = this.bench.compiles.problems.value;
      clearTimeout(this.#patience);
      const typing = performance.now() - this.#typed < PATIENCE;
      this.#patience = setTimeout(() => this.#editor?.setProblems(problems), problems.length > 0 && typing ? PATIENCE : 0);
    });
    this.watch(() => {
      const names = this.#names();
      this.#editor?.setNames(names, this.#own);
    });
    this.watch(() => this.#reveal());
  }

  /** The text before the editor is there: readable, and in the same place. */
  #showPlain(): void {
    const place = this.renderRoot.querySelector(".editor");
    if (!place || this.#editor) return;
    const plain = document.createElement("pre");
    plain.textContent = this.bench.source.peek()?.text ?? "";
    plain.tabIndex = 0;
    plain.setAttribute("role", "region");
    plain.setAttribute("aria-label", S.textPane);
    place.replaceChildren(plain);
  }

  async #load(): Promise<void> {
    const place = this.renderRoot.querySelector<HTMLElement>(".editor");
    const root = this.shadowRoot;
    if (!place || !root || this.#editor) return;
    try {
      const { createEditor } = await import("./editor.js");
      place.replaceChildren();
      const text = this.bench.source.peek()?.text ?? "";
      this.#editor = createEditor(place, root, text, S.textPane, {
        changed: (changed) => this.#changed(changed),
        undo: () => this.bench.undo(),
        redo: () => this.bench.redo(),
      });
    } catch (error) {
      this.failed = true;
      console.warn(error);
      return;
    }
    this.#mark();
    this.#reveal();
  }

  /** What is typed without a pause is one step. */
  #changed(text: string): void {
    const now = performance.now();
    if (now - this.#typed > BURST) this.#burst++;
    this.#typed = now;
    this.bench.edit(text, S.steps.text, `typing ${this.#burst}`);
  }

  #mark(): void {
    this.#editor?.setProblems(this.bench.compiles.problems.peek());
    this.#editor?.setNames(untracked(() => this.#names()), this.#own);
  }

  /** All names, for a long one may hold a short one; with the colours of those that are plotted. */
  #names(): ReadonlyMap<string, number | null> {
    const colours = this.bench.colours.of.value;
    const plotted = new Map(this.bench.plotted.value.map((name) => [name.replace(/\[.*/, ""), colours.get(name) ?? 0]));
    const all = this.bench.compiled.value?.document.variables ?? [];
    return new Map([...all.map((variable) => [variable.name, plotted.get(variable.name) ?? null] as const)]);
  }

  /** Whether the text is in Penstock's own form. */
  get #own(): boolean {
    const source = this.bench.source.peek();
    return source !== null && (source.format === "pen" || source.name.endsWith(".pen"));
  }

  #reveal(): void {
    const place = this.bench.reveal.value;
    if (!place || !this.#editor) return;
    const editor = this.#editor;
    queueMicrotask(() => {
      this.bench.reveal.value = null;
      requestAnimationFrame(() => editor.reveal(...place)); // the pane may only now become visible
    });
  }
}

define("ps-text", TextPane);
