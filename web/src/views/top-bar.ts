// The top bar: which model, what is wrong with it, which engine, and the theme.
import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Theme } from "../state/settings.js";
import { S } from "../strings.js";
import "./engine.js";
import { icons } from "./icons.js";
import "./menu.js";
import { IS_MAC } from "./keys.js";
import { open } from "./panels.js";
import { shared } from "./styles.js";
import { undoButtons } from "./undo-buttons.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

export class TopBar extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 8px;
        height: var(--ps-top);
        padding: 0 12px 0 16px;
        border-bottom: 1px solid var(--ps-line);
        background: var(--ps-page);
      }
      h1 {
        flex: none;
      }
      .home {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 36px;
        padding: 0 4px;
        margin-left: -4px;
        border-radius: var(--ps-r);
        font: 600 14px/20px var(--ps-font);
      }
      .home:hover {
        background: var(--ps-hover);
      }
      h1 .icon {
        width: 20px;
        height: 20px;
        color: var(--ps-accent);
      }
      .rule {
        width: 1px;
        height: 20px;
        background: var(--ps-line);
        margin: 0 4px;
        flex: none;
      }
      /* The name gives way last: the search field shrinks first. */
      ps-menu {
        flex: 0 1 auto;
        min-width: 96px;
        max-width: 360px;
      }
      .saved {
        font: var(--ps-label);
        color: var(--ps-text-2);
        white-space: nowrap;
      }
      .space {
        flex: 1;
      }
      .pill {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        height: 28px;
        padding: 0 12px 0 10px;
        border: 1px solid var(--ps-line);
        border-radius: 14px;
        font: var(--ps-label);
        white-space: nowrap;
      }
      .ring {
        width: 14px;
        height: 14px;
        border-radius: 50%;
        background: conic-gradient(var(--ps-accent) calc(var(--done) * 1turn), var(--ps-track) 0);
        mask: radial-gradient(circle, transparent 4.4px, black 5px);
      }
      .ring.spin {
        --done: 0.3;
        animation: turn 1s linear infinite;
      }
      @keyframes turn {
        to {
          rotate: 1turn;
        }
      }
      .problems {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 28px;
        padding: 0 8px;
        border-radius: var(--ps-r);
        font: var(--ps-label);
        color: var(--ps-text-2);
        white-space: nowrap;
      }
      .problems:hover {
        background: var(--ps-hover);
      }
      .problems.error {
        color: var(--ps-error);
        background: var(--ps-error-soft);
        font-weight: 600;
      }
      .problems.warning {
        color: var(--ps-warn);
      }
      :host([narrow]) {
        padding: 0 4px 0 8px;
        gap: 4px;
      }
      :host([narrow]) :is(.rule, .saved, .problems .long) {
        display: none;
      }
      :host([narrow]) .pill .long {
        display: none;
      }
      :host([narrow]) .pill {
        padding: 0 8px 0 6px;
        gap: 6px;
      }
      :host([narrow]) :is(.problems, .pill) {
        flex: none;
      }
      .find {
        display: flex;
        align-items: center;
        gap: 8px;
        flex: 0 10000 260px; /* with less, the name would lose a pixel, and with it three letters */
        min-width: 36px;
        height: 32px;
        padding: 0 6px 0 10px;
        border: 1px solid var(--ps-line);
        border-radius: var(--ps-r);
        background: var(--ps-panel);
        color: var(--ps-text-2);
        overflow: hidden;
        white-space: nowrap;
      }
      .find:hover {
        border-color: var(--ps-edge);
      }
      .find span {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      kbd {
        padding: 1px 6px;
        border: 1px solid var(--ps-line);
        border-radius: 4px;
        background: var(--ps-page);
        font: var(--ps-tick);
      }
      ps-engine {
        flex: none;
      }
      @media (max-width: 1360px) {
        .find {
          flex: none;
        }
        .find span {
          display: none;
        }
      }
      @media (max-width: 1099px) {
        .saved,
        .word,
        .pill .long,
        .problems .long,
        .button .long {
          display: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { bench } = this;
    const theme = bench.theme.value;
    const narrow = bench.layout.value === "phone";
    this.toggleAttribute("narrow", narrow);
    return html`
      <h1>
        <button class="home" data-testid="gallery" title=${S.allModels} aria-label="${S.penstock}: ${S.allModels}" @click=${() => open(bench, "gallery")}>
          ${icons.logo}${narrow ? null : html`<span class="word">${S.penstock}</span>`}
        </button>
      </h1>
      <span class="rule"></span>
      <ps-menu .bench=${bench}></ps-menu>
      <span class="saved" data-testid="saved">${S.savedState[bench.drafts.saved.value]}</span>
      <span class="space"></span>
      ${bench.online.value ? null : html`<span class="pill" role="status" data-testid="offline" title=${S.offlineHelp}>${icons.offline}${narrow ? S.offlineShort : S.offline}</span>`}
      ${narrow ? null : undoButtons(bench)} ${this.#find()} <span class="space"></span> ${this.#python()} ${bench.source.value ? this.#problems() : null}
      ${narrow ? null : html`<span class="rule"></span>`}
      <ps-engine .bench=${bench}></ps-engine>
      ${narrow ? null : html`<span class="rule"></span>`}
      ${
        narrow
          ? null
          : html`<button
              class="button quiet square"
              data-testid="toggle-text"
              aria-pressed=${bench.textOpen.value ? "true" : "false"}
              aria-label=${bench.textOpen.value ? S.hideText : S.showText}
              title=${bench.textOpen.value ? S.hideText : S.showText}
              @click=${() => (bench.textOpen.value = !bench.textOpen.value)}
            >
              ${icons.text}
            </button>`
      }
      <button class="button ${narrow ? "quiet square" : ""}" data-testid="share" aria-haspopup="dialog" ?disabled=${!bench.source.value} aria-label=${S.share} @click=${() => open(bench, "share")}>
        ${icons.share}${narrow ? null : html`<span class="long">${S.share}</span>`}
      </button>
      ${narrow ? null : html`<button
        class="button quiet square"
        data-testid="theme"
        aria-label=${S.theme[theme]}
        title=${S.theme[theme]}
        @click=${() => (bench.theme.value = NEXT[theme])}
      >
        ${{ auto: icons.half, light: icons.sun, dark: icons.moon }[theme]}
      </button>`}
    `;
  }

  #find(): TemplateResult {
    const { bench } = this;
    const wide = bench.layout.value === "wide";
    return html`<button
      class=${wide ? "find" : "button quiet square"}
      data-testid="find"
      aria-haspopup="dialog"
      aria-label=${wide ? nothing : S.find}
      aria-keyshortcuts=${IS_MAC ? "Meta+K" : "Control+K"}
      title=${S.find}
      @click=${() => open(bench, "find")}
    >
      ${icons.search}${wide ? html`<span>${S.findShort}</span><kbd>${S.findKey(IS_MAC)}</kbd>` : null}
    </button>`;
  }

  #python(): TemplateResult | null {
    const state = this.bench.python.value;
    if (state.phase === "failed") {
      return html`<span class="problems error" data-testid="python" title=${state.diagnostics.map((item) => item.message).join("\n")}
        >${icons.error}<span class="long">${S.pythonFailed}</span></span
      >`;
    }
    const busy = state.phase === "ready" && this.bench.compiles.busy.value;
    if (state.phase !== "booting" && !busy) return null;
    const share = state.phase === "booting" && state.total > 0 ? Math.min(1, state.done / state.total) : null;
    return html`<span class="pill" data-testid="python">
      <span class=${share === null ? "ring spin" : "ring"} ${styleVariables(share === null ? {} : { done: share.toFixed(3) })}></span>
      ${
        busy
          ? html`<span class="long">${S.compiling}</span>`
          : html`<span><span class="long">${S.pythonCompiler} </span>${share === null ? "" : S.percent(share)}</span>`
      }
    </span>`;
  }

  #problems(): TemplateResult {
    const { bench } = this;
    const errors = bench.errors.value.length;
    const warnings = bench.problems.value.length - errors;
    const kind = errors > 0 ? "error" : warnings > 0 ? "warning" : "";
    const count = errors || warnings;
    return html`<button
      class="problems ${kind}"
      data-testid="problem-count"
      aria-label=${S.problemCount(errors, warnings)}
      @click=${this.#showProblems}
    >
      ${errors > 0 ? icons.error : warnings > 0 ? icons.warning : icons.check}
      <span class="long">${S.problemCount(errors, warnings)}</span>${bench.layout.value !== "wide" && count > 0 ? html`<span class="count">${count}</span>` : null}
    </button>`;
  }

  #showProblems = (): void => {
    const { bench } = this;
    const first = bench.errors.peek()[0] ?? bench.problems.peek()[0];
    bench.textOpen.value = true;
    bench.tab.value = "text";
    if (first) bench.show(first);
  };
}

define("ps-top-bar", TopBar);
