// One chart: curves on a canvas, the layer above them, a keyboard cursor, words for those who cannot see it.
import { html, unsafeCSS } from "lit";
import type { TemplateResult } from "lit";
import uplotStyles from "uplot/dist/uPlot.min.css";
import { formatValue } from "../state/format.js";
import { dashOf } from "../state/dashes.js";
import type { Run } from "../state/runs.js";
import { paintNoMore, paintSoon } from "../state/frames.js";
import { untracked } from "../state/signals.js";
import { timesOf } from "../state/variables.js";
import type { ChartGroup } from "../state/variables.js";
import type { Seen } from "../state/seen.js";
import { M as S } from "../strings-model.js";
import { scrubKey } from "../views/keys.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import { aligned } from "./align.js";
import { chartStyles } from "./chart-styles.js";
import { spoken, tableOf, timeLabel } from "./chart-words.js";
import { inkOf } from "./ink.js";
import type { Ink } from "./ink.js";
import { Overlay } from "./overlay.js";
import type { Mark } from "./overlay.js";
import { Plot } from "./plot.js";
import type { Fan, Look } from "./plot.js";

const SAY_AFTER = 250; // ms
const FADED = 0.25;
const STALE = 0.6;
const DASH = [9, 4]; // from the fourth curve of a chart on
const UNDASHED = 3;

export class Chart extends View<Seen> {
  static override properties = { ...View.properties, group: { attribute: false }, ink: { attribute: false } };
  declare group: ChartGroup;
  declare ink: Ink | undefined;

  static override styles = [shared, unsafeCSS(uplotStyles), chartStyles];

  #plot: Plot | undefined;
  #overlay: Overlay | undefined;
  #redraw = false;
  #font = "";
  #room = 0; // for the names at the line ends
  #saying = 0;
  #resizes: ResizeObserver | undefined;

  override render(): TemplateResult {
    const { bench, group } = this;
    const title = group.units || S.noUnits;
    const ghost = bench.runs.ghost.value !== null ? bench.ghostLabel.value : "";
    return html`
      <header>
        <h2 dir="auto">${title}</h2>
        ${this.#fan()?.legend}
        ${
          ghost
            ? html`<span class="ghost" dir="auto">${ghost}</span>
                <button class="button quiet keep" data-testid="keep-ghost" title=${S.keepGhost} aria-label=${S.keepGhost} @click=${() => bench.pin(bench.runs.ghost.peek())}>
                  ${S.keep}
                </button>`
            : null
        }
      </header>
      <div
        class="plot"
        data-testid="chart"
        tabindex="0"
        role="application"
        aria-roledescription=${S.chartRole}
        aria-label=${S.chartLabel(title, group.names)}
        aria-describedby="help"
        aria-details="table"
        @keydown=${this.#key}
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
      >
        <div class="canvas" aria-hidden="true"></div>
        <div class="over"></div>
      </div>
      <p class="unseen" id="help">${S.chartKeys}</p>
      <p class="unseen" aria-live="polite" id="live"></p>
      <div class="unseen" id="table">${tableOf(bench, group, this.#names())}</div>
    `;
  }

