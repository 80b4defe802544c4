// The drawing of curves on a canvas: everything that knows uPlot. Cursor, labels and chips lie above it (overlay.ts).
import type { TemplateResult } from "lit";
import uPlot from "uplot";
import { formatMark, marks, sameScale, scaleOf, timeMarks, union } from "./scale.js";
import type { Scale } from "./scale.js";

export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

export interface Look {
  readonly axis: string;
  readonly grid: string;
  readonly text: string;
  readonly ghost: string;
  readonly font: string;
  readonly left: number; // room for the y axis
  readonly right: number; // room for the labels at the line ends
  readonly narrow: boolean; // short numbers on the y axis
}

/** Another run's curves, thin and in their own dash: one for each curve, null where that run has none. */
export interface Companion {
  readonly dash: readonly number[];
  readonly series: readonly (Float64Array | null)[];
}

/** What lies behind a curve: many runs of the same variable. */
export interface Fan {
  readonly name: string;
  /** What must fit into the chart. */
  readonly edges: readonly Float64Array[];
  readonly legend: TemplateResult;
  paint(chart: uPlot, curves: readonly Curve[]): void;
}

/** Where the curves lie in the element, in CSS pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const REFIT = 200; // ms
const REFIT_AFTER = 150; // ms after the slider was let go
const TOP = 10;
const X_AXIS = 28;
const MARK_ROOM = 76; // between two times on the axis

export class Plot {
  #chart: uPlot | undefined;
  /** Of the host; read once it changes and not with every frame, which would make the browser lay out first. */
  width = 0;
  fan: Fan | null | undefined;
  #height = 0;
  #key = "";
  #scale: Scale = { low: 0, high: 1, step: 0.5 };
  #drawn = { low: 0, high: 1 };
  #refit = 0;
  #frame = 0;
  #holding = false;
  #alpha: readonly number[] = [];
  #lines = 2; // drawn for each curve; its own is the last

  constructor(
    readonly host: HTMLElement,
    readonly moved: () => void, // the curves lie elsewhere now
  ) {}

  resize(width: number, height: number): void {
    this.width = Math.round(width);
    this.#height = Math.round(height);
  }

  /** Draws `series` over `times`; `ghosts` belong to the same curves. Times must ascend. */
  draw(
    curves: readonly Curve[],
    look: Look,
    times: Float64Array,
    series: readonly Float64Array[],
    ghosts: readonly (Float64Array | null)[],
    companions: readonly Companion[],
    holding: boolean,
  ): void {
    const width = this.width;
    const height = this.#height;
    if (width < 80 || height < 60) return;
    const dashes = companions.map((companion) => companion.dash);
    const key = JSON.stringify([curves, look, dashes]);
    if (key !== this.#key || !this.#chart) this.#build(key, curves, look, dashes, width, height);
    const chart = this.#chart;
    if (!chart) return;
    if (chart.width !== width || chart.height !== height) chart.setSize({ width, height });
    const beside = [ghosts, ...companions.map((companion) => companion.series)];
    const lines = series.flatMap((values, at) => [...beside.map((others) => others[at] ?? values), values].map(drawable));
    this.#lines = beside.length + 1;
    beside.forEach((others, number) =>
      others.forEach((other, at) => {
        const line = chart.series[this.#lines * at + 1 + number];
        if (line) line.show = other !== null;
      }),
    );
    const fitted = scaleOf([...series, ...beside.flat().filter((other) => other !== null), ...(this.fan?.edges ?? [])]);
    this.#aim(fitted, holding);
    chart.batch(() => {
      chart.setData([times, ...lines] as unknown as uPlot.AlignedData, false);
      chart.setScale("x", { min: times[0] ?? 0, max: times.at(-1) ?? 1 });
      chart.setScale("y", { min: this.#drawn.low, max: this.#drawn.high });
    });
    this.#applyAlpha();
  }

  /** How strongly each curve is drawn, from 0 to 1. */
  strengths(alpha: readonly number[]): void {
    this.#alpha = alpha;
    if (this.#applyAlpha()) this.#chart?.redraw(false);
  }

  get area(): Area {
    const chart = this.#chart;
    if (!chart) return { left: 0, top: 0, width: 0, height: 0 };
    const ratio = uPlot.pxRatio;
    const { left, top, width, height } = chart.bbox;
    return { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio };
  }

  /** Distance from the left of the area. */
  x(time: number): number {
    return this.#chart?.valToPos(time, "x") ?? 0;
  }

  /** Distance from the top of the area. */
  y(value: number): number {
    return this.#chart?.valToPos(value, "y") ?? 0;
  }

  timeMarks(): number[] {
    const { min = 0, max = 1 } = this.#chart?.scales["x"] ?? {};
    return timeMarks(min ?? 0, max ?? 1, this.width / MARK_ROOM);
  }

  timeAt(x: number): number {
    return this.#chart?.posToVal(x, "x") ?? 0;
  }

  destroy(): void {
    clearTimeout(this.#refit);
    cancelAnimationFrame(this.#frame);
    this.#chart?.destroy();
    this.#chart = undefined;
    this.#key = "";
  }

  /** While a slider is held the scale only grows; afterwards it is fitted in one move. */
  #aim(fitted: Scale, holding: boolean): void {
    clearTimeout(this.#refit);
    if (holding) {
      this.#holding = true;
      this.#jump(sameScale(fitted, this.#scale) ? fitted : union(this.#scale, fitted));
    } else if (this.#holding) {
      this.#jump(union(this.#scale, fitted));
      this.#refit = setTimeout(() => {
        this.#holding = false;
        this.#ease(fitted);
      }, REFIT_AFTER);
    } else {
      this.#jump(fitted);
    }
  }

  #jump(scale: Scale): void {
    cancelAnimationFrame(this.#frame);
    this.#scale = scale;
    this.#drawn = scale;
  }

  #ease(to: Scale): void {
    if (sameScale(to, this.#scale)) return;
    const from = this.#drawn;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const begin = performance.now();
    this.#scale = to;
    const step = (now: number): void => {
      const share = still ? 1 : Math.min(1, Math.max(0, now - begin) / REFIT);
      const eased = 1 - (1 - share) ** 3;
      this.#drawn = { low: from.low + (to.low - from.low) * eased, high: from.high + (to.high - from.high) * eased };
      this.#chart?.setScale("y", { min: this.#drawn.low, max: this.#drawn.high });
      this.moved();
      if (share < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #applyAlpha(): boolean {
    const chart = this.#chart;
    if (!chart) return false;
    let changed = false;
    this.#alpha.forEach((alpha, at) => {
      const line = chart.series[this.#lines * (at + 1)];
      if (!line || line.alpha === alpha) return;
      line.alpha = alpha;
      changed = true;
    });
    return changed;
  }

  #build(key: string, curves: readonly Curve[], look: Look, dashes: readonly (readonly number[])[], width: number, height: number): void {
    this.#chart?.destroy();
    this.#key = key;
    const line = { points: { show: false }, spanGaps: false, pxAlign: 0 };
    const axis: uPlot.Axis = { stroke: look.text, font: look.font, labelGap: 0 };
    this.#chart = new uPlot(
      {
        width,
        height,
        padding: [TOP, look.right, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        hooks: { drawAxes: [(chart) => this.fan?.paint(chart, curves)] },
        scales: { x: { time: false, auto: false }, y: { auto: false } },
        axes: [
          {
            ...axis,
            size: X_AXIS,
            gap: 5,
            grid: { show: false },
            border: { show: true, stroke: look.axis, width: 1 },
            ticks: { stroke: look.axis, width: 1, size: 4 },
            splits: () => this.timeMarks(),
            values: (_, splits) => splits.map(() => ""), // the overlay writes them, and clears the cursor's way
          },
          {
            ...axis,
            size: look.left,
            gap: 6,
            grid: { stroke: look.grid, width: 1 },
            ticks: { show: false },
            splits: () => this.#marksThatFit(height),
            values: (_, splits) => splits.map((mark) => formatMark(mark, look.narrow)),
          },
        ],
        series: [
          {},
          ...curves.flatMap((curve): uPlot.Series[] => [
            { ...line, stroke: look.ghost, width: 1, dash: [4, 3] },
            ...dashes.map((dash): uPlot.Series => ({ ...line, stroke: curve.colour, width: 1, dash: [...dash] })),
            { ...line, stroke: curve.colour, width: 2, dash: [...curve.dash] },
          ]),
        ],
      },
      [new Float64Array([0, 1]), ...curves.flatMap(() => Array.from({ length: dashes.length + 2 }, () => new Float64Array(2)))] as unknown as uPlot.AlignedData,
      this.host,
    );
  }

  /** Every mark, or every other one where the chart is low. */
  #marksThatFit(height: number): number[] {
    const all = marks(this.#scale);
    const inside = (height - X_AXIS - TOP) / Math.max(1, all.length - 1);
    return inside >= 24 ? all : all.filter((_, at) => at % 2 === 0);
  }
}

/** The canvas must not be asked to draw to a place that is no number. */
function drawable(values: Float64Array): Float64Array | (number | null)[] {
  return values.every(Number.isFinite) ? values : Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}
