// Large drawings: what is out of sight is not painted, and from afar neither are words. Loaded for such models alone.
import type { Diagram } from "../../../worker/tools.js";
import type { Look } from "./camera.js";

const MARGIN = 40; // pixels beyond the edges that are still drawn
const TINY = 0.35; // the size from which on names can be read
const LABELS = 160; // how far a name may reach beyond its symbol

interface Part {
  readonly element: Element;
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  off: boolean;
}

export class Cull {
  readonly #parts: Part[] = [];

  constructor(
    readonly root: ParentNode,
    diagram: Diagram,
  ) {
    const groups = new Map([...root.querySelectorAll("[data-id]")].map((element) => [element.getAttribute("data-id"), element]));
    for (const { id, x, y, width, height, label } of diagram.symbols) {
      const [left = x, top = y, right = x, bottom = y] = label?.box ?? [];
      this.#add(groups.get(String(id)), [Math.min(x - width, left), Math.min(y - height, top), Math.max(x + width, right), Math.max(y + height, bottom + 16)]);
    }
    const pipes = new Map([...root.querySelectorAll("[data-pipe]")].map((element) => [element.getAttribute("data-pipe"), element]));
    for (const { flow, points } of diagram.pipes) this.#add(pipes.get(String(flow)), around(points, 12));
    const arrows = root.querySelectorAll(".arrow");
    diagram.arrows.forEach((arrow, number) => this.#add(arrows[number], around(arrow.points, arrow.radius ? LABELS : 8)));
  }

  #add(element: Element | undefined, box: Part["box"]): void {
    if (element) this.#parts.push({ element, box, off: element.classList.contains("off") });
  }

  apply({ x, y, scale }: Look, width: number, height: number): void {
    const [left, top] = [(-x - MARGIN) / scale, (-y - MARGIN) / scale];
    const [right, bottom] = [(width - x + MARGIN) / scale, (height - y + MARGIN) / scale];
    for (const part of this.#parts) {
      const [l, t, r, b] = part.box;
      const off = r < left || l > right || b < top || t > bottom;
      if (off === part.off) continue;
      part.off = off;
      part.element.classList.toggle("off", off);
    }
    this.root.querySelector(".stage")?.classList.toggle("tiny", scale < TINY);
  }
}

function around(points: number[][], by: number): Part["box"] {
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  return [Math.min(...xs) - by, Math.min(...ys) - by, Math.max(...xs) + by, Math.max(...ys) + by];
}
