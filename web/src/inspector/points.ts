// A graphical function: its points are dragged, drawn in one stroke, moved by keys, or typed and pasted as two columns.
import { css, html, svg } from "lit";
import type { TemplateResult } from "lit";
import type { PointsRow, WrittenPart } from "../../../worker/tools.js";
import { formatConstant, niceCeiling, parseInput } from "../state/format.js";
import { I } from "../strings-inspector.js";
import { S } from "../strings.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import { edit } from "./edits.js";
import type { Outcome } from "./edits.js";
import "./field.js";
import { numberOf } from "./steps.js";

const WIDTH = 326;
const HEIGHT = 170;
const PAD = 10;
const STEPS = 100; // arrow keys cross the plot in so many
const REST = 600; // ms without a key end a move

type Point = readonly [x: number, y: number];
type Box = readonly [left: number, right: number, low: number, high: number];

export class Points extends View {
  static override properties = { ...View.properties, row: { attribute: false }, points: { state: true }, drawing: { state: true } };
  declare row: WrittenPart;
  declare points: readonly Point[];
  declare drawing: boolean;

  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      svg {
        width: 100%;
        border: 1px solid var(--ps-edge);
        border-radius: var(--ps-r);
        background: var(--ps-field);
        touch-action: none;
      }
      svg.drawing {
        cursor: crosshair;
      }
      .zero {
        stroke: var(--ps-line-soft);
      }
      polyline {
        fill: none;
        stroke: var(--ps-accent);
        stroke-width: 2;
        stroke-linejoin: round;
      }
      circle {
        fill: var(--ps-field);
        stroke: var(--ps-accent);
        stroke-width: 1.5;
        cursor: grab;
        outline-offset: 3px;
      }
      .row {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        min-height: 36px;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
      .button {
        min-height: 28px;
        padding: 0 8px;
        font: var(--ps-label);
      }
      .button[aria-pressed="true"] {
        color: var(--ps-accent);
        background: var(--ps-accent-soft);
      }
      ps-field {
        font: var(--ps-code);
      }
    `,
  ];

  #box: Box = [0, 1, 0, 1];
  #held: number | null = null; // the point that is dragged
  #timer = 0;

  constructor() {
    super();
    this.points = [];
    this.drawing = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("row") || this.#held !== null || this.#timer || !this.row.points) return;
    this.points = pairs(this.row.points);
    this.#box = boxOf(this.row.points, this.points);
  }

  override render(): TemplateResult {
    const [left, right, low, high] = this.#box;
    const dots = this.points.map((point) => this.#onScreen(point));
    const [, zero] = this.#onScreen([left, 0]);
    return html`
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        class=${this.drawing ? "drawing" : ""}
        role="group"
        aria-label=${I.pointsOf(this.row.name)}
        data-testid="points"
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
      >
        ${low < 0 && high > 0 ? svg`<line class="zero" x1="0" x2=${WIDTH} y1=${zero} y2=${zero}></line>` : null}
        <polyline points=${this.#line(dots)}></polyline>
        ${dots.map(
          ([x, y], at) =>
            svg`<circle
              cx=${x.toFixed(1)}
              cy=${y.toFixed(1)}
              r="5"
              tabindex="0"
              role="slider"
              aria-label=${I.point(at + 1, this.points.length)}
              aria-valuemin=${low}
              aria-valuemax=${high}
              aria-valuenow=${this.points[at]?.[1] ?? 0}
              aria-valuetext=${I.pointAt(formatConstant(this.points[at]?.[0] ?? 0), formatConstant(this.points[at]?.[1] ?? 0))}
              data-at=${at}
              @keydown=${(event: KeyboardEvent) => this.#key(event, at)}
            ></circle>`,
        )}
      </svg>
      <div class="row">
        <span>${I.plane(formatConstant(left), formatConstant(right), formatConstant(low), formatConstant(high))}</span>
        <button class="button" data-testid="draw-points" aria-pressed=${this.drawing ? "true" : "false"} title=${I.drawPointsHelp} @click=${() => (this.drawing = !this.drawing)}>
          ${I.drawPoints}
        </button>
      </div>
      <ps-field
        multiline
        .bench=${this.bench}
        field="points ${this.row.name}"
        testid="points-text"
        .label=${I.twoColumns(this.row.name)}
        .value=${this.points.map(([x, y]) => `${x}\t${y}`).join("\n")}
        .commit=${(text: string) => this.#typed(text)}
      ></ps-field>
    `;
  }

  /** The curve as the function takes it: lines, or steps that hold the left value. */
  #line(dots: readonly Point[]): string {
    const steps = this.row.points?.kind === "discrete";
    return dots.flatMap(([x, y], at) => (steps && at > 0 ? [`${x},${dots[at - 1]?.[1]}`, `${x},${y}`] : [`${x},${y}`])).join(" ");
  }

  // Changing ----------------------------------------------------------------------------------------------

  async #commit(points: readonly Point[]): Promise<Outcome> {
    this.points = points;
    const asked = { name: this.row.name, x: points.map(([x]) => x), y: points.map(([, y]) => y) };
    const outcome = await edit(this.bench, "setPoints", asked, S.steps.points(this.row.name));
    if (!outcome.made && this.row.points) this.points = pairs(this.row.points);
    return outcome;
  }

  #typed(text: string): Promise<Outcome> {
    const rows = text.split("\n").filter((line) => line.trim() !== "");
    const points = rows.map((line) => line.trim().split(/\t|;|,\s|\s+/).filter(Boolean).map(parseInput));
    const wrong = rows.find((_, at) => points[at]?.length !== 2 || !points[at].every(Number.isFinite));
    if (wrong !== undefined || rows.length === 0) {
      const problem = { code: "", severity: "error", message: I.noPair(wrong ?? ""), advice: I.pairAdvice, place: null, range: null };
      return Promise.resolve({ made: false, problems: [problem] });
    }
    return this.#commit(points.map(([x = 0, y = 0]) => [x, y] as const).sort(([a], [b]) => a - b));
  }

  #put(at: number, [x, y]: Point): void {
    const least = this.points[at - 1]?.[0] ?? -Infinity;
    const most = this.points[at + 1]?.[0] ?? Infinity;
    this.points = this.points.map((point, other) => (other === at ? [Math.min(most, Math.max(least, x)), y] : point));
  }

  #key(event: KeyboardEvent, at: number): void {
    const [left, right, low, high] = this.#box;
    const share = (event.shiftKey ? 0.1 : 1) / STEPS;
    const ways: Record<string, Point> = {
      ArrowUp: [0, (high - low) * share],
      ArrowDown: [0, (low - high) * share],
      ArrowRight: [(right - left) * share, 0],
      ArrowLeft: [(left - right) * share, 0],
    };
    const way = ways[event.key];
    const [x, y] = this.points[at] ?? [0, 0];
    if (way) this.#put(at, [short(x + way[0], right - left), short(y + way[1], high - low)]);
    else if ((event.key === "Delete" || event.key === "Backspace") && this.points.length > 2) this.points = this.points.filter((_, other) => other !== at);
    else if (event.key === "Enter" && at + 1 < this.points.length) this.points = between(this.points, at);
    else return;
    event.preventDefault();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      void this.#commit(this.points);
    }, REST);
  }

  // Pointer -----------------------------------------------------------------------------------------------

  #down = (event: PointerEvent): void => {
    const plot = event.currentTarget as SVGSVGElement;
    const at = (event.target as Element).getAttribute("data-at");
    if (at === null && !this.drawing) return;
    plot.setPointerCapture(event.pointerId);
    this.#held = at === null ? -1 : Number(at);
    this.#move(event);
  };

  #move = (event: PointerEvent): void => {
    if (this.#held === null) return;
    const [left, right, low, high] = this.#box;
    const rect = (event.currentTarget as SVGSVGElement).getBoundingClientRect();
    const across = (((event.clientX - rect.left) / rect.width) * WIDTH - PAD) / (WIDTH - 2 * PAD);
    const up = 1 - (((event.clientY - rect.top) / rect.height) * HEIGHT - PAD) / (HEIGHT - 2 * PAD);
    const x = short(left + Math.min(1, Math.max(0, across)) * (right - left), right - left);
    const y = short(low + Math.min(1, Math.max(0, up)) * (high - low), high - low);
    if (!this.drawing && this.#held >= 0) return this.#put(this.#held, [x, y]);
    const nearest = this.points.reduce((best, [other], at) => (Math.abs(other - x) < Math.abs((this.points[best]?.[0] ?? Infinity) - x) ? at : best), 0);
    this.points = this.points.map((point, at) => (at === nearest ? [point[0], y] : point));
  };

  #up = (): void => {
    if (this.#held === null) return;
    this.#held = null;
    void this.#commit(this.points);
  };

  #onScreen([x, y]: Point): Point {
    const [left, right, low, high] = this.#box;
    return [PAD + ((x - left) / (right - left || 1)) * (WIDTH - 2 * PAD), HEIGHT - PAD - ((y - low) / (high - low || 1)) * (HEIGHT - 2 * PAD)];
  }
}

function pairs({ x, y }: PointsRow): Point[] {
  return x.map((value, at) => [numberOf(value), numberOf(y[at] ?? 0)] as const);
}

/** What the plot shows: the author's ranges, widened to hold every point, with room above to draw in. */
function boxOf({ x_range: across, y_range: up }: PointsRow, points: readonly Point[]): Box {
  const xs = [...points.map(([x]) => x), ...(across ?? []).map(numberOf)].filter(Number.isFinite);
  const ys = [...points.map(([, y]) => y), ...(up ?? []).map(numberOf)].filter(Number.isFinite);
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  if (up) return [left, right, low, high];
  const top = high > 0 ? niceCeiling(high) : high;
  return [left, right > left ? right : left + 1, Math.min(0, low), top > Math.min(0, low) ? top : 1];
}

/** A number with no more digits than a plot of this width can tell apart. */
function short(value: number, width: number): number {
  const digits = Math.max(0, 4 - Math.floor(Math.log10(width || 1)));
  return Number(value.toFixed(Math.min(20, digits)));
}

/** One more point halfway to the next. */
function between(points: readonly Point[], at: number): Point[] {
  const [ax, ay] = points[at] ?? [0, 0];
  const [bx, by] = points[at + 1] ?? [ax, ay];
  return [...points.slice(0, at + 1), [(ax + bx) / 2, (ay + by) / 2], ...points.slice(at + 1)];
}

define("ps-points", Points);
