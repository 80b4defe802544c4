// Lines on a canvas for a page that downloads a model with its prose: what `charts/plot.ts` asks of uPlot, in a tenth of
// its size. The embed's build puts this in uPlot's place; `Same` below holds the two together.
import type uPlot from "uplot";

type Same = Pick<uPlot, "width" | "height" | "scales" | "bbox" | "setSize" | "setScale" | "setData" | "batch" | "redraw" | "valToPos" | "posToVal" | "destroy">;

/** As much of a series as is drawn. */
interface Line {
  stroke?: unknown;
  width?: number;
  dash?: number[];
  show?: boolean;
  alpha?: number;
}

interface Span {
  min: number;
  max: number;
}

type Values = ArrayLike<number | null | undefined>;

const TICK = 4;
const DENSE = 4; // points for each pixel beyond which only their extent is drawn

export default class Lines implements Same {
  width: number;
  height: number;
  readonly series: Line[];
  readonly scales = { x: { min: 0, max: 1 }, y: { min: 0, max: 1 } } as Record<string, Span>;
  readonly #canvas = document.createElement("canvas");
  #data: readonly Values[];
  #due = false;

  constructor(
    readonly options: uPlot.Options,
    data: uPlot.AlignedData,
    host: HTMLElement,
  ) {
    ({ width: this.width, height: this.height } = options);
    this.series = options.series as Line[];
    this.#data = data as unknown as Values[];
    this.#canvas.style.cssText = "display:block;width:100%;height:100%";
    host.append(this.#canvas);
  }

  static get pxRatio(): number {
    return devicePixelRatio || 1;
  }

  get bbox(): uPlot.BBox {
    const [top, right] = this.options.padding as number[] as [number, number];
    const left = this.options.axes?.[1]?.size as number;
    const bottom = this.options.axes?.[0]?.size as number;
    const ratio = Lines.pxRatio;
    return { left: left * ratio, top: top * ratio, width: (this.width - left - right) * ratio, height: (this.height - top - bottom) * ratio };
  }

  setSize({ width, height }: { width: number; height: number }): void {
    this.width = width;
    this.height = height;
    this.redraw();
  }

  setScale(key: string, { min, max }: Span): void {
    this.scales[key] = { min, max };
    this.redraw();
  }

  setData(data: uPlot.AlignedData): void {
    this.#data = data as unknown as Values[];
    this.redraw();
  }

  batch(work: () => void): void {
    work();
  }

  /** Whatever asks for it in one turn is drawn once. */
  redraw(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#draw();
    });
  }

  valToPos(value: number, key: string): number {
    const { min, max } = this.scales[key] as Span;
    const { width, height } = this.bbox;
    const share = (value - min) / (max - min || 1);
    return (key === "x" ? share * width : (1 - share) * height) / Lines.pxRatio;
  }

  posToVal(position: number, key: string): number {
    const { min, max } = this.scales[key] as Span;
    const { width, height } = this.bbox;
    const share = (position * Lines.pxRatio) / ((key === "x" ? width : height) || 1);
    return min + (key === "x" ? share : 1 - share) * (max - min);
  }

  destroy(): void {
    this.#canvas.width = this.#canvas.height = 0; // gives its memory back at once
    this.#canvas.remove();
  }

  #draw(): void {
    const ratio = Lines.pxRatio;
    const canvas = this.#canvas;
    const pen = canvas.getContext("2d");
    if (!pen || !canvas.isConnected) return;
    canvas.width = Math.round(this.width * ratio);
    canvas.height = Math.round(this.height * ratio);
    const { left, top, width, height } = this.bbox;
    pen.scale(ratio, ratio);
    pen.translate(left / ratio, top / ratio);
    this.#axes(pen, width / ratio, height / ratio);
    pen.beginPath();
    pen.rect(0, -TICK, width / ratio, height / ratio + 2 * TICK);
    pen.clip();
    pen.lineJoin = "round";
    this.series.forEach((line, at) => at > 0 && line.show !== false && this.#line(pen, line, this.#data[at] ?? [], width));
  }

  #axes(pen: CanvasRenderingContext2D, width: number, height: number): void {
    const [across, up] = this.options.axes as [uPlot.Axis, uPlot.Axis];
    const marks = (axis: uPlot.Axis): number[] => (axis.splits as () => number[])();
    const line = (colour: unknown, x: number, y: number, toX: number, toY: number): void => {
      pen.strokeStyle = colour as string;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(toX, toY);
      pen.stroke();
    };
    const crisp = (at: number): number => Math.round(at) + 0.5;
    pen.lineWidth = 1;
    const levels = marks(up);
    const words = (up.values as unknown as (self: null, marks: number[]) => string[])(null, levels);
    pen.font = up.font as string;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillStyle = up.stroke as string;
    levels.forEach((level, at) => {
      const y = this.valToPos(level, "y");
      line(up.grid?.stroke, 0, crisp(y), width, crisp(y));
      pen.fillText(words[at] ?? "", -(up.gap ?? 0), y);
    });
    line(across.border?.stroke, 0, crisp(height), width, crisp(height));
    for (const time of marks(across)) {
      const x = crisp(this.valToPos(time, "x"));
      line(across.ticks?.stroke, x, height, x, height + TICK);
    }
  }

  #line(pen: CanvasRenderingContext2D, { stroke, width = 1, dash = [], alpha = 1 }: Line, values: Values, pixels: number): void {
    const times = this.#data[0] ?? [];
    const points = Math.min(times.length, values.length);
    const dense = points > DENSE * pixels ? Math.ceil(points / pixels / 2) : 1;
    pen.globalAlpha = alpha;
    pen.strokeStyle = stroke as string;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    let broken = true;
    const { x: across, y: up } = this.scales as { x: Span; y: Span };
    const perTime = this.valToPos(across.max, "x") / (across.max - across.min || 1);
    const perUnit = this.valToPos(up.min, "y") / (up.max - up.min || 1);
    const to = (at: number): void => {
      const value = values[at];
      if (value == null) return void (broken = true);
      const x = ((times[at] ?? 0) - across.min) * perTime;
      const y = (up.max - value) * perUnit;
      if (broken) pen.moveTo(x, y);
      else pen.lineTo(x, y);
      broken = false;
    };
    for (let at = 0; at < points; at += dense) for (const extreme of dense > 1 ? extremes(values, at, Math.min(points, at + dense)) : [at]) to(extreme);
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

/** The places of the least and the greatest value, in their order; one that has none where a value is missing. */
function extremes(values: Values, from: number, to: number): number[] {
  let low = from;
  let high = from;
  for (let at = from; at < to; at++) {
    const value = values[at];
    if (value == null) return [at];
    if (value < (values[low] as number)) low = at;
    if (value > (values[high] as number)) high = at;
  }
  return low === high ? [low] : low < high ? [low, high] : [high, low];
}
