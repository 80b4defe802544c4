// <penstock-model> in a page of somebody else: what scripts of that page can call. See life.ts and the manual's embedding.md.
import { batch } from "../state/signals.js";
import type { EmbedBench } from "./bench.js";
import { Life, more } from "./life.js";
import type { State } from "./life.js";
import { sane } from "./wishes.js";
import { E } from "./words.js";

export class PenstockEmbed extends Life {
  /** Resolves with the element once the first run is drawn; rejects where it cannot be. */
  get ready(): Promise<this> {
    if (this.isConnected && this.stage.is === "waiting" && this.wishes.loading !== "click") void this.load();
    return this.first.promise.then(() => this);
  }

  get #live(): EmbedBench {
    if (!this.bench?.runs.shown.peek()) throw new Error("the model is not loaded yet: await element.ready");
    return this.bench;
  }

  /** A bundle as an object, in place of `src`. */
  set model(bundle: unknown) {
    this.given = bundle;
    if (this.isConnected) this.again();
  }

  /** Values of constants and initial values by name. Throws on a name that the model does not have. */
  setParams(params: Readonly<Record<string, number>>): void {
    const unknown = this.#live.setValues(params);
    if (unknown.length > 0) throw new RangeError(E.unknown("constant", unknown));
  }

  /** The values of all constants that have a range, and whatever else was set. */
  override getParams(): Record<string, number> {
    const bench = this.bench;
    const own = bench?.compiled.document.sliders.map(({ name, value }) => [name, value] as const) ?? [];
    return Object.fromEntries([...own, ...(bench?.overrides.peek() ?? [])]);
  }

  /** Runs once more; `penstock-result` follows. */
  run(): void {
    void this.#live.ask();
  }

  play(): void {
    this.#live.player.play();
  }

  pause(): void {
    this.bench?.player.pause();
  }

  /** The cursor, in the model's unit of time. */
  get time(): number {
    return this.bench?.cursor.peek() ?? Number.NaN;
  }

  set time(time: number) {
    this.#live.scrub(time);
  }

  get engine(): "wasm" | "vm" {
    return this.getAttribute("engine") === "vm" ? "vm" : "wasm";
  }

  set engine(engine: "wasm" | "vm") {
    this.setAttribute("engine", engine);
  }

  /** A copy of a variable's values at the saved times. Throws on a name that the run does not have. */
  series(name: string): Float64Array {
    const bench = this.#live;
    const [found] = bench.named(name);
    return bench.runs.shown.peek()!.results.series(found ?? name).slice();
  }

  override getState(): State {
    const { bench } = this;
    return {
      params: Object.fromEntries(bench?.overrides.peek() ?? []),
      time: this.time,
      plots: bench?.groups.peek().map(({ names }) => names) ?? [],
      speed: bench?.player.speed.peek() ?? 1,
      loop: bench?.player.looping.peek() ?? false,
    };
  }

  /** Takes what `getState` told, or a part of it; what is no state is left out. */
  override setState(state: Partial<State>): void {
    const bench = this.#live;
    const { params, plots, speed, loop } = sane(state);
    batch(() => {
      if (params && Object.keys(params).length > 0) bench.setValues(params);
      if (plots && plots.length > 0) bench.plot(plots);
      if (speed && speed > 0) bench.player.speed.value = speed;
      if (loop !== undefined) bench.player.looping.value = loop;
      if (Number.isFinite(state.time)) bench.scrub(state.time as number);
    });
  }

  /** The run on show as CSV: time first, 17 digits. */
  async toCSV(): Promise<string> {
    const { compiled, runs } = this.#live;
    const { csvOf } = await more();
    return csvOf(compiled, runs.shown.peek()!.results);
  }

  /** Diagram and charts as they are on show, as an SVG file. */
  async toSVG(): Promise<string> {
    await this.ready;
    return (await more()).pictureOf(this);
  }

  /** A link that opens this state in the workbench; null where none is named. */
  override async link(): Promise<string | null> {
    const { bench, workbench } = this;
    if (!bench || !workbench) return null;
    return (await more()).editLink(workbench, bench.compiled.document, bench.overrides.peek(), bench.plotted.peek(), bench.cursor.peek());
  }
}
