// The model of one embed and what its reader does with it: what the page's workbench is to charts, diagram and sliders,
// without text, compiler and history.
import type { SliderRow } from "../../../worker/abi.js";
import type { Diagnostic } from "../../../worker/protocol.js";
import type { Diagram } from "../../../worker/tools.js";
import { RequestError } from "../client-api.js";
import type { Compiled, PythonState } from "../client-api.js";
import { RunResults } from "../client-results.js";
import { M } from "../strings-model.js";
import { breakdownOf } from "../state/breakdown.js";
import { Colours } from "../state/colours.js";
import { timeDecimals } from "../state/format.js";
import { Player, SPEEDS } from "../state/player.js";
import type { Run } from "../state/runs.js";
import type { Theme } from "../state/settings.js";
import type { Seen } from "../state/seen.js";
import { batch, computed, effect, signal } from "../state/signals.js";
import { groupsOf, nearestRow, plottedAtFirst, rowAt, timesOf, variablesOf } from "../state/variables.js";
import type { ChartGroup, Variable } from "../state/variables.js";
import { core } from "./pool.js";
import type { Lease } from "./pool.js";
import type { Wishes } from "./wishes.js";
import { E } from "./words.js";

const FIRST_CURSOR = 0.25; // of the run
const GESTURE_PAUSE = 1000; // ms without an input end a gesture made with keys
const SETTLE = 250; // ms
const FIRST_SLIDERS = 6; // where the author gave none
const PLAIN = { type: "result", version: 1, id: 0, engine: "wasm" } as const; // what a worker's message would say beside the table

export class EmbedBench implements Seen {
  readonly colours = new Colours();
  readonly runs = { shown: signal<Run | null>(null), ghost: signal<Run | null>(null), pinned: signal([]) };
  readonly problems = signal<readonly Diagnostic[]>([]);
  readonly player: Player;
  readonly pictures: Seen["pictures"];

  readonly python = signal<PythonState>({ phase: "idle" });
  readonly overrides = signal<ReadonlyMap<string, number>>(new Map());
  readonly plotted = signal<readonly string[]>([]);
  readonly cursor = signal(0);
  readonly dragging = signal(false);
  readonly held = signal<string | null>(null);
  readonly selected = signal<string | null>(null);
  readonly loop = signal<readonly string[] | null>(null);
  readonly lifted = signal<string | null>(null);
  readonly ghostLabel = signal("");
  readonly settled = signal(0);
  readonly staleShown = signal(false);
  readonly theme = signal<Theme>("auto");
  readonly layout = signal<"wide" | "medium" | "phone">("medium");
  readonly groups = signal<readonly ChartGroup[]>([]);
  readonly fan = signal(null); // of many runs: only the workbench has any

