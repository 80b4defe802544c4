// Where things are in a drawing: arrows as points, what is near a point, guides, and how arrows and pipes follow.
import type { Diagram, DiagramArrow, DiagramPipe, DiagramSymbol } from "../../../../worker/tools.js";
import type { Point } from "./places.js";

const GUIDE = 6; // pixels of the screen within which a symbol snaps to another's middle

export const apart = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(bx - ax, by - ay);

/** Points along an arrow. */
export function alongArrow(arrow: DiagramArrow, parts = 12): Point[] {
  const points = arrow.points.map(([x = 0, y = 0]): Point => [x, y]);
  const [start, end] = [points[0], points.at(-1)];
  if (!start || !end || !arrow.radius) return points;
  const [cx, cy, r] = centreOf(start, end, arrow);
  const from = Math.atan2(start[1] - cy, start[0] - cx);
  let turn = Math.atan2(end[1] - cy, end[0] - cx) - from;
  if (arrow.sweep && turn < 0) turn += 2 * Math.PI;
  if (!arrow.sweep && turn > 0) turn -= 2 * Math.PI;
  return Array.from({ length: parts + 1 }, (_, n): Point => {
    const angle = from + (turn * n) / parts;
    return [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
  });
}

function centreOf(start: Point, end: Point, arrow: DiagramArrow): readonly [number, number, number] {
  const chord = apart(start, end) || 1;
  const r = Math.max(arrow.radius, chord / 2);
  const height = Math.sqrt(Math.max(0, r * r - (chord * chord) / 4));
  const side = Boolean(arrow.sweep) === Boolean(arrow.large) ? -1 : 1;
  const [mx, my] = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
  const [ux, uy] = [(end[0] - start[0]) / chord, (end[1] - start[1]) / chord];
  return [mx - side * height * uy, my + side * height * ux, r];
}

export function middleOfArrow(arrow: DiagramArrow): Point {
  const points = alongArrow(arrow);
  if (arrow.radius) return points[Math.floor(points.length / 2)] ?? [0, 0];
  const [a, b] = [points[0] ?? [0, 0], points.at(-1) ?? [0, 0]];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function toSegment(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length)) : 0;
  return apart(p, [a[0] + dx * share, a[1] + dy * share]);
}

/** The number of the arrow that runs within `reach` of a point. */
export function arrowAt(diagram: Diagram, point: Point, reach: number): number | undefined {
  let found: number | undefined;
  let least = reach;
  diagram.arrows.forEach((arrow, number) => {
    const points = alongArrow(arrow);
    for (let n = 1; n < points.length; n++) {
      const far = toSegment(point, points[n - 1] as Point, points[n] as Point);
      if (far < least) [least, found] = [far, number];
    }
  });
  return found;
}

/** The symbol whose box is nearest to a point, within a reach. */
export function nearest(symbols: readonly DiagramSymbol[], [x, y]: Point, reach: number): DiagramSymbol | undefined {
  let found: DiagramSymbol | undefined;
  let least = reach;
  for (const symbol of symbols) {
    const dx = Math.max(0, Math.abs(x - symbol.x) - symbol.width / 2);
    const dy = Math.max(0, Math.abs(y - symbol.y) - symbol.height / 2);
    const far = Math.hypot(dx, dy);
    if (far <= least) [least, found] = [far, symbol];
  }
  return found;
}

export interface Guided {
  readonly dx: number;
  readonly dy: number;
  readonly lines: readonly (readonly [Point, Point])[];
}

/** A move made a little longer or shorter, so that the middle of what is moved is in line with that of another symbol;
 * else in whole steps of the grid. */
export function guided(one: DiagramSymbol, others: readonly DiagramSymbol[], dx: number, dy: number, scale: number, grid: (value: number) => number): Guided {
  const [x, y] = [one.x + dx, one.y + dy];
  const across = inLine(others, x, (other) => other.x, GUIDE / scale);
  const down = inLine(others, y, (other) => other.y, GUIDE / scale);
  const lines: (readonly [Point, Point])[] = [];
  const [nx, ny] = [across ? across.x : one.x + grid(dx), down ? down.y : one.y + grid(dy)];
  if (across) lines.push([[nx, Math.min(ny, across.y) - 24], [nx, Math.max(ny, across.y) + 24]]);
  if (down) lines.push([[Math.min(nx, down.x) - 24, ny], [Math.max(nx, down.x) + 24, ny]]);
  return { dx: nx - one.x, dy: ny - one.y, lines };
}

function inLine(others: readonly DiagramSymbol[], at: number, of: (symbol: DiagramSymbol) => number, reach: number): DiagramSymbol | undefined {
  let found: DiagramSymbol | undefined;
  let least = reach;
  for (const other of others) {
    const far = Math.abs(of(other) - at);
    if (far < least) [least, found] = [far, other];
  }
  return found;
}

