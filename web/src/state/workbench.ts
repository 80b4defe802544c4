// The open model and everything the reader does with it: the one object that views read and call.
import { RequestError } from "../client-api.js";
import type { Compiled, PenstockClient, PythonState } from "../client-api.js";
import type { SliderRow } from "../../../worker/abi.js";
import type { Diagnostic, Missing } from "../../../worker/protocol.js";
import { S } from "../strings.js";
import type { Address, Branch, View } from "./asked.js";
import { breakdownOf } from "./breakdown.js";
import { Colours } from "./colours.js";
import { Compiles } from "./compiles.js";
import { Drafts } from "./drafts.js";
import type { Source } from "./drafts.js";
import { History } from "./history.js";
import type { Moment } from "./history.js";
import { FileError, readModelFile } from "./files.js";
import { formatTime, timeDecimals } from "./format.js";
import { Pictures } from "./pictures.js";
import { Player } from "./player.js";
import { MOST_PINNED, Runs } from "./runs.js";
import type { EngineChoice, Run } from "./runs.js";
import { FIRST_SAMPLE, Samples, sampleBase } from "./samples.js";
import { isBoolean, isNumber, isTheme, setting } from "./settings.js";
import type { Theme } from "./settings.js";
import { batch, computed, effect, signal } from "./signals.js";
import { groupsOf, nearestRow, plottedAtFirst, rowAt, timesOf, variablesOf } from "./variables.js";
import type { ChartGroup, Variable } from "./variables.js";

export interface Notice {
  readonly kind: "error" | "info";
  readonly text: string;
  readonly advice: string;
  /** What can be done about it; the first is what most people want. */
  readonly actions?: readonly { readonly label: string; readonly act: () => void }[];
}

/** What the page can show at all. */
export type Phase = "loading" | "empty" | "ready" | "broken";

/** A panel that is open over the page; each is loaded when it is first wanted. */
export type Panel = "" | "share" | "find" | "gallery";

export type Tab = "controls" | "variables" | "text";
export type Layout = "wide" | "medium" | "phone";

const FIRST_CURSOR = 0.25; // of the run
const GESTURE_PAUSE = 1000; // ms without an input end a gesture made with keys
const EDIT_PAUSE = 3000; // ms without an accepted edit: the next one is compared with what it changes
const SETTLE = 250; // ms
const ON_RELEASE = 500; // ms
const PATIENCE = 600; // ms that curves may be old before the page says so
const NEW_TEXT = `model Untitled
time 0 to 50 by 0.125 {year} save every 0.5

stock Level = 100
  in growth
flow growth = rate * Level
const rate = 0.03 {1/year} slider 0 to 0.1
`;

export class Workbench {
  readonly drafts = new Drafts();
  readonly history = new History();
  readonly samples = new Samples();
  readonly colours = new Colours();
  readonly compiles: Compiles;
  readonly runs: Runs;
  readonly player: Player;
  readonly pictures: Pictures;

  // the model
  readonly source = signal<Source | null>(null);
  readonly compiled = signal<Compiled | null>(null);
  readonly opening = signal(true);
  readonly python = signal<PythonState>({ phase: "idle" });
  readonly notice = signal<Notice | null>(null);
  // the reader's choices
  readonly overrides = signal<ReadonlyMap<string, number>>(new Map());
  /** From where on the overrides act, when that is not the start. */
  readonly branch = signal<Branch | null>(null);
  readonly engine = signal<EngineChoice>("wasm");
  readonly plotted = signal<readonly string[]>([]);
  readonly cursor = signal(0); // model time
  readonly dragging = signal(false); // a slider is held
  readonly ghostLabel = signal("");
  readonly tab = signal<Tab>("controls");
  readonly layout = signal<Layout>("wide");
  readonly theme = setting<Theme>("theme", "auto", isTheme);
  /** The text stands in the diagram's place. */
  readonly textOpen = setting("text-shown", false, isBoolean);
  readonly chartShare = setting("chart-share", 0.4, isNumber);
  /** Counts up when the newest run has rested for a moment; what is costly or read aloud follows it. */
  readonly settled = signal(0);
  /** Asks the editor to show a place: UTF-16 start and end. */
  readonly reveal = signal<readonly [number, number] | null>(null);

