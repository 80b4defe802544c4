// The element: one model, its charts, its text. Lays the views out by its own width.
import { css, html, unsafeCSS } from "lit";
import type { TemplateResult } from "lit";
import "../charts/charts.js";
import type { Layout, Tab } from "../state/workbench.js";
import { S } from "../strings.js";
import "../diagram/diagram.js";
import "./banners.js";
import "./chart-tools.js";
import "./controls.js";
import { acceptDrops } from "./file-drop.js";
import { IS_MAC } from "./keys.js";
import { need, open, panelOf } from "./panels.js";
import "./start.js";
import { shared } from "./styles.js";
import "./time-bar.js";
import tokens from "./tokens.css";
import "./top-bar.js";
import { listenForUndo } from "./undo-keys.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

const WIDE = 1100;
const MEDIUM = 720;
/** The inspector comes when it is first asked for. */
let inspector: Promise<unknown> | undefined;

const SHARE = { least: 0.2, most: 0.65, step: 0.02 };

export class PenstockModel extends View {
  static override properties = { ...View.properties, dropping: { state: true } };
  declare dropping: boolean;

  static override styles = [
    unsafeCSS(tokens),
    shared,
    css`
      :host {
        display: block;
        height: 100%;
        background: var(--ps-page);
        position: relative;
      }
      .frame {
        height: 100%;
        display: grid;
        min-height: 0;
      }
      .frame > * {
        min-width: 0;
        min-height: 0;
      }
      .top {
        grid-area: top;
      }
      .rail {
        grid-area: rail;
        display: flex;
        flex-direction: column;
        background: var(--ps-panel);
      }
      main {
        grid-area: centre;
        display: grid;
        position: relative;
      }
      .charts {
        grid-area: charts;
        display: flex;
        flex-direction: column;
        position: relative;
      }
      .time {
        grid-area: time;
      }
      ps-charts,
      ps-table {
        flex: 1;
        min-height: 0;
      }
      .wide {
        grid-template:
          "top top top" var(--ps-top)
          "rail centre charts" minmax(0, 1fr)
          "time time time" var(--ps-time) / var(--ps-rail) minmax(0, 1fr) minmax(340px, calc(var(--share) * (100% - var(--ps-rail))));
      }
      .medium {
        grid-template:
          "top top" var(--ps-top)
          "rail centre" minmax(0, 1fr)
          "rail charts" minmax(0, 46%)
          "time time" var(--ps-time) / 248px minmax(0, 1fr);
      }
      .wide.alone,
      .medium.alone {
        grid-template-areas: "top top top" "rail centre centre" "time time time";
      }
      .medium.alone {
        grid-template: "top top" var(--ps-top) "rail centre" minmax(0, 1fr) "time time" var(--ps-time) / 248px minmax(0, 1fr);
      }
      .alone > .charts {
        display: none;
      }
      .wide > .rail,
      .medium > .rail {
        border-right: 1px solid var(--ps-line);
      }
      .wide > .charts {
        border-left: 1px solid var(--ps-line);
      }
      .medium > .charts {
        border-top: 1px solid var(--ps-line);
      }
      .phone {
        grid-template:
          "top" var(--ps-top)
          "centre" minmax(0, 5fr)
          "charts" minmax(0, 4fr)
          "rail" minmax(0, 5fr)
          "time" var(--ps-time) / minmax(0, 1fr);
      }
      .wide.inspecting {
        --ps-rail: 360px;
      }
      .medium.inspecting {
        grid-template-columns: 320px minmax(0, 1fr);
      }
      .phone.inspecting > .rail {
        grid-row: 3 / 5;
        grid-column: 1;
        z-index: 2;
        box-shadow: var(--ps-shadow);
        border-radius: var(--ps-r-panel) var(--ps-r-panel) 0 0;
      }
      .rail > ps-inspector {
        flex: 1;
      }
      .phone.alone {
        grid-template: "top" var(--ps-top) "centre" minmax(0, 1fr) "time" var(--ps-time) / minmax(0, 1fr);
      }
      .phone.alone > .rail {
        display: none;
      }
      .phone > .charts,
      .phone > .rail {
        border-top: 1px solid var(--ps-line);
      }
      .phone > .rail {
        padding-bottom: env(safe-area-inset-bottom);
      }
      .frame.gallery {
        grid-template: "top" var(--ps-top) "centre" minmax(0, 1fr) / minmax(0, 1fr);
      }
      .gallery > :is(.rail, .charts, .time) {
        display: none !important;
      }
      .tabs {
        display: flex;
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
      .splitter {
        position: absolute;
        z-index: 1;
        left: -5px;
        top: 0;
        bottom: 0;
        width: 9px;
        cursor: col-resize;
        touch-action: none;
      }
      .splitter:hover::after,
      .splitter:focus-visible::after {
        content: "";
        position: absolute;
        left: 3px;
        top: 0;
        bottom: 0;
        width: 3px;
        background: var(--ps-accent);
      }
      .splitter:focus-visible {
        outline-offset: -2px;
      }
      .drop {
        position: absolute;
        inset: 8px;
        z-index: 3;
        display: grid;
        place-items: center;
        border: 2px dashed var(--ps-accent);
        border-radius: var(--ps-r-panel);
        background: color-mix(in srgb, var(--ps-page) 88%, transparent);
        font: var(--ps-title);
        pointer-events: none;
      }
    `,
  ];