  readonly #shown = computed(() => this.runs.shown.value);
  readonly variables = computed<readonly Variable[]>(() => (this.#shown.value ? variablesOf(this.compiled, this.#shown.value.results) : []));
  readonly times = computed(() => (this.#shown.value ? timesOf(this.compiled, this.#shown.value.results) : new Float64Array()));
  readonly range = computed(() => {
    const times = this.times.value;
    return { start: times[0] ?? 0, stop: times.at(-1) ?? 0, step: times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : 0 };
  });
  readonly timeDecimals = computed(() => timeDecimals(this.range.value.step || 1));
  readonly timeUnits = computed(() => this.compiled.document.time_units);
  readonly row = computed(() => rowAt(this.times.value, this.cursor.value));
  readonly breakdown = computed(() => (this.#shown.value ? breakdownOf(this.#shown.value.results, this.variables.value) : null));

  /** The rows that have a slider here. */
  sliders: readonly SliderRow[];
  /** Names in the wishes that the model does not have. */
  readonly strange: { readonly what: string; readonly names: readonly string[] }[] = [];
  #busy = false;
  #waiting = false; // something changed while a run was under way
  #serial = 0;
  #ended = false;
  #before: Run | null = null; // still in a chart until the next frame
  #spare: ArrayBuffer | undefined; // of a run that nothing shows any more
  readonly #unwatch: () => void;
  #lastInput = { name: "", at: -Infinity };
  #settling = 0;

  constructor(
    readonly compiled: Compiled,
    diagram: Diagram | null,
    readonly lease: Lease,
    readonly wishes: Wishes,
    /** Tells of an input: which constant now has which value. */
    readonly changed: (name: string, value: number) => void,
  ) {
    this.pictures = { shown: signal(diagram) };
    this.player = new Player(
      () => (this.runs.shown.peek() ? this.range.peek() : null),
      { get: () => this.cursor.peek(), set: (time) => (this.cursor.value = time) },
    );
    this.player.looping.value = wishes.loop ?? false;
    this.player.speed.value = wishes.speed !== undefined && wishes.speed > 0 ? wishes.speed : (SPEEDS[2] ?? 1);
    this.sliders = wishes.readonly ? [] : this.#slidersOf(wishes.sliders);
    this.overrides.value = this.#fitting(wishes.params ?? {});
    this.#unwatch = effect(() => {
      const run = this.runs.shown.value;
      if (run) this.#arrived(run);
    });
  }

  /** Gives up timers, buffers and the model. */
  end(): void {
    this.player.pause();
    clearTimeout(this.#settling);
    this.#unwatch();
    this.#ended = true;
    this.lease.end();
  }

  // Names -----------------------------------------------------------------------------------------------

  #slidersOf(names: readonly string[] | undefined): readonly SliderRow[] {
    const all = this.compiled.document.sliders;
    const authored = all.filter((row) => row.authored);
    if (!names) return authored.length > 0 ? authored : all.slice(0, FIRST_SLIDERS);
    const found = names.map((name) => all.find((row) => core.canonical(row.name) === core.canonical(name)));
    this.#note("constant", names.filter((_, at) => !found[at]));
    return found.filter((row) => row !== undefined);
  }

  #note(what: string, names: readonly string[]): void {
    if (names.length > 0) this.strange.push({ what, names });
  }

  /** Values by the model's own spelling; initial values of stocks can be set too. */
  #fitting(params: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
    const inputs = new core.Names(this.compiled.layout);
    const rows = Object.entries(params).map(([name, value]) => {
      const slider = this.compiled.document.sliders.find((row) => core.canonical(row.name) === core.canonical(name));
      return [slider?.name ?? name, value, slider !== undefined || settable(inputs, name)] as const;
    });
    this.#note("constant", rows.filter(([, , known]) => !known).map(([name]) => name));
    return new Map(rows.filter(([, value, known]) => known && Number.isFinite(value)).map(([name, value]) => [name, value]));
  }

  /** What results call what the author wrote: an array stands for its elements. */
  named(name: string): string[] {
    const wanted = core.canonical(name);
    const variables = this.variables.peek();
    const exact = variables.find((variable) => core.canonical(variable.name) === wanted || variable.name.replace(/\s/g, "") === name.replace(/\s/g, ""));
    return exact ? [exact.name] : variables.filter((variable) => core.canonical(variable.base) === wanted).map((variable) => variable.name);
  }

  // Asking ----------------------------------------------------------------------------------------------

  /** Runs with the values of now; while a run is under way, whatever is asked for makes one more. */
  async ask(): Promise<void> {
    this.#waiting = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#waiting && !this.#ended) {
        this.#waiting = false;
        await this.#run(this.overrides.peek());
      }
    } finally {
      this.#busy = false;
    }
  }

