// The element: one model, its charts, its text. Lays the views out by its own width.
import { html, unsafeCSS } from "lit";
import type { TemplateResult } from "lit";
import "../charts/charts.js";
import type { Layout } from "../state/workbench.js";
import { S } from "../strings.js";
import "../diagram/diagram.js";
import "./chart-tools.js";
import { acceptDrops } from "./file-drop.js";
import { frameStyles } from "./frame-styles.js";
import { IS_MAC } from "./keys.js";
import { need, open, panelOf } from "./panels.js";
import "./rail.js";
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

  static override styles = [unsafeCSS(tokens), shared, frameStyles];

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
      <div class="frame ${layout} ${alone ? "alone" : ""} ${inspecting && !gallery ? "inspecting" : ""} ${gallery ? "gallery" : ""} ${bench.railOpen.value ? "unfolded" : ""}" data-sheet=${bench.sheet.value} data-phase=${bench.phase.value} ${styleVariables({ share: bench.chartShare.value })}>
        <header class="top"><ps-top-bar .bench=${bench}></ps-top-bar></header>
        <aside class="rail" aria-label=${inspecting ? S.inspector : S.sidebar}>
          <ps-rail .bench=${bench} ?hidden=${inspecting}></ps-rail>
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

  #loadInspector(): void {
    inspector ??= import("../inspector/inspector.js").catch((error: unknown) => {
      console.warn(error);
      inspector = undefined;
      this.bench.select(null);
      this.bench.notice.value = { kind: "error", text: S.inspectorFailed, advice: "" };
    });
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

  /** The words above the charts are loaded when there are some. */
  override firstUpdated(): void {
    const { bench } = this;
    this.watch(() => {
      const troubles = bench.notice.value ?? bench.breakdown.value ?? bench.update.value;
      const spoken = troubles !== null || bench.staleShown.value || bench.missing.value.length > 0 || bench.drafts.saved.value === "unavailable";
      if (spoken) void import("./banners.js").catch(() => {});
    });
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
