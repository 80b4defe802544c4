// What lies on the desk: the open model, its runs and what the reader chose, as signals. Views read here; the layers above
// it (looking, asking, editing, opening) change it.
import { RequestError } from "../client-api.js";
import type { Compiled, PenstockClient, PythonState } from "../client-api.js";
import type { SliderRow } from "../../../worker/abi.js";
import type { Diagnostic, Missing } from "../../../worker/protocol.js";
import type { Branch, View } from "./asked.js";
import type { Fan } from "../charts/plot.js";
import { breakdownOf } from "./breakdown.js";
import { Colours } from "./colours.js";
import { Compiles } from "./compiles.js";
import { Drafts } from "./drafts.js";
import type { Source } from "./drafts.js";
import { FileError } from "./files.js";
import { timeDecimals } from "./format.js";
import { History } from "./history.js";
import type { Moment } from "./history.js";
import { Pictures } from "./pictures.js";
import { Player } from "./player.js";
import { Runs } from "./runs.js";
import type { EngineChoice, Run } from "./runs.js";
import { Samples } from "./samples.js";
import { isBoolean, isNumber, isTheme, setting } from "./settings.js";
import type { Theme } from "./settings.js";
import { computed, signal } from "./signals.js";
import { rowAt, timesOf, variablesOf } from "./variables.js";
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

/** How far a phone's sheet is pulled up. */
export type Sheet = "low" | "half" | "full";
const ON_RELEASE = 500; // ms

export abstract class Desk {
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
  readonly sheet = signal<Sheet>("half");
  /** Between a phone and a wide page: the icons at the side are unfolded. */
  readonly railOpen = setting("rail-open", false, isBoolean);
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
  /** Runs take so long that a slider asks for one only when it is let go. */
  readonly waitsForRelease = computed(() => (this.runs.shown.value?.results.ms ?? 0) > ON_RELEASE);
  /** Loads the new version that is there; null when there is none. */
  readonly update = signal<(() => void) | null>(null);
  /** The run's numbers stand in the charts' place. */
  readonly tableOpen = signal(false);

  readonly groups = signal<readonly ChartGroup[]>([]);
  /** Many runs of one variable, to draw behind its curve. */
  readonly fan = signal<Fan | null>(null);

  readonly variables = computed<readonly Variable[]>(() => {
    const run = this.runs.shown.value;
    return run ? this.variablesOf(run) : [];
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
    return run ? breakdownOf(run.results, this.variablesOf(run)) : null;
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

  /** What a link, or a step back, wants to be looked at: until its first run. */
  protected asked: View | null = null;
  /** The next run is a newly opened model's first. */
  protected fresh = false;
  #known = new WeakMap<Compiled, { names: readonly string[]; variables: Variable[] }>();

  constructor(readonly client: PenstockClient) {
    this.compiles = new Compiles(client, (compiled) => this.accept(compiled));
    this.runs = new Runs(client);
    this.pictures = new Pictures(client);
    this.player = new Player(
      () => (this.runs.shown.peek() ? this.range.peek() : null),
      { get: () => this.cursor.peek(), set: (time) => (this.cursor.value = time) },
    );
  }

  /** Takes a compiled model in the place of the one before. */
  protected abstract accept(compiled: Compiled): void;

  /** What undo gives back. */
  protected moment(): Moment {
    return { text: this.source.peek()?.text ?? "", overrides: this.overrides.peek(), plotted: this.plotted.peek() };
  }

  /** A step for undo; steps in a row with the same `key` are one. */
  protected record(label: string, key = ""): void {
    this.history.record(this.moment(), label, key);
  }

  /** The value of a variable in the row under the cursor. */
  valueAt(run: Run | null, name: string, row = this.row.value): number {
    if (!run?.results.names.includes(name)) return Number.NaN;
    return run.results.at(name, Math.min(row, run.results.rows - 1));
  }

  /** The same list for every run that saves the same names, so that views can tell whether it changed. */
  protected variablesOf(run: Run): Variable[] {
    const known = this.#known.get(run.compiled);
    const names = run.results.names;
    if (known && known.names.length === names.length && known.names.every((name, at) => name === names[at])) return known.variables;
    const variables = variablesOf(run.compiled, run.results);
    this.#known.set(run.compiled, { names, variables });
    return variables;
  }

  dismiss(): void {
    this.notice.value = null;
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
