// What part of the drawing is on screen: a place and a scale, moved by pointer, wheel and keys.
import { signal } from "../state/signals.js";

const LEAST = 0.1;
const MOST = 4;
const FIT_MOST = 1.6;
const MARGIN = 28;
const STEP = 1.25;
const WHEEL = 0.0015;

export interface Look {
  readonly x: number; // of the drawing's corner, in pixels of the screen
  readonly y: number;
  readonly scale: number;
}

export class Camera {
  readonly look = signal<Look>({ x: 0, y: 0, scale: 1 });
  #top = 0; // pixels that are covered
  #touched = false; // the reader chose; a new size or drawing no longer changes it
  #pointers = new Map<number, { x: number; y: number }>();

  constructor(
    readonly element: HTMLElement,
    readonly size: () => { width: number; height: number },
    readonly margin = MARGIN,
  ) {}

  /** The whole drawing, unless the reader has chosen another look. */
  settle(): void {
    if (!this.#touched) this.fit();
  }

  /** Something covers the top: the drawing fits in what is left. */
  cover(top: number): void {
    this.#top = top;
    this.settle();
  }

  fit(): void {
    const { width, height } = this.size();
    const { clientWidth } = this.element;
    const clientHeight = this.element.clientHeight - this.#top;
    if (!width || !height || !clientWidth || !clientHeight) return;
    const wanted = Math.min((clientWidth - 2 * this.margin) / width, (clientHeight - 2 * this.margin) / height);
    const scale = clamp(wanted, LEAST, FIT_MOST);
    this.#touched = false;
    this.look.value = { x: (clientWidth - width * scale) / 2, y: this.#top + (clientHeight - height * scale) / 2, scale };
  }

  /** Another drawing of the same model: what did not move stays where it is on the screen. */
  hold(dx: number, dy: number): void {
    const { scale } = this.look.peek();
    this.pan(-dx * scale, -dy * scale);
  }

  /** By steps, about the middle. */
  zoom(steps: number): void {
    this.#zoomAbout(this.element.clientWidth / 2, this.element.clientHeight / 2, STEP ** steps);
  }

  pan(dx: number, dy: number): void {
    const { x, y, scale } = this.look.peek();
    this.#touched = true;
    this.look.value = { x: x + dx, y: y + dy, scale };
  }

  /** Moves just as far as a box needs to be seen. */
  reveal(left: number, top: number, right: number, bottom: number): void {
    const { x, y, scale } = this.look.peek();
    const { clientWidth, clientHeight } = this.element;
    const dx = beyond(x + left * scale, x + right * scale, clientWidth);
    const dy = beyond(y + top * scale, y + bottom * scale, clientHeight);
    if (dx || dy) this.pan(dx, dy);
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    if (!event.ctrlKey && !event.metaKey) return this.pan(-event.deltaX, -event.deltaY);
    const box = this.element.getBoundingClientRect();
    this.#zoomAbout(event.clientX - box.left, event.clientY - box.top, Math.exp(-event.deltaY * WHEEL * (event.deltaMode ? 20 : 1)));
  }

  down(event: PointerEvent): void {
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.element.setPointerCapture(event.pointerId);
  }

  move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (!other) return this.pan(now.x - before.x, now.y - before.y);
    const box = this.element.getBoundingClientRect();
    const factor = Math.hypot(now.x - other.x, now.y - other.y) / (Math.hypot(before.x - other.x, before.y - other.y) || 1);
    this.#zoomAbout((now.x + other.x) / 2 - box.left, (now.y + other.y) / 2 - box.top, factor);
    this.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
  }

  #zoomAbout(px: number, py: number, factor: number): void {
    const { x, y, scale } = this.look.peek();
    const next = clamp(scale * factor, LEAST, MOST);
    const real = next / scale;
    this.#touched = true;
    this.look.value = { x: px - (px - x) * real, y: py - (py - y) * real, scale: next };
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function beyond(low: number, high: number, room: number): number {
  if (low < MARGIN) return MARGIN - low;
  return high > room - MARGIN ? Math.max(room - MARGIN - high, MARGIN - low) : 0;
}
