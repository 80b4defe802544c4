// A sample in small: its curves, above them its diagram; an animated one lets its time pass.
import { css, html, LitElement, nothing, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";
import type { Diagram, DiagramSymbol } from "../../../worker/tools.js";
import { pipeHeads, pipeLine } from "../diagram/paths.js";
import type { Card } from "../state/samples.js";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define } from "./view.js";

const TOP = 1000; // of a card's values
const SECONDS = 8; // for the run
const STILL = 0.36; // where the cursor of a card stands that does not move

export class CardPicture extends LitElement {
  static override properties = {
    card: { attribute: false },
    diagram: { attribute: false },
    animated: { type: Boolean },
    playing: { state: true },
  };
  declare card: Card | undefined;
  declare diagram: Diagram | undefined;
  declare animated: boolean;
  declare playing: boolean;

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        position: relative;
        min-height: 0;
        min-width: 0;
        overflow: hidden;
      }
      .diagram {
        height: 45%;
        padding: 16px 40px 4px;
      }
      svg {
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      .curves {
        flex: 1;
        min-height: 0;
        position: relative;
        padding: 8px 0;
      }
      .line {
        fill: none;
        stroke: var(--colour);
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }
      .c1 {
        --colour: var(--ps-s1);
      }
      .c2 {
        --colour: var(--ps-s2);
      }
      .c3 {
        --colour: var(--ps-s3);
      }
      .cursor,
      .dot {
        position: absolute;
        left: 0;
        top: 0;
      }
      .cursor {
        width: 1px;
        height: 100%;
        background: var(--ps-line-strong);
      }
      .dot {
        width: 8px;
        height: 8px;
        margin: -4px;
        border-radius: 50%;
        border: 1.5px solid var(--ps-page);
        background: var(--colour);
      }
      .box {
        fill: var(--ps-page);
        stroke: var(--colour, var(--ps-edge));
        stroke-width: 2;
      }
      .fill {
        fill: var(--colour, var(--ps-edge));
        fill-opacity: 0.25;
      }
      .valve,
      .stem,
      .cloud {
        fill: var(--ps-page);
        stroke: var(--ps-edge);
        stroke-width: 1.5;
      }
      .wall {
        fill: none;
        stroke: var(--ps-edge);
        stroke-width: 8;
      }
      .bore {
        fill: none;
        stroke: var(--ps-page);
        stroke-width: 6;
      }
      .head {
        fill: var(--ps-edge);
      }
      .pause {
        position: absolute;
        z-index: 1;
        top: 8px;
        right: 8px;
        width: 28px;
        min-height: 28px;
        border-radius: 50%;
        border-color: var(--ps-line);
        background: var(--ps-page);
      }
    `,
  ];

  #frame = 0;
  #at = STILL;
  #before = 0;

  constructor() {
    super();
    this.animated = false;
    this.playing = false;
  }

  override render(): TemplateResult {
    const { card, diagram } = this;
    return html`
      ${diagram && card ? html`<div class="diagram" aria-hidden="true">${this.#diagram(diagram, card)}</div>` : this.animated ? html`<div class="diagram"></div>` : null}
      <div class="curves" aria-hidden="true">
        ${card ? html`<svg viewBox="0 0 1 1" preserveAspectRatio="none">${card.curves.map((curve, at) => svg`<polyline class="line c${at + 1}" points=${points(curve.values)} />`)}</svg>` : null}
        ${card ? html`<span class="cursor"></span>${card.curves.map((_, at) => html`<span class="dot c${at + 1}"></span>`)}` : null}
      </div>
      ${
        this.animated && card
          ? html`<button class="button quiet square pause" aria-label=${this.playing ? S.pause : S.play} @click=${this.#toggle}>
              ${this.playing ? icons.pause : icons.play}
            </button>`
          : null
      }
    `;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.animated && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.#play();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
  }

  override updated(): void {
    this.#paint();
  }

  #toggle = (): void => {
    if (this.playing) {
      cancelAnimationFrame(this.#frame);
      this.playing = false;
    } else this.#play();
  };

  #play(): void {
    this.playing = true;
    this.#before = performance.now();
    this.#frame = requestAnimationFrame(this.#step);
  }

  #step = (now: number): void => {
    this.#at = (this.#at + Math.max(0, now - this.#before) / 1000 / SECONDS) % 1;
    this.#before = now;
    this.#paint();
    this.#frame = requestAnimationFrame(this.#step);
  };

  #paint(): void {
    const { card } = this;
    const curves = this.renderRoot.querySelector<HTMLElement>(".curves");
    if (!card || !curves) return;
    const x = this.#at * curves.clientWidth;
    const room = curves.clientHeight - 16;
    const cursor = curves.querySelector<HTMLElement>(".cursor");
    if (cursor) cursor.style.transform = `translateX(${x.toFixed(1)}px)`;
    card.curves.forEach((curve, number) => {
      const share = between(curve.values, this.#at) / TOP;
      const dot = curves.querySelectorAll<HTMLElement>(".dot")[number];
      if (dot) dot.style.transform = `translate(${x.toFixed(1)}px, ${(8 + (1 - share) * room).toFixed(1)}px)`;
      const fill = this.renderRoot.querySelector(`[data-curve="${number}"]`);
      fill?.setAttribute("transform", `scale(1 ${share.toFixed(4)})`);
    });
  }

  #diagram(diagram: Diagram, card: Card): TemplateResult {
    const symbols = diagram.symbols.filter((symbol) => ["stock", "flow", "cloud"].includes(symbol.kind));
    const edges = symbols.flatMap(({ x, y, width, height }) => [
      { x: x - width / 2, y: y - height / 2 },
      { x: x + width / 2, y: y + height / 2 },
    ]);
    const xs = [...edges.map((edge) => edge.x), ...diagram.pipes.flatMap((pipe) => pipe.points.map(([px = 0]) => px))];
    const ys = [...edges.map((edge) => edge.y), ...diagram.pipes.flatMap((pipe) => pipe.points.map(([, py = 0]) => py))];
    const [left, top] = [Math.min(...xs) - 6, Math.min(...ys) - 12];
    return html`<svg viewBox="${left} ${top} ${Math.max(...xs) + 6 - left} ${Math.max(...ys) + 6 - top}">
      ${diagram.pipes.map((pipe) => svg`<path class="wall" d=${pipeLine(pipe)} /><path class="bore" d=${pipeLine(pipe)} /><path class="head" d=${pipeHeads(pipe)[0]} />`)}
      ${symbols.map((symbol) => svg`<g transform="translate(${symbol.x} ${symbol.y})">${shape(symbol, card)}</g>`)}
    </svg>`;
  }
}

function shape(symbol: DiagramSymbol, card: Card): SVGTemplateResult | typeof nothing {
  const { width, height } = symbol;
  const curve = card.curves.findIndex(({ name }) => name === symbol.name);
  switch (symbol.kind) {
    case "stock":
      return svg`<g class=${curve < 0 ? "" : `c${curve + 1}`}>
        <rect class="box" x=${-width / 2} y=${-height / 2} width=${width} height=${height} rx="2" />
        ${curve < 0 ? nothing : svg`<g transform="translate(${-width / 2} ${height / 2})"><rect class="fill" data-curve=${curve} y=${-height} width=${width} height=${height} /></g>`}
      </g>`;
    case "flow":
      return symbol.upright
        ? svg`<path class="stem" d="M0 0H-13M-13-5V5" /><path class="valve" d="M-8-9 8 9H-8L8-9z" />`
        : svg`<path class="stem" d="M0 0V-13M-5-13H5" /><path class="valve" d="M-9-8 9 8V-8L-9 8z" />`;
    default:
      return svg`<path class="cloud" d="M-8 8a5.5 5.5 0 0 1-2.6-10.3A6.6 6.6 0 0 1 .6-6.6 5.6 5.6 0 0 1 10.4-3a5.6 5.6 0 0 1-1.4 11z" />`;
  }
}

function points(values: readonly number[]): string {
  return values.map((value, at) => `${(at / (values.length - 1)).toFixed(4)},${(1 - value / TOP).toFixed(4)}`).join(" ");
}

function between(values: readonly number[], share: number): number {
  const at = share * (values.length - 1);
  const before = values[Math.floor(at)] ?? 0;
  const after = values[Math.ceil(at)] ?? before;
  return before + (after - before) * (at - Math.floor(at));
}

define("ps-card-picture", CardPicture);
