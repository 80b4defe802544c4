// The column with the controls and the list of variables: wide, it is open; narrower, icons unfold it; on a phone it is a sheet.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Tab } from "../state/workbench.js";
import { S } from "../strings.js";
import "./controls.js";
import { icons } from "./icons.js";
import { need } from "./panels.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

export class Rail extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        flex: 1;
        min-height: 0;
      }
      .tabs {
        display: flex;
        align-items: stretch;
        gap: 4px;
        height: 44px;
        flex: none;
        padding: 0 12px;
        border-bottom: 1px solid var(--ps-line);
      }
      [role="tab"] {
        position: relative;
        padding: 0 6px;
        font-weight: 500;
        color: var(--ps-text-2);
      }
      [role="tab"]:hover {
        color: var(--ps-text);
      }
      [role="tab"]:focus-visible {
        outline-offset: -4px;
      }
      [role="tab"][aria-selected="true"] {
        color: var(--ps-text);
      }
      [role="tab"][aria-selected="true"]::after {
        content: "";
        position: absolute;
        left: 6px;
        right: 6px;
        bottom: -1px;
        height: 2px;
        border-radius: 2px 2px 0 0;
        background: var(--ps-accent);
      }
      .panel {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overflow-x: hidden;
      }
      .panel.filled {
        display: grid;
        overflow: hidden;
      }
      ps-grip {
        display: block;
        flex: none;
        height: 20px;
      }
      :host([layout="medium"]) {
        flex-direction: row;
      }
      :host([layout="medium"]) .tabs {
        flex-direction: column;
        width: 63px;
        height: auto;
        padding: 8px 0;
        border-bottom: 0;
      }
      :host([layout="medium"]) [role="tab"] {
        display: grid;
        justify-items: center;
        gap: 4px;
        padding: 10px 0;
        font: 500 11px/14px var(--ps-font);
      }
      :host([layout="medium"]) [role="tab"][aria-selected="true"] {
        color: var(--ps-accent);
      }
      :host([layout="medium"]) [role="tab"][aria-selected="true"]::after {
        inset: 8px auto 8px 0;
        width: 2px;
        height: auto;
        border-radius: 0 2px 2px 0;
      }
      :host([layout="medium"]) .panel {
        border-left: 1px solid var(--ps-line);
      }
    `,
  ];

  override render(): TemplateResult {
    const { bench } = this;
    const layout = bench.layout.value;
    this.setAttribute("layout", layout);
    const phone = layout === "phone";
    const medium = layout === "medium";
    if (phone) need(bench, "ps-grip");
    const tabs: readonly Tab[] = phone ? ["controls", "variables", "text"] : ["controls", "variables"];
    const tab = tabs.includes(bench.tab.value) ? bench.tab.value : "controls";
    const shut = medium ? !bench.railOpen.value : phone && bench.sheet.value === "low";
    const faces: Partial<Record<Tab, TemplateResult>> = medium ? { controls: icons.controls, variables: icons.list } : {};
    return html`
      ${phone ? html`<ps-grip .bench=${bench}></ps-grip>` : null}
      <div class="tabs" role="tablist" aria-label=${S.sidebar} aria-orientation=${medium ? "vertical" : "horizontal"} @keydown=${(event: KeyboardEvent) => this.#key(event, tabs, tab)}>
        ${tabs.map(
          (name) =>
            html`<button
              role="tab"
              id="tab-${name}"
              data-testid="tab-${name}"
              aria-selected=${name === tab && !shut ? "true" : "false"}
              aria-controls="panel"
              tabindex=${name === tab ? "0" : "-1"}
              @click=${() => this.#choose(name, name === tab && !shut)}
            >
              ${faces[name]}${S[name]}
            </button>`,
        )}
      </div>
      <div class="panel ${tab === "text" ? "filled" : ""}" id="panel" role="tabpanel" aria-labelledby="tab-${tab}" tabindex="-1" ?hidden=${shut}>
        ${
          tab === "controls"
            ? html`<ps-controls .bench=${bench}></ps-controls>`
            : tab === "variables"
              ? html`<ps-variables .bench=${bench}></ps-variables>`
              : html`<ps-text .bench=${bench}></ps-text>`
        }
      </div>
    `;
  }

  /** The icon of what is open folds it again; on a phone, what is chosen gets the room that it needs. */
  #choose(name: Tab, open: boolean): void {
    const { bench } = this;
    bench.railOpen.value = !(open && bench.layout.peek() === "medium");
    if (name === "text") bench.sheet.value = "full";
    else if (bench.sheet.peek() === "low") bench.sheet.value = "half";
    bench.tab.value = name;
  }

  #key(event: KeyboardEvent, tabs: readonly Tab[], tab: Tab): void {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + way + tabs.length) % tabs.length] ?? tab;
    this.bench.tab.value = next;
    this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  }
}

define("ps-rail", Rail);
