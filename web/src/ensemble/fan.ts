// A fan: the bands that hold half and nine tenths of all runs, behind the curve of their variable.
import { html } from "lit";
import type uPlot from "uplot";
import type { Curve, Fan } from "../charts/plot.js";
import { U } from "../strings-uncertainty.js";
import { SHARES, type Summary } from "./statistics.js";

/** Pairs of SHARES, the outer one first, and how much of the curve's colour they have. */
const BANDS = [
  { low: 5, high: 95, strength: 0.16 },
  { low: 25, high: 75, strength: 0.24 },
] as const;
const MEDIAN_DASH = [2, 3];

export const at = (summary: Summary, share: (typeof SHARES)[number]): Float64Array => summary.percentiles[SHARES.indexOf(share)]!;

/** What the chart draws of a summary over the times of its rows. */
export function fanOf(name: string, times: Float64Array, summary: Summary): Fan {
  return {
    name,
    edges: [at(summary, 5), at(summary, 95)].map((edge) => edge.filter(Number.isFinite)),
    legend: html`<span class="label" data-testid="fan-legend" title=${U.legendHelp}>${U.legend(summary.runs)}<span class="unseen">. ${U.legendHelp}.</span></span>`,
    paint: (chart, curves) => paint(chart, curves.find((curve) => curve.name === name), times, summary),
  };
}

function paint(chart: uPlot, curve: Curve | undefined, times: Float64Array, summary: Summary): void {
  if (!curve) return;
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = ctx.strokeStyle = curve.colour;
  const x = Array.from(times, (time) => chart.valToPos(time, "x", true));
  const y = (values: Float64Array) => Array.from(values, (value) => chart.valToPos(value, "y", true));
  for (const { low, high, strength } of BANDS) {
    ctx.globalAlpha = strength;
    band(ctx, x, y(at(summary, low)), y(at(summary, high)));
  }
  ctx.globalAlpha = 1;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash(MEDIAN_DASH.map((length) => length * devicePixelRatio));
  line(ctx, x, y(at(summary, 50)));
  ctx.restore();
}

/** Where no run had a number there is a gap. */
function band(ctx: CanvasRenderingContext2D, x: number[], low: number[], high: number[]): void {
  for (let from = 0; from < x.length; from++) {
    if (!Number.isFinite(low[from]!)) continue;
    let to = from;
    while (to + 1 < x.length && Number.isFinite(low[to + 1]!)) to += 1;
    ctx.beginPath();
    for (let at = from; at <= to; at++) ctx.lineTo(x[at]!, low[at]!);
    for (let at = to; at >= from; at--) ctx.lineTo(x[at]!, high[at]!);
    ctx.fill();
    from = to;
  }
}

function line(ctx: CanvasRenderingContext2D, x: number[], y: number[]): void {
  let drawing = false;
  ctx.beginPath();
  x.forEach((at, row) => {
    const there = Number.isFinite(y[row]!);
    if (there && drawing) ctx.lineTo(at, y[row]!);
    else if (there) ctx.moveTo(at, y[row]!);
    drawing = there;
  });
  ctx.stroke();
}
