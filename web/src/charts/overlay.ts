// What lies above the curves and moves without a redraw: the cursor, values beside it, names at the line ends.
import type { Plot } from "./plot.js";
import { formatTimeMark } from "./scale.js";

export interface Mark {
  readonly name: string;
  readonly colour: string; // of the line
  readonly ink: string; // the same hue as text
  readonly end: number; // value at the line's end
  readonly value: number; // value at the cursor, to draw
  readonly label: string; // the same, to read
}

const CHIP = 21; // least distance of two chips
const LABEL = 16;
const BESIDE = 12; // from the cursor to a chip
const SVG = "http://www.w3.org/2000/svg";

export class Overlay {
  readonly #line = part("div", "cursor");
  readonly #broken = part("div", "broken");
  readonly #fork = part("div", "fork");
  readonly #time = part("div", "time-chip");
  readonly #units = part("div", "x-units");
  readonly #drawing = document.createElementNS(SVG, "svg");
  readonly #chips: HTMLElement[] = [];
  readonly #labels: HTMLElement[] = [];
  readonly #times: { label: HTMLElement; x: number }[] = [];
  readonly #dots: SVGCircleElement[] = [];
  readonly #leaders: SVGPathElement[] = [];

  constructor(
    readonly root: HTMLElement,
    readonly plot: Plot,
    readonly lift: (name: string | null) => void,
    readonly open: (name: string) => void,
  ) {
    this.#drawing.setAttribute("aria-hidden", "true");
    root.append(this.#broken, this.#fork, this.#line, this.#drawing, this.#units, this.#time);
  }

  /** Puts the layer over the plot's area. */
  place(): void {
    const { left, top, width, height } = this.plot.area;
    for (const [side, size] of Object.entries({ left, top, width, height })) put(this.root, side, `${size}px`);
  }

  names(marks: readonly Mark[], units: string): void {
    const { height, width } = this.plot.area;
    this.#grow(marks.length);
    const wanted = marks.map((mark) => (Number.isFinite(mark.end) ? this.plot.y(mark.end) : Infinity));
    const tops = apart(wanted, LABEL, 0, height);
    marks.forEach((mark, at) => {
      const label = this.#labels[at];
      if (!label) return;
      label.hidden = !Number.isFinite(mark.end);
      write(label, mark.name);
      if (label.title !== mark.name) label.title = mark.name;
      put(label, "color", mark.ink);
      move(label, width + 8, (tops[at] ?? 0) - LABEL / 2);
    });
    this.#timeMarks();
    write(this.#units, units);
    const last = this.#times.at(-1);
    const taken = last ? last.x + (last.label.textContent?.length ?? 0) * 3.4 + 6 : 0;
    move(this.#units, Math.max(width + 8, taken), height + 7);
  }

  cursor(marks: readonly Mark[], time: number, label: string): void {
    const { width, height } = this.plot.area;
    this.#grow(marks.length);
    const x = Math.min(width, Math.max(0, this.plot.x(time)));
    move(this.#line, Math.round(x), 0);
    write(this.#time, label);
    for (const mark of this.#times) mark.label.classList.toggle("covered", Math.abs(mark.x - x) < label.length * 3.4 + 20);
    const half = label.length * 3.4 + 8;
    move(this.#time, Math.min(width + 40 - half, Math.max(half - 40, x)), height + 6);
    const finite = marks.map((mark) => Number.isFinite(mark.value));
    const wanted = marks.map((mark, at) => (finite[at] ? this.plot.y(mark.value) : Infinity));
    const tops = apart(wanted, CHIP, 0, height - 8); // above the time's chip
    const widest = Math.max(0, ...marks.map((mark) => mark.label.length)) * 7 + 14;
    const left = x + BESIDE + widest > width;
    marks.forEach((mark, at) => {
      const chip = this.#chips[at];
      const dot = this.#dots[at];
      const leader = this.#leaders[at];
      if (!chip || !dot || !leader) return;
      const y = wanted[at] ?? 0;
      const top = tops[at] ?? 0;
      const shown = finite[at] === true;
      chip.hidden = !shown;
      dot.classList.toggle("none", !shown);
      leader.classList.toggle("none", !shown);
      if (!shown) return;
      write(chip, mark.label);
      put(chip, "border-color", mark.colour);
      chip.classList.toggle("left", left);
      move(chip, left ? x - BESIDE : x + BESIDE, top - 9);
      dot.setAttribute("cx", x.toFixed(1));
      dot.setAttribute("cy", y.toFixed(1));
      put(dot, "fill", mark.colour);
      leader.setAttribute("d", `M${x.toFixed(1)} ${y.toFixed(1)}L${(left ? x - BESIDE : x + BESIDE).toFixed(1)} ${top.toFixed(1)}`);
      put(leader, "stroke", mark.colour);
    });
  }

  /** Marks the time from which values differ from those of the run before. */
  fork(at: number | null): void {
    this.#fork.hidden = at === null;
    if (at !== null) move(this.#fork, this.plot.x(at), 0);
  }

  /** Marks the part of the run that is no numbers any more. */
  broken(from: number | null): void {
    this.#broken.hidden = from === null;
    if (from === null) return;
    const { width } = this.plot.area;
    const x = Math.min(width, Math.max(0, this.plot.x(from)));
    put(this.#broken, "left", `${x}px`);
    put(this.#broken, "width", `${width - x}px`);
  }

  #timeMarks(): void {
    const marks = this.plot.timeMarks();
    while (this.#times.length > marks.length) this.#times.pop()?.label.remove();
    marks.forEach((time, at) => {
      const known = this.#times[at] ?? { label: part("div", "tick"), x: 0 };
      known.x = this.plot.x(time);
      if (!this.#times[at]) {
        this.#times.push(known);
        this.root.prepend(known.label);
      }
      write(known.label, formatTimeMark(time));
      move(known.label, known.x, this.plot.area.height + 7);
    });
  }

  #grow(count: number): void {
    while (this.#chips.length < count) {
      const chip = part("div", "chip");
      const label = part("div", "end-label");
      label.addEventListener("pointerenter", () => this.lift(label.textContent));
      label.addEventListener("pointerleave", () => this.lift(null));
      label.addEventListener("pointerdown", (event) => event.stopPropagation()); // it is no time to go to
      label.addEventListener("click", () => this.open(label.textContent ?? ""));
      const dot = document.createElementNS(SVG, "circle");
      dot.setAttribute("r", "4");
      const leader = document.createElementNS(SVG, "path");
      this.#drawing.prepend(leader);
      this.#drawing.append(dot);
      this.root.append(chip, label);
      this.#chips.push(chip);
      this.#labels.push(label);
      this.#dots.push(dot);
      this.#leaders.push(leader);
    }
    for (let at = count; at < this.#chips.length; at++) {
      for (const extra of [this.#chips[at], this.#labels[at]]) if (extra) extra.hidden = true;
      this.#dots[at]?.classList.add("none");
      this.#leaders[at]?.classList.add("none");
    }
  }
}

/** Positions near the wanted ones, at least `distance` apart and between the ends as long as there is room. */
export function apart(wanted: readonly number[], distance: number, low: number, high: number): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let floor = low;
  for (const at of order) {
    if (placed[at] === Infinity) continue;
    placed[at] = Math.max(placed[at] ?? 0, floor);
    floor = placed[at] + distance;
  }
  let ceiling = high;
  for (const at of order.reverse()) {
    const position = placed[at] ?? 0;
    if (position === Infinity) continue;
    placed[at] = Math.min(position, ceiling);
    ceiling = placed[at] - distance;
  }
  return placed;
}

function part(tag: string, name: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = name;
  element.setAttribute("aria-hidden", "true");
  return element;
}

const styles = new WeakMap<Element, Map<string, string>>();

/** What is written again is work for the browser, even when it is the same. */
function put(element: HTMLElement | SVGElement, property: string, value: string): void {
  const known = styles.get(element) ?? new Map<string, string>();
  styles.set(element, known);
  if (known.get(property) === value) return;
  known.set(property, value);
  element.style.setProperty(property, value);
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function move(element: HTMLElement, x: number, y: number): void {
  put(element, "transform", `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`);
}
