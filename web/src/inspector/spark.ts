// A curve of 124 by 24: least and greatest value of each column, drawn once for each run.
import { svg } from "lit";
import type { SVGTemplateResult } from "lit";
import type { Run } from "../state/runs.js";

export const SPARK = { width: 124, height: 24 };
const MARGIN = 3;

interface Shape {
  readonly path: string;
  readonly low: number;
  readonly high: number;
}

const shapes = new WeakMap<Run, Map<string, Shape>>();

/** The least and the greatest finite value of a variable in a run. */
export function extentOf(run: Run, name: string): readonly [number, number] | null {
  const { low, high } = shapeOf(run, name);
  return low <= high ? [low, high] : null;
}

function shapeOf(run: Run, name: string): Shape {
  const known = shapes.get(run) ?? new Map<string, Shape>();
  shapes.set(run, known);
  const found = known.get(name) ?? shape(run.results.series(name));
  known.set(name, found);
  return found;
}

function shape(values: Float64Array): Shape {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const columns = Math.min(values.length, SPARK.width);
  let path = "";
  let pen = "M";
  for (let column = 0; column < columns; column++) {
    const first = Math.floor((column * values.length) / columns);
    const last = Math.max(first + 1, Math.floor(((column + 1) * values.length) / columns));
    let least = Infinity;
    let most = -Infinity;
    for (let row = first; row < last; row++) {
      const value = values[row] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (least > most) {
      pen = "M"; // a gap
      continue;
    }
    const x = across(first, values.length).toFixed(1);
    path += `${pen}${x} ${up(most, low, high).toFixed(1)}`;
    if (least < most && columns < values.length) path += `L${x} ${up(least, low, high).toFixed(1)}`;
    pen = "L";
  }
  const end = values.at(-1);
  if (path && end !== undefined && Number.isFinite(end)) path += `L${SPARK.width} ${up(end, low, high).toFixed(1)}`;
  return { path, low, high };
}

function across(row: number, rows: number): number {
  return rows > 1 ? (row / (rows - 1)) * SPARK.width : SPARK.width / 2;
}

function up(value: number, low: number, high: number): number {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return SPARK.height - MARGIN - share * (SPARK.height - 2 * MARGIN);
}

/** The curve with a mark at a row. */
export function sparkline(run: Run, name: string, row: number): SVGTemplateResult {
  const { path, low, high } = shapeOf(run, name);
  const { rows } = run.results;
  const x = across(Math.min(row, rows - 1), rows);
  const value = run.results.at(name, Math.min(row, rows - 1));
  return svg`<path class="curve" d=${path}></path>
    <path class="now" d="M${x.toFixed(1)} 0V${SPARK.height}"></path>
    ${Number.isFinite(value) ? svg`<circle class="dot" cx=${x.toFixed(1)} cy=${up(value, low, high).toFixed(1)} r="2.5"></circle>` : null}`;
}
