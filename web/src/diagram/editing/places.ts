// From the diagram as it is drawn to the coordinates of the author's view, which may be another scale.
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";

export const GRID = 8;

export type Point = readonly [x: number, y: number];

export const snapped = (value: number): number => Math.round(value / GRID) * GRID;

/** How the first view is drawn: enlarged by `scale`, then moved. */
interface Fit {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

function fitOf(diagram: Diagram, view: number): Fit {
  const known = diagram.symbols.filter((symbol) => symbol.place?.[0] === view);
  const [one] = known;
  if (!one?.place) return { scale: 1, x: 0, y: 0 };
  const far = known.reduce((best, symbol) => (apart(one, symbol) > apart(one, best) ? symbol : best), one);
  const [, ax = 0, ay = 0] = one.place;
  const [, bx = 0, by = 0] = far.place ?? [];
  const there = Math.hypot(bx - ax, by - ay);
  const scale = there > 0 ? apart(one, far) / there : 1;
  return { scale, x: one.x - scale * ax, y: one.y - scale * ay };
}

function apart(a: DiagramSymbol, b: DiagramSymbol): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

/** Where a point of the drawing is in a view. */
export function placeInView(diagram: Diagram, [x, y]: Point, view = 0): number[] {
  const fit = fitOf(diagram, view);
  return [Math.round((x - fit.x) / fit.scale), Math.round((y - fit.y) / fit.scale)];
}

/** A symbol moved by a part of the drawing's width and height, in its own view's coordinates. */
export function movedBy(diagram: Diagram, symbol: DiagramSymbol, dx: number, dy: number): { item: string | number; view: number; x: number; y: number } {
  const [view = 0, x = symbol.x, y = symbol.y] = symbol.place ?? [];
  const { scale } = fitOf(diagram, view);
  return { item: symbol.place?.[3] ?? symbol.name, view, x: Math.round(x + dx / scale), y: Math.round(y + dy / scale) };
}