  #size: ResizeObserver | undefined;
  #undrop: (() => void) | undefined;
  #unlisten: (() => void) | undefined;

  override render(): TemplateResult {
    const { bench } = this;
    const layout = bench.layout.value;
    const phone = layout === "phone";
    const running = bench.phase.value === "ready";
    const writing = !phone && bench.textOpen.value && bench.source.value !== null;
    const gallery = bench.panel.value === "gallery" || bench.phase.value === "empty";
    const alone = !running && !writing && !(phone && bench.source.value);
    const inspecting = running && bench.selected.value !== null;
    if (inspecting) this.#loadInspector();
    if (writing || (phone && bench.tab.value === "text")) need(bench, "ps-text");
    if (bench.tab.value === "variables") need(bench, "ps-variables");
    this.setAttribute("theme", bench.theme.value);
    return html`
      <div class="frame ${layout} ${alone ? "alone" : ""} ${inspecting && !gallery ? "inspecting" : ""} ${gallery ? "gallery" : ""}" data-phase=${bench.phase.value} ${styleVariables({ share: bench.chartShare.value })}>
        <header class="top"><ps-top-bar .bench=${bench}></ps-top-bar></header>
        <aside class="rail" aria-label=${inspecting ? S.inspector : S.sidebar}>
          ${this.#rail(phone, inspecting)}
          ${inspecting ? html`<ps-inspector .bench=${bench}></ps-inspector>` : null}
        </aside>
        <main aria-label=${gallery ? S.allModels : writing ? S.textPane : S.diagram}>
          ${bench.panel.value === "gallery" ? html`<ps-gallery .bench=${bench}></ps-gallery>` : writing ? html`<ps-text .bench=${bench}></ps-text>` : running ? html`<ps-diagram .bench=${bench}></ps-diagram>` : html`<ps-start .bench=${bench}></ps-start>`}
        </main>
        <section class="charts" aria-label=${S.charts}>
          ${layout === "wide" ? this.#splitter() : null}
          <ps-banners .bench=${bench}></ps-banners>
          ${running ? html`${bench.tableOpen.value ? html`<ps-table .bench=${bench}></ps-table>` : html`<ps-charts .bench=${bench}></ps-charts>`}<ps-chart-tools .bench=${bench}></ps-chart-tools>` : writing ? html`<ps-start .bench=${bench}></ps-start>` : null}
        </section>
        <section class="time" aria-label=${S.timeBar}><ps-time-bar .bench=${bench}></ps-time-bar></section>
      </div>
      ${panelOf(bench)} ${this.dropping ? html`<div class="drop">${S.dropHere}</div>` : null}
    `;
  }