  /** The constant whose slider is in hand. */
  readonly held = signal<string | null>(null);
  /** The variable that the inspector shows. */
  readonly selected = signal<string | null>(null);
  /** Counts up when the keyboard asks for the inspector. */
  readonly inspectorFocus = signal(0);
  /** A feedback loop that the diagram shows: its variables in their order. */
  readonly loop = signal<readonly string[] | null>(null);
  /** A variable that the pointer is on: its curve stands out. */
  readonly lifted = signal<string | null>(null);
  readonly panel = signal<Panel>("");
  readonly online = signal(navigator.onLine);
  /** Loads the new version that is there; null when there is none. */
  /** Runs take so long that a slider asks for one only when it is let go. */
  readonly waitsForRelease = computed(() => (this.runs.shown.value?.results.ms ?? 0) > ON_RELEASE);
  readonly update = signal<(() => void) | null>(null);
  /** The run's numbers stand in the charts' place. */
  readonly tableOpen = signal(false);

  readonly groups = signal<readonly ChartGroup[]>([]);

  readonly variables = computed<readonly Variable[]>(() => {
    const run = this.runs.shown.value;
    return run ? this.#variablesOf(run) : [];
  });
  readonly times = computed(() => {
    const run = this.runs.shown.value;
    return run ? timesOf(run.compiled, run.results) : new Float64Array();
  });
  readonly range = computed(
    () => {
      const times = this.times.value;
      return { start: times[0] ?? 0, stop: times.at(-1) ?? 0, step: times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : 0 };
    },
  );
  readonly timeDecimals = computed(() => timeDecimals(this.range.value.step || 1));
  readonly timeUnits = computed(() => this.compiled.value?.document.time_units ?? "");
  readonly row = computed(() => rowAt(this.times.value, this.cursor.value));
  readonly sliders = computed<readonly SliderRow[]>(() => this.compiled.value?.document.sliders ?? []);
  readonly problems = computed<readonly Diagnostic[]>(() => [
    ...this.compiles.problems.value.toSorted((a, b) => (a.range?.[0] ?? 0) - (b.range?.[0] ?? 0)),
    ...this.runs.problems.value,
  ]);
  readonly errors = computed(() => this.problems.value.filter((problem) => problem.severity === "error"));
  /** What the model on show is without, parts that have errors themselves first. */
  readonly missing = computed<readonly Missing[]>(() => this.compiled.value?.missing ?? []);
  /** The curves are not those of the text. */
  readonly stale = computed(() => this.errors.value.length > 0 && this.runs.shown.value !== null);
  /** The same after a moment: a half-typed name is no reason to flicker. */
  readonly staleShown = signal(false);
  readonly breakdown = computed(() => {
    const run = this.runs.shown.value;
    return run ? breakdownOf(run.results, this.#variablesOf(run)) : null;
  });
  readonly phase = computed<Phase>(() => {
    if (this.runs.shown.value) return "ready";
    if (this.opening.value || this.compiles.busy.value || (this.compiled.value && this.errors.value.length === 0)) return "loading";
    return this.source.value?.text.trim() ? "broken" : "empty";
  });
  readonly title = computed(() => {
    const source = this.source.value;
    if (!source) return "";
    return source.sample ? this.samples.title(source.sample) : this.compiled.value?.document.name || source.name;
  });

  #known = new WeakMap<Compiled, { names: readonly string[]; variables: Variable[] }>();
  #restored: View | null = null; // what undo gives back as soon as its text is compiled
  #gesture = 0; // steps of one gesture are undone together
  #asked: View | null = null; // what a link wants to be looked at, until its first run
  #late = false; // a slider was moved and nobody asked yet
  #fresh = false; // the next run is a newly opened model's first
  #settling = 0;
  #patience = 0;
  #lastInput = { name: "", at: -Infinity };
  #lastEdit = -Infinity;

  constructor(readonly client: PenstockClient) {
    this.compiles = new Compiles(client, (compiled) => this.#accept(compiled));
    this.runs = new Runs(client);
    this.pictures = new Pictures(client);
    this.player = new Player(
      () => (this.runs.shown.peek() ? this.range.peek() : null),
      { get: () => this.cursor.peek(), set: (time) => (this.cursor.value = time) },
    );
    for (const event of ["online", "offline"]) addEventListener(event, () => (this.online.value = navigator.onLine));
    client.onPython((state) => (this.python.value = state));
    client.onWorkerRestart((worker, reason) => this.#recover(worker, reason));
    effect(() => {
      const run = this.runs.shown.value;
      if (run) this.#runArrived(run);
    });
    effect(() => {
      const compiled = this.compiled.value;
      const sample = this.source.peek();
      if (compiled) void this.pictures.load(compiled, sample?.text === sample?.original ? sample?.sample : undefined);
    });
    effect(() => {
      clearTimeout(this.#patience);
      if (this.stale.value) this.#patience = setTimeout(() => (this.staleShown.value = true), PATIENCE);
      else this.staleShown.value = false;
    });
    effect(() => {
      const plotted = this.plotted.value;
      const variables = this.variables.value;
      const run = this.runs.shown.peek();
      if (run) this.groups.value = groupsOf(plotted, variables, run.results);
    });
  }

  // Opening ---------------------------------------------------------------------------------------------

  /** What the address asks for, the last visit's text, or the first sample. */
  async start(address: Address): Promise<void> {
    const list = this.samples.load();
    const draft = await this.drafts.restore();
    const changed = draft && draft.text !== draft.original ? draft : undefined;
    if (address.sample !== null) {
      if (changed) this.drafts.putAside(changed);
      await list;
      await this.openSample(address.sample);
    } else if (address.link !== null || (address.src !== null && !changed)) {
      if (await this.follow(address, changed)) return;
      const said = this.notice.peek();
      await this.#resume(draft, list);
      this.notice.value = said;
    } else {
      await this.#resume(draft, list);
      if (address.src !== null) await this.follow(address);
    }
  }

  async #resume(draft: Source | undefined, list: Promise<void>): Promise<void> {
    const unchanged = draft?.text === draft?.original;
    if (draft) await this.history.restore();
    if (!draft) {
      await list;
      const first = this.samples.list.peek()[0];
      const preferred = this.samples.list.peek().find((other) => other.name === FIRST_SAMPLE) ?? first;
      if (preferred) await this.openSample(preferred.name);
      else this.#openNothing();
    } else if (draft.sample && unchanged) {
      await this.openSample(draft.sample);
    } else if (draft.text.trim() === "") {
      this.#openNothing();
    } else {
      await this.openText(draft);
    }
  }

  /** Opens the model in a link or at an address; whether it did. `draft` is what the last visit left. */
  async follow(address: Address, draft?: Source): Promise<boolean> {
    try {
      const { follow } = await import("./following.js");
      return await follow(this, address, draft);
    } catch (error) {
      this.say(error, S.linkOpenFailed);
      return false;
    }
  }

  /** What a link to what is on show has to say beside the text. */
  view(): View {
    return { values: this.overrides.peek(), plotted: this.plotted.peek(), time: this.cursor.peek(), branch: this.branch.peek() };
  }

  async openSample(name: string, view: View | null = null): Promise<void> {
    this.#replaceSource(null, view);
    try {
      const compiled = await this.client.openPrecompiled(sampleBase(name));
      const { text, format } = compiled.document;
      const source: Source = { name: `${name}.${format || "pen"}`, text, format, sample: name, original: text };
      batch(() => {
        this.source.value = source;
        this.compiles.settle(compiled.diagnostics);
        this.#begin(source);
        this.#accept(compiled);
      });
      this.drafts.keep(source);
    } catch (error) {
      this.say(error, S.sampleFailed(name));
    } finally {
      this.opening.value = false;
    }
  }

  async openFile(file: File): Promise<void> {
    try {
      const text = await readModelFile(file);
      await this.openText({ name: file.name, text, original: text });
    } catch (error) {
      this.say(error, S.fileUnreadable(file.name));
    }
  }

  async openText(source: Source, view: View | null = null): Promise<void> {
    this.#replaceSource(source, view);
    this.#begin(source);
    this.drafts.keep(source);
    try {
      await this.compiles.now(source);
    } finally {
      this.opening.value = false;
    }
  }

  /** Runs what of the open text has no errors and needs nothing that has. */
  async openWhatWorks(): Promise<void> {
    const source = this.source.peek();
    if (source) await this.openText({ ...source, partial: true });
  }

  newModel(): void {
    void this.openText({ name: S.untitledFile, text: NEW_TEXT, format: "pen", original: "" });
    batch(() => {
      this.textOpen.value = true;
      this.tab.value = "text";
    });
  }

  #openNothing(): void {
    this.#replaceSource(null);
    this.#begin({ name: S.untitledFile, text: "", original: "" });
    this.compiles.settle([]);
    this.opening.value = false;
  }

  /** The history starts with the document, or goes on where the last visit left it. */
  #begin(source: Source): void {
    const left = this.history.open(source.name, { text: source.text, overrides: new Map(), plotted: [] });
    if (left) this.#asked ??= viewOf(left);
  }

  #replaceSource(source: Source | null, view: View | null = null): void {
    this.#asked = view;
    const before = this.source.peek();
    if (before) this.drafts.putAside(before);
    this.player.pause();
    batch(() => {
      this.opening.value = true;
      this.notice.value = null;
      this.source.value = source;
      this.compiled.value = null;
      this.compiles.settle([]);
      this.runs.clear();
      this.overrides.value = new Map();
      this.branch.value = null;
      this.plotted.value = [];
      this.groups.value = [];
      this.colours.clear();
      this.ghostLabel.value = "";
      this.selected.value = null;
      this.pictures.clear();
    });
    this.#fresh = true;
  }