  override firstUpdated(): void {
    const canvas = this.renderRoot.querySelector<HTMLElement>(".canvas");
    const over = this.renderRoot.querySelector<HTMLElement>(".over");
    if (!canvas || !over) return;
    this.#plot = new Plot(canvas, () => this.#place(true));
    this.#plot.resize(canvas.clientWidth, canvas.clientHeight); // what is placed without a size would jump a frame later
    this.#overlay = new Overlay(over, this.#plot, (name) => (this.bench.lifted.value = name), (name) => this.bench.select(name));
    this.#font = getComputedStyle(this).fontFamily;
    this.#resizes = new ResizeObserver(([entry]) => {
      this.#plot?.resize(entry?.contentRect.width ?? 0, entry?.contentRect.height ?? 0);
      this.#schedule(true);
    });
    this.#resizes.observe(canvas);
    this.watch(() => {
      const { bench } = this;
      void [bench.runs.shown.value, bench.runs.ghost.value, bench.runs.pinned.value, bench.colours.of.value, bench.plotted.value, bench.dragging.value, bench.breakdown.value, bench.timeUnits.value, bench.fan.value];
      this.#schedule(true);
    });
    this.watch(() => {
      const { bench } = this;
      void [bench.cursor.value, bench.lifted.value, bench.staleShown.value];
      this.#schedule(false);
    });
    this.watch(() => {
      void [this.bench.row.value, this.bench.settled.value];
      clearTimeout(this.#saying);
      this.#saying = setTimeout(() => this.#say(), SAY_AFTER);
    });
  }

  override updated(): void {
    this.#schedule(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    paintNoMore(this.#paint);
    clearTimeout(this.#saying);
    this.#plot?.destroy();
  }

  #schedule(redraw: boolean): void {
    this.#redraw ||= redraw;
    paintSoon(this.#paint);
  }

  #paint = (): void =>
    untracked(() => {
      const redraw = this.#redraw;
      this.#redraw = false;
      if (redraw) this.#draw();
      this.#strengths();
      this.#place(redraw);
    });

  #draw(): void {
    const { bench } = this;
    const run = bench.runs.shown.peek();
    const canvas = this.renderRoot.querySelector<HTMLElement>(".canvas");
    if (!run || !this.#plot || !canvas) return;
    const ink = this.ink ?? inkOf(canvas);
    const names = this.#names();
    const times = bench.times.peek();
    const ghost = bench.runs.ghost.peek();
    const narrow = this.#plot.width < 480;
    const right = this.#labelRoom(narrow);
    const look: Look = { ...ink, font: `11px ${this.#font}`, left: narrow ? 42 : 54, right, narrow };
    const curves = names.map((name, at) => ({
      name,
      colour: ink.lines[bench.colours.of.peek().get(name) ?? 0] ?? ink.text,
      dash: at < UNDASHED ? [] : DASH,
    }));
    const of = ({ compiled, results }: Run) => {
      const known = timesOf(compiled, results);
      return names.map((name) => (results.names.includes(name) ? aligned(known, results.series(name), times) : null));
    };
    const pinned = bench.runs.pinned.peek().filter((pin) => pin.shown && pin.run !== run);
    const companions = pinned.map((pin) => ({ dash: dashOf(pin.slot), series: of(pin.run) }));
    const series = names.map((name) => run.results.series(name));
    this.#plot.fan = this.#fan();
    this.#plot.draw(curves, look, times, series, ghost ? of(ghost) : names.map(() => null), companions, bench.dragging.peek());
    const breakdown = bench.breakdown.peek();
    this.#overlay?.fork(run.branch?.time ?? null);
    this.#overlay?.broken(breakdown ? (times[breakdown.row] ?? null) : null);
  }

  /** Names that the run on show has: after an edit the chart may still list one that is gone. */
  #names(): string[] {
    const saved = new Set(this.bench.runs.shown.peek()?.results.names);
    return this.group.names.filter((name) => saved.has(name));
  }

  #fan(): Fan | null {
    const fan = this.bench.fan.value;
    return fan && this.group.names.includes(fan.name) ? fan : null;
  }

  /** The same in all charts, so that their time axes agree. */
  #labelRoom(narrow: boolean): number {
    const longest = Math.max(0, ...this.bench.plotted.peek().map((name) => name.length));
    const room = Math.min(narrow ? 104 : 168, Math.max(48, longest * 8.2 + 8));
    if (room !== this.#room) this.style.setProperty("--label-room", `${room}px`);
    this.#room = room;
    return Math.round(room + 12);
  }

  #strengths(): void {
    const { bench } = this;
    const lifted = bench.lifted.peek();
    const names = this.#names();
    const plain = bench.staleShown.peek() ? STALE : 1;
    const fades = lifted !== null && names.includes(lifted);
    this.#plot?.strengths(names.map((name) => (fades && name !== lifted ? FADED : plain)));
  }

  /** `all`: the curves lie elsewhere; else only the cursor moved. */
  #place(all: boolean): void {
    const run = this.bench.runs.shown.peek();
    if (!run || !this.#overlay || !this.#plot) return;
    const marks = this.#marks();
    if (all) {
      this.#overlay.place();
      this.#overlay.names(marks, this.bench.timeUnits.peek());
    }
    this.#overlay.cursor(marks, this.bench.cursor.peek(), timeLabel(this.bench));
  }

  #marks(): Mark[] {
    const { bench } = this;
    const run = bench.runs.shown.peek();
    const canvas = this.renderRoot.querySelector<HTMLElement>(".canvas");
    if (!run || !canvas) return [];
    const ink = this.ink ?? inkOf(canvas);
    const times = bench.times.peek();
    const row = bench.row.peek();
    const here = times[row] ?? 0;
    const next = times[row + 1] ?? here;
    const share = next > here ? Math.min(1, Math.max(0, (bench.cursor.peek() - here) / (next - here))) : 0;
    return this.#names().map((name) => {
      const colour = bench.colours.of.peek().get(name) ?? 0;
      const series = run.results.series(name);
      const value = series[row] ?? Number.NaN;
      const after = share > 0 ? (series[row + 1] ?? value) : value;
      return {
        name,
        colour: ink.lines[colour] ?? ink.text,
        ink: ink.texts[colour] ?? ink.text,
        end: lastFinite(series),
        value: value + (after - value) * share,
        label: formatValue(value),
      };
    });
  }

  #say(): void {
    const live = this.renderRoot.querySelector("#live");
    if (live && this.matches(":focus-within")) live.textContent = spoken(this.bench, this.#names());
  }

  // Cursor ----------------------------------------------------------------------------------------------

  #key = (event: KeyboardEvent): void => scrubKey(this.bench, event);

  #press = (event: PointerEvent): void => {
    if (event.button !== 0 || !event.isPrimary) return;
    if (event.altKey) return this.bench.pin(this.bench.runs.ghost.peek() ?? this.bench.runs.shown.peek());
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#scrub(event);
  };

  #drag = (event: PointerEvent): void => {
    if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) this.#scrub(event);
  };

  #scrub(event: PointerEvent): void {
    const plot = this.#plot;
    if (!plot) return;
    const left = (event.currentTarget as HTMLElement).getBoundingClientRect().left + plot.area.left;
    this.bench.scrub(plot.timeAt(event.clientX - left));
  }
}

function lastFinite(values: Float64Array): number {
  for (let at = values.length - 1; at >= 0; at--) {
    const value = values[at];
    if (value !== undefined && Number.isFinite(value)) return value;
  }
  return Number.NaN;
}

define("ps-chart", Chart);
