// The model's name; pressed, it offers the samples, a file, a new model and texts put aside.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

export class ModelMenu extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .name {
        display: flex;
        align-items: center;
        gap: 4px;
        max-width: 100%;
        height: 36px;
        padding: 0 8px;
        border-radius: var(--ps-r);
        font-weight: 600;
      }
      .name:hover,
      .name[aria-expanded="true"] {
        background: var(--ps-hover);
      }
      .name span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name .icon {
        color: var(--ps-text-2);
      }
    `,
  ];

  override render(): TemplateResult {
    const { bench } = this;
    return html`
      <button
        class="name"
        data-testid="models"
        aria-haspopup="menu"
        aria-expanded="false"
        aria-label=${S.modelMenu(bench.title.value)}
        @pointerenter=${nearby}
        @focus=${nearby}
        @click=${this.#toggle}
        @keydown=${this.#openKey}
      >
        <span dir="auto" data-testid="title">${bench.title.value || S.noModel}</span>${icons.down}
      </button>
      <ps-menu-list .bench=${bench} popover="auto" role="menu" aria-label=${S.models} @toggle=${this.#toggled}></ps-menu-list>
    `;
  }

  #toggle = async (): Promise<void> => {
    const menu = this.renderRoot.querySelector<HTMLElement>("ps-menu-list");
    const button = this.renderRoot.querySelector(".name");
    if (!menu || !button) return;
    const { left, bottom } = button.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - 376))}px`;
    menu.style.top = `${bottom + 4}px`;
    menu.togglePopover();
    await load().catch(() => (this.bench.notice.value = { kind: "error", text: S.panelFailed, advice: "" }));
  };

  #toggled = (event: Event): void => {
    const open = (event as ToggleEvent).newState === "open";
    this.renderRoot.querySelector(".name")?.setAttribute("aria-expanded", String(open));
  };

  #openKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    void this.#toggle();
  };
}

/** What the menu offers is loaded when a hand comes near. */
const load = (): Promise<unknown> => import("./menu-list.js");
const nearby = (): void => void load().catch(() => {}); // a click says so

define("ps-menu", ModelMenu);