  // Editing ---------------------------------------------------------------------------------------------

  /** Another text; `label` names the step for undo, and steps in a row with the same `key` are one. */
  edit(text: string, label: string = S.steps.text, key = ""): void {
    if (this.source.peek()?.text === text) return;
    this.#restored = null;
    this.#setText(text);
    this.#record(label, key);
  }

  #setText(text: string): void {
    const source = this.source.peek() ?? { name: S.untitledFile, text: "", format: "pen", original: "" };
    const edited = { ...source, text };
    this.source.value = edited;
    this.drafts.keep(edited);
    if (text.trim() === "") {
      this.#fresh = true;
      batch(() => {
        this.compiles.settle([]);
        this.compiled.value = null;
        this.runs.clear();
      });
    } else {
      this.compiles.later(edited);
    }
  }

  /** Back to the text as it was opened; a step like any other. */
  revert(): void {
    const source = this.source.peek();
    if (source) this.edit(source.original, S.steps.revert);
  }

  undo(): void {
    this.#give(this.history.undo());
  }

  redo(): void {
    this.#give(this.history.redo());
  }

  /** A variable has another name now: what is plotted, set and open goes with it. */
  renamed(before: string, after: string): void {
    const named = (name: string): string => (name === before ? after : name.startsWith(`${before}[`) ? after + name.slice(before.length) : name);
    this.#restored = {
      ...viewOf({ ...this.#moment(), overrides: new Map([...this.overrides.peek()].map(([name, value]) => [named(name), value])) }),
      plotted: this.plotted.peek().map(named),
    };
    this.colours.rename(named);
    const selected = this.selected.peek();
    if (selected !== null) this.selected.value = named(selected);
  }

  #record(label: string, key = ""): void {
    this.history.record(this.#moment(), label, key);
  }

  #moment(): Moment {
    return { text: this.source.peek()?.text ?? "", overrides: this.overrides.peek(), plotted: this.plotted.peek() };
  }

  #give(moment: Moment | null): void {
    if (!moment) return;
    const compiled = this.compiled.peek();
    this.#endGesture();
    batch(() => {
      const another = this.source.peek()?.text !== moment.text;
      if (another || this.#restored) this.#restored = viewOf(moment);
      if (another) return this.#setText(moment.text);
      if (this.#restored) return;
      const { overrides, plotted } = moment;
      this.colours.assign(plotted);
      this.plotted.value = plotted;
      if (!compiled || overrides === this.overrides.peek()) return;
      this.overrides.value = overrides;
      this.#ask(compiled);
    });
  }

  #accept(compiled: Compiled): void {
    const before = this.compiled.peek();
    const now = performance.now();
    batch(() => {
      if (before && before.model !== compiled.model && now - this.#lastEdit > EDIT_PAUSE) {
        this.runs.takeGhost();
        this.ghostLabel.value = S.beforeEdit;
      }
      this.#lastEdit = before ? now : -Infinity;
      this.compiled.value = compiled;
      this.#asked = this.#restored ?? this.#asked;
      this.#restored = null;
      this.overrides.value = before && !this.#asked ? this.#overridesThatFit(before, compiled) : valuesThatFit(this.#asked, compiled);
      if (!before) this.branch.value = branchThatFits(this.#asked, compiled);
      this.history.amend(this.#moment());
      this.#ask(compiled);
    });
  }

  /** Sliders keep their place across an edit, unless the edit changed the value that they start from. */
  #overridesThatFit(before: Compiled | null, compiled: Compiled): ReadonlyMap<string, number> {
    const base = new Map(before?.document.sliders.map((slider) => [slider.name, slider.value]));
    const kept = compiled.document.sliders.filter((slider) => base.get(slider.name) === slider.value);
    return new Map(
      kept.flatMap((slider) => {
        const value = this.overrides.peek().get(slider.name);
        return value === undefined ? [] : [[slider.name, value] as const];
      }),
    );
  }

  // Asking ----------------------------------------------------------------------------------------------

  /** A value for a constant; its own value takes the override away. */
  setValue(name: string, value: number): void {
    const compiled = this.compiled.peek();
    if (!compiled || !Number.isFinite(value)) return;
    const now = performance.now();
    const sameGesture = this.dragging.peek() || (this.#lastInput.name === name && now - this.#lastInput.at < GESTURE_PAUSE);
    if (!sameGesture) {
      this.#gesture++;
      this.#takeGhost(name);
    }
    this.#lastInput = { name, at: now };
    const slider = compiled.document.sliders.find((row) => row.name === name);
    const overrides = new Map(this.overrides.peek());
    if (slider?.value === value) overrides.delete(name);
    else overrides.set(name, value);
    batch(() => {
      this.overrides.value = overrides;
      this.#record(S.steps.value(name), `value ${this.#gesture}`);
      this.#late = this.dragging.peek() && this.waitsForRelease.peek();
      if (!this.#late) this.#ask(compiled);
    });
  }

  /** A slider was taken in hand: what is on show now is what the gesture is compared with. */
  grab(name: string): void {
    this.#gesture++;
    this.#takeGhost(name);
    this.held.value = name;
    this.dragging.value = true;
  }

  /** Back to what is on show. */
  cancelRun(): void {
    const shown = this.runs.shown.peek();
    this.runs.cancel();
    if (shown) this.overrides.value = shown.overrides;
  }

  letGo(): void {
    const compiled = this.compiled.peek();
    if (this.#late && compiled) this.#ask(compiled);
    this.#late = false;
    this.dragging.value = false;
    this.held.value = null;
    this.#endGesture();
  }

  #endGesture(): void {
    this.#lastInput = { name: "", at: -Infinity };
  }

  resetValues(): void {
    const compiled = this.compiled.peek();
    if (!compiled || this.overrides.peek().size === 0) return;
    batch(() => {
      this.runs.takeGhost();
      this.ghostLabel.value = S.beforeReset;
      this.overrides.value = this.branch.peek()?.values ?? new Map();
      this.#record(S.steps.reset);
      this.#ask(compiled);
    });
  }

  dropGhost(): void {
    this.runs.dropGhost();
  }

  #ask(compiled: Compiled): void {
    this.runs.ask(compiled, this.overrides.peek(), this.engine.peek(), this.branch.peek());
  }

  /** From the cursor on, values may differ; the run so far is the trunk that the fork is compared with. */
  branchHere(): void {
    const run = this.runs.shown.peek();
    const time = this.times.peek()[this.row.peek()];
    if (!run || time === undefined || this.stale.peek()) return;
    batch(() => {
      this.runs.takeGhost();
      this.ghostLabel.value = S.beforeFork;
      this.branch.value = { time, values: this.overrides.peek() };
    });
  }

  /** Back to the run that the fork left. */
  endBranch(): void {
    const compiled = this.compiled.peek();
    const branch = this.branch.peek();
    if (!compiled || !branch) return;
    this.#endGesture();
    batch(() => {
      this.branch.value = null;
      this.overrides.value = branch.values;
      this.#record(S.steps.reset);
      this.runs.takeGhost();
      this.ghostLabel.value = S.fork;
      this.#ask(compiled);
    });
  }

  /** Keeps a run beside those that come, under a name that says what it was asked with. */
  pin(run: Run | null): void {
    if (!run) return;
    const own = new Map(run.compiled.document.sliders.map((slider) => [slider.name, slider.value]));
    const values = new Map([...(run.branch?.values ?? []), ...run.overrides].filter(([name, value]) => own.get(name) !== value));
    const from = run.branch ? formatTime(run.branch.time, this.timeDecimals.peek()) : "";
    if (this.runs.pin(run, (number) => S.runName(number, [...values], from))) return;
    this.notice.value = { kind: "info", text: S.pinsFull(MOST_PINNED), advice: "" };
  }

  valueOf(slider: SliderRow): number {
    return this.overrides.value.get(slider.name) ?? slider.value;
  }

  #takeGhost(name: string): void {
    const slider = this.sliders.peek().find((row) => row.name === name);
    if (!slider || this.stale.peek() || this.branch.peek()) return; // a fork is compared with its trunk
    batch(() => {
      this.runs.takeGhost();
      this.ghostLabel.value = S.ghostOf(name, this.overrides.peek().get(name) ?? slider.value);
    });
  }

  setEngine(engine: EngineChoice): void {
    const compiled = this.compiled.peek();
    batch(() => {
      this.engine.value = engine;
      if (compiled) this.#ask(compiled);
    });
    if (engine !== "wasm") this.client.bootPython();
  }

  // Looking ---------------------------------------------------------------------------------------------

  /** `byKeys`: the focus goes to what opens. */
  select(name: string | null, byKeys = false): void {
    batch(() => {
      this.selected.value = name;
      this.loop.value = null;
      if (name !== null && byKeys) this.inspectorFocus.value++;
    });
  }

  togglePlotted(name: string): void {
    const plotted = this.plotted.peek();
    const next = plotted.includes(name) ? plotted.filter((other) => other !== name) : [...plotted, name];
    batch(() => {
      this.colours.assign(next);
      this.plotted.value = next;
      this.#record(S.steps.plotted);
    });
  }

  /** Puts the cursor on the saved step nearest to a time. */
  scrub(time: number): void {
    const times = this.times.peek();
    this.player.pause();
    const at = times[nearestRow(times, time)];
    if (at !== undefined) this.cursor.value = at;
  }

  /** Moves the cursor by saved steps. */
  stepBy(rows: number): void {
    const times = this.times.peek();
    const row = Math.min(times.length - 1, Math.max(0, this.row.peek() + Math.round(rows)));
    this.scrub(times[row] ?? this.cursor.peek());
  }

  show(diagnostic: Diagnostic): void {
    if (!diagnostic.range) return;
    const [start = 0, end = start] = diagnostic.range;
    batch(() => {
      this.textOpen.value = true;
      this.tab.value = "text";
      this.reveal.value = [start, end];
    });
  }

  dismiss(): void {
    this.notice.value = null;
  }

  /** The value of a variable in the row under the cursor. */
  valueAt(run: Run | null, name: string, row = this.row.value): number {
    if (!run?.results.names.includes(name)) return Number.NaN;
    return run.results.at(name, Math.min(row, run.results.rows - 1));
  }

  // Following what happens ------------------------------------------------------------------------------

  #runArrived(run: Run): void {
    const variables = this.#variablesOf(run);
    const names = new Set(variables.map((variable) => variable.name));
    batch(() => {
      const asked = this.#asked;
      this.#asked = null;
      const kept = (asked ? asked.plotted : this.plotted.peek()).filter((name) => names.has(name));
      const plotted = (this.#fresh && !asked) || kept.length === 0 ? plottedAtFirst(variables) : kept;
      const same = plotted.length === this.plotted.peek().length && plotted.every((name, at) => name === this.plotted.peek()[at]);
      if (!same) {
        this.colours.assign(plotted);
        this.plotted.value = plotted;
      }
      const times = timesOf(run.compiled, run.results);
      const start = times[0] ?? 0;
      const stop = times.at(-1) ?? 0;
      if (asked?.time != null) this.cursor.value = Math.min(stop, Math.max(start, asked.time));
      else if (this.#fresh) this.cursor.value = times[nearestRow(times, start + FIRST_CURSOR * (stop - start))] ?? start;
      else if (this.cursor.peek() > stop) this.cursor.value = stop;
      else if (this.cursor.peek() < start) this.cursor.value = start;
      this.#fresh = false;
      this.history.amend(this.#moment());
    });
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.settled.value++, SETTLE);
  }

  /** The same list for every run that saves the same names, so that views can tell whether it changed. */
  #variablesOf(run: Run): Variable[] {
    const known = this.#known.get(run.compiled);
    const names = run.results.names;
    if (known && known.names.length === names.length && known.names.every((name, at) => name === names[at])) return known.variables;
    const variables = variablesOf(run.compiled, run.results);
    this.#known.set(run.compiled, { names, variables });
    return variables;
  }

  /** A worker died and is back: whatever it had not answered is asked again. */
  #recover(worker: "compiler" | "runner", reason: string): void {
    if (worker === "compiler" && this.python.peek().phase === "failed") {
      this.notice.value = { kind: "error", text: S.pythonGone(reason), advice: S.pythonGoneAdvice };
      return;
    }
    this.notice.value = { kind: "info", text: S.workerRestarted(worker, reason), advice: S.workerRestartedAdvice };
    const source = this.source.peek();
    if (worker === "compiler" && source && this.compiles.busy.peek()) void this.compiles.now(source);
    if (worker === "runner" || this.engine.peek() !== "wasm") this.runs.again();
  }

  /** Tells the reader what went wrong; `fallback` where the error has no words for people. */
  say(error: unknown, fallback: string): void {
    if (error instanceof FileError) {
      this.notice.value = { kind: "error", text: error.message, advice: error.advice };
    } else if (error instanceof RequestError) {
      const [first] = error.diagnostics;
      this.notice.value = { kind: "error", text: first ? `${fallback} ${first.message}.` : fallback, advice: first?.advice ?? "" };
    } else {
      this.notice.value = { kind: "error", text: fallback, advice: "" };
      reportError(error); // a fault of ours: it belongs on the console, and the page goes on
    }
  }
}

function viewOf({ overrides, plotted }: Moment): View {
  return { values: overrides, plotted, time: null, branch: null };
}

/** A link may name values that the model has no constant for. */
function valuesThatFit(view: Pick<View, "values"> | null, compiled: Compiled): ReadonlyMap<string, number> {
  const sliders = new Set(compiled.document.sliders.map((slider) => slider.name));
  return new Map([...(view?.values ?? [])].filter(([name]) => sliders.has(name)));
}

function branchThatFits(view: View | null, compiled: Compiled): Branch | null {
  return view?.branch ? { time: view.branch.time, values: valuesThatFit(view.branch, compiled) } : null;
}
