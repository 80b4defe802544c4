// What the menu of models offers: the samples, texts put aside, a file, a new model.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Source } from "../state/drafts.js";
import { S } from "../strings.js";
import { chooseFile } from "./file-drop.js";
import { icons } from "./icons.js";
import { open } from "./panels.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

export class MenuList extends View {
  static override styles = [
    shared,
    css`
      :host {
        position: fixed;
        inset: auto;
        margin: 0;
        width: min(360px, calc(100vw - 16px));
        max-height: min(560px, calc(100vh - 64px));
        overflow: auto;
        padding: 6px;
        border: 1px solid var(--ps-line);
        border-radius: var(--ps-r-panel);
        background: var(--ps-raised);
        color: var(--ps-text);
        box-shadow: var(--ps-shadow);
      }
      [role="menuitem"] {
        display: flex;
        align-items: center;
        gap: 10px;
        width: 100%;
        min-height: 36px;
        padding: 6px 10px;
        border-radius: var(--ps-r);
      }
      [role="menuitem"]:hover,
      [role="menuitem"]:focus-visible {
        background: var(--ps-accent-soft);
        outline-offset: -2px;
      }
      [role="menuitem"] > .icon {
        color: var(--ps-text-2);
      }
      .texts {
        min-width: 0;
      }
      .texts > * {
        display: block;
      }
      .texts .title {
        font-weight: 500;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .group {
        padding: 8px 10px 4px;
        font: 600 12px/16px var(--ps-font);
        color: var(--ps-text-2);
      }
      hr {
        margin: 6px 4px;
        border: 0;
        border-top: 1px solid var(--ps-line);
      }
    `,
  ];

  override render(): TemplateResult {
    const { bench } = this;
    const samples = bench.samples.list.value;
    const recent = bench.drafts.recent.value;
    const item = (id: string, action: () => void, content: TemplateResult) =>
      html`<button role="menuitem" tabindex="-1" data-testid=${id} @click=${() => this.#choose(action)}>${content}</button>`;
    return html`
      ${samples.length > 0 ? html`<div class="group" role="presentation">${S.samples}</div>` : null}
      ${samples.map((sample) =>
        item(
          `sample-${sample.name}`,
          () => void bench.openSample(sample.name),
          html`<span class="texts"><span class="title">${sample.title}</span><span class="label">${sample.description}</span></span>`,
        ),
      )}
      ${recent.length > 0 ? html`<div class="group" role="presentation">${S.recent}</div>` : null}
      ${recent.map((source: Source) =>
        item(
          "recent",
          () => void bench.openText(source),
          html`${icons.file}<span class="texts"><span class="title" dir="auto">${source.name}</span></span>`,
        ),
      )}
      <hr role="separator" />
      ${item("all-models", () => void open(bench, "gallery"), html`${icons.diagram}<span class="title">${S.allModels}</span>`)}
      ${item("open-file", () => chooseFile(bench), html`${icons.folder}<span class="title">${S.openFile}</span>`)}
      ${item("new-model", () => bench.newModel(), html`${icons.plus}<span class="title">${S.newModel}</span>`)}
    `;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("toggle", this.#toggled);
    this.addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("toggle", this.#toggled);
    this.removeEventListener("keydown", this.#key);
  }

  /** Loaded while it is open already, it takes the focus then. */
  override firstUpdated(): void {
    if (this.matches(":popover-open")) this.#items[0]?.focus();
  }

  get #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  }

  #toggled = (event: Event): void => {
    if ((event as ToggleEvent).newState === "open") this.#items[0]?.focus();
  };

  #choose(action: () => void): void {
    this.hidePopover();
    action();
  }

  #key = (event: KeyboardEvent): void => {
    const items = this.#items;
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const next = to[event.key];
    if (next === undefined) {
      if (event.key === "Tab") this.hidePopover();
      return;
    }
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  };
}

define("ps-menu-list", MenuList);