/** How far most symbols of a newer drawing are from where they were; null for a drawing of something else. */
export function shiftOf(before: Diagram, after: Diagram): readonly [number, number] | null {
  const known = new Map(before.symbols.map((symbol) => [symbol.name, symbol]));
  const both = after.symbols.flatMap((symbol) => {
    const old = symbol.name && symbol.kind !== "alias" ? known.get(symbol.name) : undefined;
    return old ? [[symbol.x - old.x, symbol.y - old.y]] : [];
  });
  if (before.name !== after.name || both.length < Math.min(before.symbols.length, after.symbols.length) / 4 || both.length === 0) return null;
  const middle = (place: number): number => both.map((shift) => shift[place] ?? 0).toSorted((a, b) => a - b)[both.length >> 1] ?? 0;
  return [middle(0), middle(1)];
}

type Shift = readonly [dx: number, dy: number];
export type Shifts = ReadonlyMap<number, Shift>;
const NONE: Shift = [0, 0];

/** An arrow whose ends moved with their symbols; an arc stays as round as it was. */
export function movedArrow(arrow: DiagramArrow, shifts: Shifts): DiagramArrow {
  const [a, b] = [shifts.get(arrow.source) ?? NONE, shifts.get(arrow.target) ?? NONE];
  const last = arrow.points.length - 1;
  const points = arrow.points.map(([x = 0, y = 0], n) => {
    const share = last ? n / last : 0;
    return [x + a[0] + (b[0] - a[0]) * share, y + a[1] + (b[1] - a[1]) * share];
  });
  const chord = (of: number[][]): number => Math.hypot((of.at(-1)?.[0] ?? 0) - (of[0]?.[0] ?? 0), (of.at(-1)?.[1] ?? 0) - (of[0]?.[1] ?? 0));
  const radius = arrow.radius * (chord(points) / (chord(arrow.points) || 1));
  const moved = { ...arrow, points, radius };
  const [before, end] = alongArrow(moved, 24).slice(-2);
  if (!before || !end) return moved;
  const far = apart(before, end) || 1;
  return { ...moved, heading: [(end[0] - before[0]) / far, (end[1] - before[1]) / far] };
}

/** A pipe that still ends at its symbols and runs by its valve; the rule is the one by which the edit leads it. */
export function movedPipe(pipe: DiagramPipe, symbols: ReadonlyMap<number, DiagramSymbol>, shifts: Shifts): DiagramPipe {
  const valve = symbols.get(pipe.flow);
  if (!valve) return pipe;
  const points = pipe.points.map(([x = 0, y = 0]): Point => [x, y]);
  const at = splitAt(points, [valve.x, valve.y]);
  const [p, q] = [points[at] as Point, points[at + 1] as Point];
  const upright = Math.abs(q[1] - p[1]) > Math.abs(q[0] - p[0]);
  const moved = shifts.get(pipe.flow) ?? NONE;
  const here: Point = [valve.x + moved[0], valve.y + moved[1]];
  const side = (corners: Point[], id: number | null): Point[] => {
    const end = id === null ? undefined : symbols.get(id);
    const own = end && end.kind !== "cloud" ? (shifts.get(end.id) ?? NONE) : ((end && shifts.get(end.id)) ?? moved);
    if (own[0] === moved[0] && own[1] === moved[1]) return corners.map(([x, y]): Point => [x + own[0], y + own[1]]);
    const tip = corners.at(-1) as Point;
    const [wide, high] = end && end.kind !== "cloud" ? [end.width / 2, end.height / 2] : [0, 0];
    const goal: Point = end && end.kind !== "cloud" ? [end.x + own[0], end.y + own[1]] : [tip[0] + own[0], tip[1] + own[1]];
    return upright ? half([here[1], here[0]], [goal[1], goal[0]], high, wide).map(([x, y]): Point => [y, x]) : half(here, goal, wide, high);
  };
  const back = side(points.slice(0, at + 1).reverse(), pipe.source).reverse();
  return { ...pipe, points: [...back, ...side(points.slice(at + 1), pipe.target)].map(([x, y]) => [x, y]) };
}

function half([vx, vy]: Point, [gx, gy]: Point, wide: number, high: number): Point[] {
  const edge = (middle: number, size: number, towards: number): number => (towards > middle ? middle + size : middle - size);
  if (Math.abs(vy - gy) <= Math.max(high, 8)) return [[edge(gx, wide, vx), vy]];
  if (Math.abs(vx - gx) <= Math.max(wide, 8)) return [[vx, edge(gy, high, vy)]];
  return [[gx, vy], [gx, edge(gy, high, vy)]];
}

function splitAt(points: readonly Point[], at: Point): number {
  let [found, least] = [0, Infinity];
  for (let n = 0; n + 1 < points.length; n++) {
    const far = toSegment(at, points[n] as Point, points[n + 1] as Point);
    if (far < least) [found, least] = [n, far];
  }
  return found;
}
