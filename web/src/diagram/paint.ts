// What changes with every frame: levels, rates, numbers. Touches attributes only where they change.
import type { DiagramPipe, DiagramSymbol } from "../../../worker/tools.js";
import type { Run } from "../state/runs.js";
import { formatConstant, formatValue } from "../state/format.js";

const THICKEST = 6; // of a pipe's fluid
const DROPS = 14; // the length of a drop and the gap after it
const TURNS = 60; // drops that pass while the largest rate of a run flows all the time

/** The largest size of a variable in a run, and how much has flowed by each row, as a share of the most possible. */
interface Extent {
  readonly largest: number;
  readonly flowed: Float64Array;
}

const extents = new WeakMap<Run, Map<string, Extent>>();

export function extentOf(run: Run, name: string): Extent {
  const known = extents.get(run) ?? new Map<string, Extent>();
  extents.set(run, known);
  const found = known.get(name) ?? extent(run.results.series(name));
  known.set(name, found);
  return found;
}

function extent(values: Float64Array): Extent {
  let largest = 0;
  for (const value of values) if (Number.isFinite(value) && Math.abs(value) > largest) largest = Math.abs(value);
  const flowed = new Float64Array(values.length);
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    flowed[row] = sum;
    const value = values[row] ?? 0;
    if (largest > 0 && Number.isFinite(value)) sum += value / largest / values.length;
  }
  return { largest, flowed };
}

function set(element: Element | null | undefined, name: string, value: string): void {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function write(element: Element | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

/** The elements of one symbol or pipe that move. */
export interface Parts {
  readonly value: Element | null;
  readonly fill: Element | null;
  readonly surface: Element | null;
  readonly tick: Element | null;
  readonly needle: Element | null;
}

export function paintSymbol(parts: Parts, symbol: DiagramSymbol, run: Run, ghost: Run | null, name: string, row: number): void {
  const value = run.results.at(name, row);
  write(parts.value, symbol.kind === "constant" ? formatConstant(value) : formatValue(value));
  if (symbol.kind !== "stock") return;
  const { largest } = extentOf(run, name);
  const share = level(value, largest);
  const height = Math.abs(share) * symbol.height;
  set(parts.fill, "y", String(share < 0 ? 0 : symbol.height - height));
  set(parts.fill, "height", String(height));
  set(parts.fill, "class", share < 0 ? "fill below" : "fill");
  set(parts.surface, "y", String(share < 0 ? height : symbol.height - height));
  const before = ghost?.results.names.includes(name) ? ghost.results.at(name, Math.min(row, ghost.results.rows - 1)) : Number.NaN;
  const mark = level(before, largest);
  set(parts.tick, "visibility", Number.isFinite(before) ? "visible" : "hidden");
  set(parts.tick, "y", String(symbol.height * (mark < 0 ? -mark : 1 - mark)));
}

function level(value: number, largest: number): number {
  if (!Number.isFinite(value) || largest === 0) return 0;
  return Math.min(1, Math.max(-1, value / largest));
}

/** The elements of a pipe that move. */
export interface PipeParts {
  readonly fluid: Element | null;
  readonly drops: Element | null;
  readonly ahead: Element | null;
  readonly back: Element | null;
}

export function paintPipe(parts: PipeParts, _pipe: DiagramPipe, run: Run, name: string, row: number, still: boolean): void {
  const value = run.results.at(name, row);
  const { largest, flowed } = extentOf(run, name);
  const share = largest > 0 && Number.isFinite(value) ? Math.abs(value) / largest : 0;
  const width = share === 0 ? 0 : 1 + share * (THICKEST - 1);
  set(parts.fluid, "stroke-width", width.toFixed(2));
  set(parts.drops, "stroke-width", (width * 0.42).toFixed(2));
  set(parts.drops, "stroke-dashoffset", still ? "0" : (-(flowed[row] ?? 0) * TURNS * DROPS).toFixed(1));
  set(parts.ahead, "visibility", value < 0 ? "hidden" : "visible");
  set(parts.back, "visibility", value < 0 ? "visible" : "hidden");
}
