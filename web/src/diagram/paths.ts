// Geometry of pipes and arrows as SVG path data. The same shapes as in the static drawings.
import type { DiagramArrow, DiagramPipe } from "../../../worker/tools.js";

const CORNER = 18;
const NECK = 9; // a pipe ends this far before the point of its head
const HEAD = { long: 11, half: 8 };
const POINT = { long: 7, half: 2.7 };

type Pair = readonly [number, number];

const at = ([x, y]: Pair): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;

function pairs(points: number[][]): Pair[] {
  return points.map(([x = 0, y = 0]) => [x, y] as const);
}

/** The middle of a pipe, short of its head; corners are rounded as far as its parts are long enough. */
export function pipeLine(pipe: DiagramPipe): string {
  const points = pairs(pipe.points);
  const end = points.at(-1);
  const before = points.at(-2);
  if (!end || !before) return "";
  const line = [...points.slice(0, -1), along(end, before, NECK)];
  let path = `M${at(line[0] as Pair)}`;
  for (let n = 1; n < line.length - 1; n++) {
    const [here, back, ahead] = [line[n] as Pair, line[n - 1] as Pair, line[n + 1] as Pair];
    const [one, other] = [corner(here, back), corner(here, ahead)];
    path += `L${at(one)}Q${at(here)} ${at(other)}`;
  }
  return `${path}L${at(line.at(-1) as Pair)}`;
}

function corner(here: Pair, there: Pair): Pair {
  return along(here, there, Math.min(CORNER, distance(here, there) / 2));
}

function distance([ax, ay]: Pair, [bx, by]: Pair): number {
  return Math.hypot(bx - ax, by - ay);
}

function along(from: Pair, to: Pair, length: number): Pair {
  const whole = distance(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) * length) / whole, from[1] + ((to[1] - from[1]) * length) / whole];
}

function triangle(tip: Pair, [dx, dy]: Pair, { long, half }: { long: number; half: number }): string {
  const back: Pair = [tip[0] - long * dx, tip[1] - long * dy];
  return `M${at(tip)}L${at([back[0] - half * dy, back[1] + half * dx])}L${at([back[0] + half * dy, back[1] - half * dx])}z`;
}

/** The heads of a pipe: where it goes to, and where it goes to while its rate is negative. */
export function pipeHeads(pipe: DiagramPipe): [string, string] {
  const points = pairs(pipe.points);
  return [headAt(points), headAt([...points].reverse())];
}

function headAt(points: Pair[]): string {
  const end = points.at(-1);
  const before = points.at(-2);
  if (!end || !before) return "";
  const length = distance(before, end) || 1;
  return triangle(end, [(end[0] - before[0]) / length, (end[1] - before[1]) / length], HEAD);
}

export function arrowLine(arrow: DiagramArrow): string {
  const points = pairs(arrow.points);
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return "";
  if (arrow.radius) return `M${at(first)}A${arrow.radius} ${arrow.radius} 0 ${arrow.large} ${arrow.sweep} ${at(last)}`;
  return `M${points.map(at).join("L")}`;
}

export function arrowHead(arrow: DiagramArrow): string {
  const [x = 0, y = 0] = arrow.points.at(-1) ?? [];
  const [dx = 1, dy = 0] = arrow.heading;
  return triangle([x, y], [dx, dy], POINT);
}
