// Small curves in the diagram: a symbol's whole run, with a mark at the time on show. Off until they are asked for.
import { canonical } from "../../../../worker/canonical.js";
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";
import type { Run } from "../../state/runs.js";

const WIDE = 52;
const HIGH = 18;
const COLUMNS = 52;
const SVG = "http://www.w3.org/2000/svg";
const CURVED: ReadonlySet<string> = new Set(["stock", "flow", "auxiliary", "lookup"]);

interface Curve {
  readonly path: string;
  readonly y: (value: number) => number;
}

const known = new WeakMap<Run, Map<string, Curve>>();

function curveOf(run: Run, name: string): Curve {
  const curves = known.get(run) ?? new Map<string, Curve>();
  known.set(run, curves);
  const found = curves.get(name) ?? curve(run.results.series(name));
  curves.set(name, found);
  return found;
}

function curve(values: Float64Array): Curve {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const y = (value: number): number => (high > low ? HIGH - ((value - low) / (high - low)) * HIGH : HIGH / 2);
  let path = "";
  let pen = "M";
  for (let column = 0; column <= COLUMNS; column++) {
    const value = values[Math.round((column / COLUMNS) * (values.length - 1))] ?? Number.NaN;
    if (!Number.isFinite(value)) pen = "M"; // a gap
    else {
      path += `${pen}${((column / COLUMNS) * WIDE).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    }
  }
  return { path, y };
}

export class Sparks {
  readonly shown = new Set<string>(); // canonical names

  constructor(readonly root: () => ParentNode) {}

  /** For some symbols, on if any of them has none yet. */
  toggle(symbols: readonly DiagramSymbol[]): boolean {
    const names = symbols.filter((symbol) => CURVED.has(symbol.kind) && !symbol.arrayed).map((symbol) => canonical(symbol.name));
    const on = names.some((name) => !this.shown.has(name));
    for (const name of names) if (on) this.shown.add(name);
    else this.shown.delete(name);
    return on;
  }

  draw(diagram: Diagram | null, run: Run | null, row: number): void {
    const root = this.root();
    if (!diagram || !run || this.shown.size === 0) {
      for (const old of root.querySelectorAll(".spark")) old.remove();
      return;
    }
    const names = new Map(run.results.names.map((name) => [canonical(name), name]));
    for (const symbol of diagram.symbols) {
      if (!CURVED.has(symbol.kind)) continue;
      const group = root.querySelector(`[data-id="${symbol.id}"]`);
      const name = names.get(canonical(symbol.name));
      const old = group?.querySelector(":scope > .spark");
      if (!group || name === undefined || !this.shown.has(canonical(symbol.name))) old?.remove();
      else place(group, old ?? null, symbol, run, name, row);
    }
  }
}

function place(group: Element, old: Element | null, symbol: DiagramSymbol, run: Run, name: string, row: number): void {
  const spark = old ?? made(group);
  const [, line, dot] = spark.children;
  const { path, y } = curveOf(run, name);
  spark.setAttribute("transform", `translate(${placeOf(symbol)})`);
  if (line?.getAttribute("d") !== path) line?.setAttribute("d", path);
  const { rows } = run.results;
  const value = run.results.at(name, Math.min(row, rows - 1));
  dot?.setAttribute("visibility", Number.isFinite(value) ? "visible" : "hidden");
  if (!Number.isFinite(value)) return;
  dot?.setAttribute("cx", ((Math.min(row, rows - 1) / Math.max(1, rows - 1)) * WIDE).toFixed(1));
  dot?.setAttribute("cy", y(value).toFixed(1));
}

/** Below the symbol, and below its name and value where they are there. */
function placeOf(symbol: DiagramSymbol): string {
  const [left = 0, top = 0, right = 0, bottom = 0] = symbol.label?.box ?? [];
  const named = symbol.label !== null && bottom > symbol.y && top >= symbol.y;
  const value = symbol.kind === "stock" ? 0 : 15;
  const y = named ? bottom - symbol.y + value + 3 : symbol.height / 2 + 8;
  const x = named ? (left + right) / 2 - symbol.x : 0;
  return `${x - WIDE / 2} ${y}`;
}

function made(group: Element): Element {
  const spark = document.createElementNS(SVG, "g");
  spark.setAttribute("class", "spark");
  spark.setAttribute("aria-hidden", "true");
  const ground = document.createElementNS(SVG, "rect");
  for (const [key, value] of Object.entries({ x: -3, y: -3, width: WIDE + 6, height: HIGH + 6, rx: 3 })) ground.setAttribute(key, String(value));
  const line = document.createElementNS(SVG, "path");
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("r", "2");
  spark.append(ground, line, dot);
  group.append(spark);
  return spark;
}