  async #run(overrides: ReadonlyMap<string, number>): Promise<void> {
    const { compiled } = this;
    const buffer = this.#spare;
    this.#spare = undefined;
    try {
      const ran = await this.lease.run([...overrides].map(([name, value]) => ({ name, value })), buffer);
      if (this.#ended) return;
      const results = new RunResults(compiled.model, { ...PLAIN, model: compiled.model, ...ran });
      const { shown, ghost } = this.runs;
      if (this.#before && this.#before !== ghost.peek()) this.#spare = (this.#before.results as RunResults).take() ?? undefined;
      this.#before = shown.peek();
      batch(() => {
        shown.value = { compiled, results, overrides, branch: null, serial: ++this.#serial };
        this.problems.value = [];
      });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (!this.#ended) this.problems.value = error.diagnostics;
    }
  }

  setValue(name: string, value: number): void {
    if (!Number.isFinite(value)) return;
    const now = performance.now();
    const sameGesture = this.dragging.peek() || (this.#lastInput.name === name && now - this.#lastInput.at < GESTURE_PAUSE);
    if (!sameGesture) this.#takeGhost(name);
    this.#lastInput = { name, at: now };
    const overrides = new Map(this.overrides.peek());
    if (this.#own(name) === value) overrides.delete(name);
    else overrides.set(name, value);
    this.overrides.value = overrides;
    this.changed(name, value);
    void this.ask();
  }

  /** Several values at once; none where there are names that the model does not have: it returns these. */
  setValues(params: Readonly<Record<string, number>>): readonly string[] {
    this.strange.length = 0;
    const fitting = this.#fitting(params);
    const unknown = this.strange.flatMap(({ names }) => names);
    if (unknown.length > 0) return unknown;
    const [first] = fitting.keys();
    if (first !== undefined) this.#takeGhost(first);
    const overrides = new Map([...this.overrides.peek(), ...fitting]);
    for (const [name, value] of fitting) if (this.#own(name) === value) overrides.delete(name);
    this.overrides.value = overrides;
    for (const [name, value] of fitting) this.changed(name, value);
    void this.ask();
    return [];
  }

  resetValues(): void {
    if (this.overrides.peek().size === 0) return;
    const names = [...this.overrides.peek().keys()];
    batch(() => {
      this.runs.ghost.value = this.runs.shown.peek();
      this.ghostLabel.value = E.beforeReset;
      this.overrides.value = new Map();
      void this.ask();
    });
    for (const name of names) this.changed(name, this.#own(name) ?? Number.NaN);
  }

  #own(name: string): number | undefined {
    return this.compiled.document.sliders.find((row) => row.name === name)?.value;
  }

  valueOf(slider: SliderRow): number {
    return this.overrides.value.get(slider.name) ?? slider.value;
  }

  grab(name: string): void {
    this.#takeGhost(name);
    this.held.value = name;
    this.dragging.value = true;
  }

  letGo(): void {
    this.dragging.value = false;
    this.held.value = null;
    this.#lastInput = { name: "", at: -Infinity };
  }

  #takeGhost(name: string): void {
    const value = this.overrides.peek().get(name) ?? this.#own(name);
    batch(() => {
      this.runs.ghost.value = this.runs.shown.peek();
      this.ghostLabel.value = value === undefined ? "" : M.ghostOf(name, value);
    });
  }

  // Looking ---------------------------------------------------------------------------------------------

  select(name: string | null): void {
    this.selected.value = name;
  }

  pin(): void {} // runs are kept in the workbench

  scrub(time: number): void {
    this.player.pause();
    const times = this.times.peek();
    const at = times[nearestRow(times, time)];
    if (at !== undefined) this.cursor.value = at;
  }

  stepBy(rows: number): void {
    const times = this.times.peek();
    const row = Math.min(times.length - 1, Math.max(0, this.row.peek() + Math.round(rows)));
    this.scrub(times[row] ?? this.cursor.peek());
  }

  valueAt(run: Run | null, name: string, row = this.row.value): number {
    return run?.results.names.includes(name) ? run.results.at(name, Math.min(row, run.results.rows - 1)) : Number.NaN;
  }

  /** Charts of these names, as they are grouped here; without them the author's, or the stocks by unit. */
  plot(plots: readonly (readonly string[])[] | undefined): void {
    const run = this.runs.shown.peek();
    const variables = this.variables.peek();
    if (!run) return;
    const charts = plots?.map((names) => names.flatMap((name) => this.named(name)));
    const plotted = charts ? charts.flat() : plottedAtFirst(variables);
    this.#note("variable", plots?.flat().filter((name) => this.named(name).length === 0) ?? []);
    const units = new Map(variables.map((variable) => [variable.name, variable.units]));
    const oneUnit = (names: readonly string[]): string => {
      const found = new Set(names.map((name) => units.get(name) ?? ""));
      return found.size === 1 ? ([...found][0] ?? "") : "";
    };
    batch(() => {
      this.colours.assign(plotted);
      this.plotted.value = plotted;
      this.groups.value = charts
        ? charts.filter((names) => names.length > 0).map((names, at) => ({ key: String(at), units: oneUnit(names), names }))
        : groupsOf(plotted, variables, run.results);
    });
  }

  #arrived(run: Run): void {
    const times = timesOf(run.compiled, run.results);
    const { start, stop } = { start: times[0] ?? 0, stop: times.at(-1) ?? 0 };
    if (this.plotted.peek().length === 0) {
      this.plot(this.wishes.plots);
      this.cursor.value = times[nearestRow(times, this.wishes.t ?? start + FIRST_CURSOR * (stop - start))] ?? start;
    } else this.cursor.value = Math.min(stop, Math.max(start, this.cursor.peek()));
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.settled.value++, SETTLE);
  }
}

function settable(inputs: InstanceType<typeof core.Names>, name: string): boolean {
  try {
    return inputs.input(name) >= 0;
  } catch {
    return false; // the model computes it, or does not have it
  }
}

