// Finds a variable, a command or a sample by a few letters of its name.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { commandsOf } from "../state/commands.js";
import { ranked } from "../state/fuzzy.js";
import type { Workbench } from "../state/workbench.js";
import { P } from "../strings-panels.js";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import { panelStyles } from "./panel.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

const MOST = 40;

interface Item {
  readonly text: string;
  readonly kind: string;
  readonly act: (other: boolean) => void; // `other`: with Ctrl held
}

export class Find extends View {
  static override properties = { ...View.properties, wanted: { state: true }, at: { state: true } };
  declare wanted: string;
  declare at: number;

  static override styles = [
    shared,
    panelStyles,
    css`
      dialog {
        width: min(560px, calc(100vw - 16px));
        margin: 56px auto auto;
        overflow: hidden;
      }
      .field {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 0 16px;
        border-bottom: 1px solid var(--ps-line);
        color: var(--ps-text-2);
      }
      input {
        flex: 1;
        min-width: 0;
        height: 48px;
        border: 0;
        background: none;
        color: var(--ps-text);
        font-size: 16px;
      }
      input:focus-visible {
        outline: none; /* the panel is nothing but this field: its line tells */
      }
      .field:focus-within {
        border-bottom-color: var(--ps-accent);
      }
      ul {
        max-height: min(400px, calc(100dvh - 200px));
        overflow-y: auto;
        padding: 6px;
      }
      li {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 16px;
        min-height: 36px;
        padding: 4px 10px;
        border-radius: var(--ps-r);
        cursor: pointer;
      }
      li[aria-selected="true"] {
        background: var(--ps-accent-soft);
        box-shadow: inset 2px 0 var(--ps-accent);
      }
      li span:first-child {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .kind {
        flex: none;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
      mark {
        background: none;
        color: inherit;
        font-weight: 700;
      }
      .none,
      .help {
        padding: 12px 16px;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
      .help {
        padding: 8px 16px;
        border-top: 1px solid var(--ps-line);
      }
      @media (forced-colors: active) {
        li[aria-selected="true"] {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  #found: readonly { item: Item; places: readonly number[] }[] = [];

  constructor() {
    super();
    this.wanted = "";
    this.at = 0;
  }

  override render(): TemplateResult {
    this.#found = ranked(this.wanted, itemsOf(this.bench), (item) => item.text, MOST);
    const at = Math.min(this.at, this.#found.length - 1);
    return html`<dialog
      aria-label=${S.find}
      data-testid="find-panel"
      @close=${() => this.bench.panel.value === "find" && (this.bench.panel.value = "")}
      @click=${(event: MouseEvent) => event.target === event.currentTarget && (event.currentTarget as HTMLDialogElement).close()}
    >
      <div class="field">
        ${icons.search}
        <input
          role="combobox"
          data-testid="find-field"
          aria-label=${S.find}
          aria-expanded="true"
          aria-controls="results"
          aria-autocomplete="list"
          aria-activedescendant=${at >= 0 ? `result-${at}` : ""}
          autocomplete="off"
          spellcheck="false"
          placeholder=${S.find}
          .value=${this.wanted}
          @input=${(event: Event) => {
            this.wanted = (event.target as HTMLInputElement).value;
            this.at = 0;
          }}
          @keydown=${this.#key}
        />
      </div>
      <ul id="results" role="listbox" aria-label=${P.findResults}>
        ${this.#found.map(
          ({ item, places }, number) =>
            html`<li
              role="option"
              id="result-${number}"
              data-testid="find-result"
              aria-selected=${number === at ? "true" : "false"}
              @pointermove=${() => (this.at = number)}
              @click=${(event: MouseEvent) => this.#choose(number, event.ctrlKey || event.metaKey)}
            >
              <span dir="auto">${marked(item.text, places)}</span><span class="kind" dir="auto">${item.kind}</span>
            </li>`,
        )}
      </ul>
      ${this.#found.length === 0 ? html`<p class="none" role="status">${P.findsNothing(this.wanted)}</p>` : null}
      <p class="help">${P.findHelp}</p>
    </dialog>`;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
    this.renderRoot.querySelector("input")?.focus();
  }

  override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #key = (event: KeyboardEvent): void => {
    const last = this.#found.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: this.at >= last ? 0 : this.at + 1,
      ArrowUp: this.at <= 0 ? last : this.at - 1,
      PageDown: Math.min(last, this.at + 8),
      PageUp: Math.max(0, this.at - 8),
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.at = to;
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#choose(Math.min(this.at, last), event.ctrlKey || event.metaKey);
    }
  };

  #choose(number: number, other: boolean): void {
    const found = this.#found[number];
    if (!found) return;
    this.renderRoot.querySelector("dialog")?.close();
    found.item.act(other);
  }
}

function itemsOf(bench: Workbench): Item[] {
  const variables = bench.variables.value.map((variable): Item => {
    const { name, kind, units } = variable;
    const act = (other: boolean): void => {
      if (!other) return bench.select(name);
      bench.togglePlotted(name);
    };
    return { text: name, kind: [P.kind(kind), units].filter(Boolean).join(", "), act };
  });
  const samples = bench.samples.list.value.map(({ name, title }): Item => ({ text: title, kind: P.sample, act: () => void bench.openSample(name) }));
  const commands = commandsOf(bench).map(({ label, act }): Item => ({ text: label, kind: P.command, act }));
  return [...variables, ...commands, ...samples];
}

/** The letters that were found, stronger than the rest. */
function marked(text: string, places: readonly number[]): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let from = 0;
  for (let at = 0; at < places.length; at++) {
    const start = places[at] ?? 0;
    let end = start + 1;
    while (places[at + 1] === end) {
      end++;
      at++;
    }
    parts.push(text.slice(from, start), html`<mark>${text.slice(start, end)}</mark>`);
    from = end;
  }
  return [...parts, text.slice(from)];
}

define("ps-find", Find);
