// The upper edge of a phone's sheet: pulled, pressed or moved by keys, it gives the sheet one of three heights.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Sheet } from "../state/workbench.js";
import { P } from "../strings-panels.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

const HEIGHTS: readonly Sheet[] = ["low", "half", "full"];
const SETTLE = 200; // ms
const AHEAD = 150; // ms that a quick pull goes on in thought
const PRESS = 4; // px: less is no pull

interface Pull {
  readonly from: number; // where the pointer went down
  readonly low: number; // pointer positions between which the sheet follows
  readonly high: number;
  readonly height: number;
  readonly heights: readonly number[]; // of the sheet, in px, in the order of HEIGHTS
  at: number;
  speed: number; // px/ms, upward
  time: number;
}

export class Grip extends View {
  static override styles = [
    shared,
    css`
      :host {
        position: relative;
      }
      .grip {
        position: absolute;
        inset: -12px 0 0;
        touch-action: none;
        cursor: ns-resize;
      }
      .grip::after {
        content: "";
        position: absolute;
        left: calc(50% - 18px);
        top: 20px;
        width: 36px;
        height: 4px;
        border-radius: 2px;
        background: var(--ps-edge);
      }
      .grip:focus-visible {
        outline: none;
      }
      .grip:focus-visible::after {
        outline: 2px solid var(--ps-accent);
        outline-offset: 3px;
      }
      .button {
        position: absolute;
        right: 8px;
        top: 22px;
      }
      .up .icon {
        rotate: 180deg;
      }
    `,
  ];

  #pull: Pull | null = null;

  override render(): TemplateResult {
    const at = HEIGHTS.indexOf(this.bench.sheet.value);
    const up = at < HEIGHTS.length - 1;
    return html`
      <div
        class="grip"
        data-testid="grip"
        role="separator"
        tabindex="0"
        aria-orientation="horizontal"
        aria-label=${P.sheet}
        aria-valuemin="0"
        aria-valuemax=${HEIGHTS.length - 1}
        aria-valuenow=${at}
        aria-valuetext=${P.sheetHeights[this.bench.sheet.value]}
        @keydown=${this.#key}
        @pointerdown=${this.#press}
        @pointermove=${this.#move}
        @pointerup=${this.#release}
        @pointercancel=${this.#release}
      ></div>
      <button class="button quiet square ${up ? "up" : ""}" data-testid="sheet-size" aria-label=${up ? P.sheetHigher : P.sheetLow} @click=${() => this.#step()}>
        ${icons.down}
      </button>
    `;
  }

  /** What moves: the rail around this element's own. */
  get #sheet(): HTMLElement {
    return (this.getRootNode() as ShadowRoot).host.parentElement as HTMLElement;
  }

  #step(): void {
    const at = HEIGHTS.indexOf(this.bench.sheet.peek());
    this.#settle(HEIGHTS[(at + 1) % HEIGHTS.length] ?? "half");
  }

  #key = (event: KeyboardEvent): void => {
    const at = HEIGHTS.indexOf(this.bench.sheet.peek());
    const to: Record<string, number> = { ArrowUp: at + 1, ArrowDown: at - 1, Home: 0, End: HEIGHTS.length - 1 };
    const next = event.key === "Enter" || event.key === " " ? (at + 1) % HEIGHTS.length : to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const height = HEIGHTS[next];
    if (height) this.#settle(height);
  };

  #press = (event: PointerEvent): void => {
    if (event.button !== 0 || !event.isPrimary) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const heights = this.#heights();
    const height = this.#sheet.offsetHeight;
    const from = event.clientY;
    const low = from + height - Math.min(...heights);
    const high = from + height - Math.max(...heights);
    this.#pull = { from, low, high, height, heights, at: from, speed: 0, time: event.timeStamp };
  };

  /** As the style sheet has them: nowhere else are they written. */
  #heights(): number[] {
    const frame = this.#sheet.parentElement as HTMLElement;
    const heights = HEIGHTS.map((height) => {
      frame.dataset["sheet"] = height;
      return this.#sheet.offsetHeight;
    });
    frame.dataset["sheet"] = this.bench.sheet.peek();
    return heights;
  }

  #move = (event: PointerEvent): void => {
    const pull = this.#pull;
    if (!pull) return;
    const at = Math.min(pull.low, Math.max(pull.high, event.clientY));
    const passed = event.timeStamp - pull.time;
    if (passed > 0) pull.speed = (pull.at - at) / passed;
    pull.at = at;
    pull.time = event.timeStamp;
    this.#sheet.style.transform = `translateY(${at - pull.from}px)`;
  };

  #release = (event: PointerEvent): void => {
    const pull = this.#pull;
    this.#pull = null;
    if (!pull) return;
    if (Math.abs(pull.at - pull.from) < PRESS) return this.#step();
    const resting = event.timeStamp - pull.time > AHEAD;
    const aim = pull.height + pull.from - pull.at + (resting ? 0 : pull.speed * AHEAD);
    const away = pull.heights.map((height) => Math.abs(height - aim));
    this.#settle(HEIGHTS[away.indexOf(Math.min(...away))] ?? "half");
  };

  /** Takes a height; the sheet glides there from where it is seen. */
  #settle(height: Sheet): void {
    const sheet = this.#sheet;
    const before = sheet.getBoundingClientRect().top;
    sheet.style.transform = "";
    this.bench.sheet.value = height;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    requestAnimationFrame(() => {
      const way = before - sheet.getBoundingClientRect().top;
      if (way !== 0) sheet.animate([{ transform: `translateY(${way}px)` }, { transform: "none" }], { duration: SETTLE, easing: "cubic-bezier(0.2, 0, 0, 1)" });
    });
  }
}

define("ps-grip", Grip);
