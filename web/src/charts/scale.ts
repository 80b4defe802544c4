// Round numbers for the ends and the marks of an axis.
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

const MARKS = 4;

/** The smallest scale of round steps that holds all finite values; zero is part of it when it is near. */
export function scaleOf(series: readonly Float64Array[]): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const values of series) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? rounded(low, high) : { low: 0, high: 1, step: 0.5 };
}

/** One that holds both. */
export function union(a: Scale, b: Scale): Scale {
  return rounded(Math.min(a.low, b.low), Math.max(a.high, b.high));
}

export function sameScale(a: Scale, b: Scale): boolean {
  return a.low === b.low && a.high === b.high;
}

export function marks(scale: Scale): number[] {
  const count = Math.round((scale.high - scale.low) / scale.step);
  return Array.from({ length: Math.min(count, 50) + 1 }, (_, at) => {
    const mark = scale.low + at * scale.step;
    return Math.abs(mark) < scale.step * 1e-9 ? 0 : mark;
  });
}

function rounded(low: number, high: number): Scale {
  if (low > 0 && low < 0.75 * high) low = 0;
  if (high < 0 && high > 0.75 * low) high = 0;
  if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) {
    const room = Math.abs(high) * 0.1 || 1;
    low -= room;
    high += room;
  }
  const step = niceStep((high - low) / MARKS);
  const snug = 1e-9 * (high - low); // a value on a mark does not ask for the next one
  return { low: Math.floor((low + snug) / step) * step, high: Math.ceil((high - snug) / step) * step, step };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10) * power;
}

/** Round times between the ends, `most` at the most. */
export function timeMarks(start: number, stop: number, most: number): number[] {
  if (!(stop > start)) return [];
  const rough = (stop - start) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((lead) => lead * power).find((choice) => choice >= rough * 0.999) ?? rough;
  const first = Math.ceil(start / step - 1e-9);
  const last = Math.floor(stop / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 2 });
const plain = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 });

/** A time as an axis mark: years have no thousands' comma. */
export function formatTimeMark(value: number): string {
  return Math.abs(value) < 1e6 ? String(Number(value.toPrecision(6))).replace("-", "−") : formatMark(value);
}

/** An axis mark in as little room as possible. */
export function formatMark(value: number, narrow = false): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return value.toExponential(1).replace(/-/g, "−").replace("e+", "e");
  return (size >= (narrow ? 1e4 : 1e5) ? compact : plain).format(value).replace("-", "−");
}
