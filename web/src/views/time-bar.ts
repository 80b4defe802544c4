// The time bar: play, a handle to drag, and above the groove the course of the first curve.
import { css, html, svg } from "lit";
import type { TemplateResult } from "lit";
import { formatTimeMark, timeMarks } from "../charts/scale.js";
import { formatTime, formatValue } from "../state/format.js";
import { SPEEDS } from "../state/player.js";
import type { Seen } from "../state/seen.js";
import { M as S } from "../strings-model.js";
import { icons } from "./icons.js";
import { scrubKey } from "./keys.js";
import { shared } from "./styles.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

const POINTS = 240; // of the preview
const PREVIEW = 24;
const FINE = 4; // Shift divides the pointer's way by this

export class TimeBar extends View<Seen> {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 0 16px 0 12px;
        height: var(--ps-time);
        border-top: 1px solid var(--ps-line);
        background: var(--ps-page);
      }
      .play {
        flex: none;
        display: grid;
        place-items: center;
        width: 36px;
        height: 36px;
        border-radius: 50%;
        background: var(--ps-accent);
        color: var(--ps-on-accent);
      }
      .play:hover:not(:disabled) {
        filter: brightness(1.08);
      }
      .button.square[aria-pressed="true"] {
        color: var(--ps-accent);
        background: var(--ps-accent-soft);
      }
      .bar {
        position: relative;
        flex: 1;
        min-width: 0;
        height: 56px;
        margin: 0 8px;
        touch-action: none;
        cursor: pointer;
        border-radius: 4px;
      }
      .bar:focus-visible {
        outline-offset: -3px;
      }
      .preview {
        position: absolute;
        left: 0;
        bottom: 22px;
        width: 100%;
        height: ${PREVIEW}px;
      }
      .later polygon {
        fill: var(--ps-edge);
        fill-opacity: 0.16;
      }
      .past polygon {
        fill: var(--colour);
        fill-opacity: 0.3;
      }
      .past {
        clip-path: inset(0 calc((1 - var(--at)) * 100%) 0 0);
      }
      .groove,
      .gone {
        position: absolute;
        left: 0;
        top: 34px;
        height: 4px;
        border-radius: 2px;
        background: var(--ps-track);
        width: 100%;
      }
      .gone {
        background: var(--ps-accent);
        width: calc(var(--at) * 100%);
      }
      .handle {
        position: absolute;
        top: 29px;
        left: calc(var(--at) * 100%);
        width: 14px;
        height: 14px;
        margin-left: -7px;
        border-radius: 50%;
        border: 2px solid var(--ps-accent);
        background: var(--ps-page);
      }
      .handle::before {
        content: "";
        position: absolute;
        left: 4px;
        bottom: 12px;
        width: 2px;
        height: 22px;
        background: var(--ps-accent);
      }
      .tick {
        position: absolute;
        top: 41px;
        left: calc(var(--at) * 100%);
        translate: -50% 0;
        font: 11px/14px var(--ps-font);
        color: var(--ps-text-2);
        white-space: nowrap;
      }
      .now {
        flex: none;
        min-width: 76px;
        text-align: right;
        white-space: nowrap;
        font-weight: 600;
      }
      .now small {
        font: var(--ps-label);
        color: var(--ps-text-2);
        margin-right: 4px;
      }
      select {
        flex: none;
        height: 32px;
        border: 1px solid transparent;
        border-radius: var(--ps-r);
        background: var(--ps-page);
        color: var(--ps-text-2);
        font: var(--ps-label);
        font-variant-numeric: inherit;
      }
      select:hover {
        border-color: var(--ps-line);
      }
      :host([narrow]) {
        gap: 4px;
        padding: 0 12px 0 8px;
      }
      :host([narrow]) .play {
        width: 44px;
        height: 44px;
      }
      :host([narrow]) :is(.loop, select) {
        display: none;
      }
      @media (pointer: coarse) {
        .play {
          width: 44px;
          height: 44px;
        }
      }
    `,
  ];

  #grab = { x: 0, time: 0 };
  #shape: { run: unknown; name: string; points: string } = { run: null, name: "", points: "" };

  override render(): TemplateResult {
    const { bench } = this;
    const run = bench.runs.shown.value;
    const { start, stop } = bench.range.value;
    const at = stop > start ? Math.min(1, Math.max(0, (bench.cursor.value - start) / (stop - start))) : 0;
    const time = formatTime(bench.times.value[bench.row.value] ?? 0, bench.timeDecimals.value);
    const units = bench.timeUnits.value;
    const playing = bench.player.playing.value;
    const speed = bench.player.speed.value;
    const looping = bench.player.looping.value;
    this.toggleAttribute("narrow", bench.layout.value === "phone");
    return html`
      <button class="play" data-testid="play" ?disabled=${!run} aria-label=${playing ? S.pause : S.play} @click=${() => bench.player.toggle()}>
        ${playing ? icons.pause : icons.play}
      </button>
      <button
        class="button quiet square loop"
        data-testid="loop"
        aria-label=${S.loop}
        title=${S.loop}
        aria-pressed=${looping ? "true" : "false"}
        @click=${() => (bench.player.looping.value = !looping)}
      >
        ${icons.loop}
      </button>
      <div
        class="bar"
        data-testid="time-bar"
        role="slider"
        tabindex=${run ? "0" : "-1"}
        aria-label=${S.timeLabel}
        aria-disabled=${run ? "false" : "true"}
        aria-valuemin=${start}
        aria-valuemax=${stop}
        aria-valuenow=${bench.times.value[bench.row.value] ?? 0}
        aria-valuetext=${this.#words(time)}
        aria-keyshortcuts="Space"
        ${styleVariables({ at: at.toFixed(5) })}
        @keydown=${(event: KeyboardEvent) => scrubKey(bench, event)}
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
      >
        ${this.#preview()}
        <span class="groove"></span>
        <span class="gone"></span>
        <span class="handle"></span>
        ${timeMarks(start, stop, bench.layout.value === "phone" ? 4 : 7).map(
          (tick) =>
            html`<span class="tick" ${styleVariables({ at: stop > start ? (tick - start) / (stop - start) : 0 })}>${formatTimeMark(tick)}</span>`,
        )}
      </div>
      <output class="now" data-testid="now" aria-hidden="true">${run ? html`<small>${S.time(units)}</small>${time}` : null}</output>
      <select
        data-testid="speed"
        aria-label=${S.speed}
        @change=${(event: Event) => (bench.player.speed.value = Number((event.target as HTMLSelectElement).value))}
      >
        ${SPEEDS.map((choice) => html`<option value=${choice} ?selected=${choice === speed}>${S.times(choice)}</option>`)}
      </select>
    `;
  }

  #words(time: string): string {
    const { bench } = this;
    const run = bench.runs.shown.peek();
    const values = bench.plotted.value.slice(0, 4).map((name) => `${name} ${formatValue(bench.valueAt(run, name))}`);
    return [S.atTime(bench.timeUnits.value, time), ...values].join(", ");
  }

  #preview(): TemplateResult | null {
    const { bench } = this;
    const run = bench.runs.shown.value;
    const name = bench.plotted.value.find((plotted) => run?.results.names.includes(plotted));
    if (!run || name === undefined) return null;
    if (this.#shape.run !== run || this.#shape.name !== name) {
      this.#shape = { run, name, points: outline(run.results.series(name)) };
    }
    const colour = `var(--ps-s${(bench.colours.of.value.get(name) ?? 0) + 1})`;
    const shape = (kind: string) =>
      html`<svg class="preview ${kind}" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" ${styleVariables({ colour })}>
        ${svg`<polygon points=${this.#shape.points} />`}
      </svg>`;
    return html`${shape("later")}${shape("past")}`;
  }

  // Pointer ---------------------------------------------------------------------------------------------

  #press = (event: PointerEvent): void => {
    if (event.button !== 0 || !event.isPrimary || !this.bench.runs.shown.peek()) return;
    const bar = event.currentTarget as HTMLElement;
    bar.setPointerCapture(event.pointerId);
    const time = this.#timeAt(bar, event.clientX);
    this.#grab = { x: event.clientX, time };
    this.bench.scrub(time);
  };

  #drag = (event: PointerEvent): void => {
    const bar = event.currentTarget as HTMLElement;
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const { start, stop } = this.bench.range.peek();
    const way = ((event.clientX - this.#grab.x) / bar.clientWidth) * (stop - start);
    const time = event.shiftKey ? this.#grab.time + way / FINE : this.#timeAt(bar, event.clientX);
    if (!event.shiftKey) this.#grab = { x: event.clientX, time };
    this.bench.scrub(Math.min(stop, Math.max(start, time)));
  };

  #timeAt(bar: HTMLElement, x: number): number {
    const { start, stop } = this.bench.range.peek();
    const { left, width } = bar.getBoundingClientRect();
    return start + Math.min(1, Math.max(0, (x - left) / width)) * (stop - start);
  }
}

/** A filled outline in a unit square, its ground at zero or at the lowest value. */
function outline(values: Float64Array): string {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return "";
  if (low > 0 && low < 0.75 * high) low = 0;
  const span = high - low || 1;
  const count = Math.min(POINTS, values.length);
  const points = ["0,1"];
  for (let at = 0; at < count; at++) {
    const row = Math.round((at * (values.length - 1)) / Math.max(1, count - 1));
    const value = values[row] ?? Number.NaN;
    const height = Number.isFinite(value) ? (value - low) / span : 0;
    points.push(`${(at / Math.max(1, count - 1)).toFixed(4)},${(1 - 0.94 * height).toFixed(4)}`);
  }
  return [...points, "1,1"].join(" ");
}

define("ps-time-bar", TimeBar);