  /** What it covers stays as it was: a text half typed there is kept. */
  #rail(phone: boolean, covered: boolean): TemplateResult {
    const { bench } = this;
    const tabs: readonly Tab[] = phone ? ["controls", "variables", "text"] : ["controls", "variables"];
    const tab = tabs.includes(bench.tab.value) ? bench.tab.value : "controls";
    return html`
      <div class="tabs" role="tablist" aria-label=${S.sidebar} ?hidden=${covered} @keydown=${(event: KeyboardEvent) => this.#tabKey(event, tabs, tab)}>
        ${tabs.map(
          (name) =>
            html`<button
              role="tab"
              id="tab-${name}"
              data-testid="tab-${name}"
              aria-selected=${name === tab ? "true" : "false"}
              aria-controls="panel"
              tabindex=${name === tab ? "0" : "-1"}
              @click=${() => (bench.tab.value = name)}
            >
              ${S[name]}
            </button>`,
        )}
      </div>
      <div class="panel ${tab === "text" ? "filled" : ""}" id="panel" role="tabpanel" aria-labelledby="tab-${tab}" tabindex="-1" ?hidden=${covered}>
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

  #loadInspector(): void {
    inspector ??= import("../inspector/inspector.js").catch((error: unknown) => {
      console.warn(error);
      inspector = undefined;
      this.bench.select(null);
      this.bench.notice.value = { kind: "error", text: S.inspectorFailed, advice: "" };
    });
  }

  #tabKey(event: KeyboardEvent, tabs: readonly Tab[], tab: Tab): void {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + way + tabs.length) % tabs.length] ?? tab;
    this.bench.tab.value = next;
    this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  }

  // Splitter --------------------------------------------------------------------------------------------

  #splitter(): TemplateResult {
    const share = this.bench.chartShare.value;
    return html`<div
      class="splitter"
      data-testid="splitter"
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label=${S.resize}
      aria-valuenow=${Math.round(share * 100)}
      aria-valuemin=${SHARE.least * 100}
      aria-valuemax=${SHARE.most * 100}
      @keydown=${(event: KeyboardEvent) => {
        const way = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
        if (way === undefined) return;
        event.preventDefault();
        this.#share(share + way * SHARE.step);
      }}
      @pointerdown=${(event: PointerEvent) => (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)}
      @pointermove=${(event: PointerEvent) => {
        if (!(event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) return;
        const { right, width } = this.getBoundingClientRect();
        const rail = this.renderRoot.querySelector(".rail")?.clientWidth ?? 0;
        this.#share((right - event.clientX) / (width - rail));
      }}
    ></div>`;
  }

  #share(share: number): void {
    this.bench.chartShare.value = Math.min(SHARE.most, Math.max(SHARE.least, share));
  }

  // Life ------------------------------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    this.#measure(this.clientWidth);
    this.#size = new ResizeObserver(([entry]) => this.#measure(entry?.contentRect.width ?? this.clientWidth));
    this.#size.observe(this);
    this.#unlisten = listenForUndo(this, this.bench);
    this.#undrop = acceptDrops(this, this.bench, (over) => (this.dropping = over));
    addEventListener("keydown", this.#findKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size?.disconnect();
    this.#undrop?.();
    removeEventListener("keydown", this.#findKey);
    this.#unlisten?.();
  }

  #findKey = (event: KeyboardEvent): void => {
    const held = IS_MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    if (!held || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    void open(this.bench, "find");
  };

  #measure(width: number): void {
    const layout: Layout = width >= WIDE ? "wide" : width >= MEDIUM ? "medium" : "phone";
    if (width > 0) this.bench.layout.value = layout;
  }
}

define("penstock-model", PenstockModel);
