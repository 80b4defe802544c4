// The life of an embed: poster first, then the live model; what it follows, what it gives up when it is removed.
// What it looks like is in face.ts, what scripts can call in element.ts.
import { unsafeCSS } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { effect } from "../state/signals.js";
import { shared } from "../views/styles.js";
import tokens from "../views/tokens.css";
import { View } from "../views/view.js";
import { EmbedBench } from "./bench.js";
import { blobOf, checked, EmbedError, fetchBundle } from "./bundle.js";
import type { Bundle } from "./bundle.js";
import { safeAddress } from "./address.js";
import { face } from "./face.js";
import { looks, NARROW } from "./looks.js";
import { lease } from "./pool.js";
import { onThemeChange, themeAround } from "./theme.js";
import { ATTRIBUTE_NAMES, sane, wishesOf } from "./wishes.js";
import type { Wishes } from "./wishes.js";
import { E } from "./words.js";

const HEIGHT = 420; // px
const ALONE = 340; // one view only
const STACKED = 640; // diagram above charts
const NEARBY = "300px"; // an embed this far below the screen is loaded
const TEXT = /\.(mdl|xmile|stmx|itmx|xml|pen)([?#]|$)/i;

/** What is in the element's place: nothing yet, a button, the model, a message, or the workbench. */
export type Stage =
  | { readonly is: "waiting" | "loading" | "ready" }
  | { readonly is: "click"; readonly why: string; readonly label: string }
  | { readonly is: "failed"; readonly text: string; readonly advice: string }
  | { readonly is: "workbench"; readonly address: string };

/** The build says where it is; see embed.mjs. */
export const more = (): Promise<typeof import("./more.js")> => import("./more.js");

/** What `getState` tells and `setState` takes; JSON. */
export interface State {
  readonly params: Record<string, number>;
  readonly time: number;
  readonly plots: readonly (readonly string[])[];
  readonly speed: number;
  readonly loop: boolean;
}

export abstract class Life extends View<EmbedBench | undefined> {
  static override properties = { ...View.properties, stage: { state: true }, look: { state: true }, narrow: { state: true } };
  static override styles = [unsafeCSS(tokens), shared, looks];
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, "src", "engine", "workbench", ...ATTRIBUTE_NAMES];
  }

  declare stage: Stage;
  declare look: "auto" | "light" | "dark";
  declare narrow: boolean;
  /** What is wished for, and what of it cannot be. */
  wishes: Wishes = {};
  complaint = "";
  bundle: Bundle | null = null;
  protected given: unknown = undefined;
  #base = "";
  protected first = Promise.withResolvers<void>();
  #loads = 0; // counts up: what an older one brings is dropped
  #kept: Partial<State> | null = null; // over a removal
  #clicked = false;
  #inView = false;
  #playing = false; // of its own accord
  #stops: (() => void)[] = [];
  #unfollow: (() => void) | undefined;

  constructor() {
    super();
    this.stage = { is: "waiting" };
    this.look = "auto";
    this.narrow = false;
    this.first.promise.catch(() => {}); // whoever waits hears of it; it is also an event
  }

  // Life --------------------------------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#stops.length > 0) return; // moved
    this.#read();
    this.#fit();
    const size = new ResizeObserver(() => this.#fit());
    size.observe(this);
    const sight = new IntersectionObserver((entries) => this.#seen(entries.at(-1)?.isIntersecting ?? false), { rootMargin: NEARBY });
    sight.observe(this);
    const played = new IntersectionObserver((entries) => this.#autoplay((entries.at(-1)?.intersectionRatio ?? 0) >= 0.5), { threshold: [0, 0.5] });
    played.observe(this);
    this.#stops = [
      () => size.disconnect(),
      () => sight.disconnect(),
      () => played.disconnect(),
      onThemeChange(() => this.#dress()),
    ];
    this.#dress();
    if (this.wishes.loading === "eager") void this.load();
  }

  /** A move takes an element out and puts it in again: only what is still out afterwards is given up. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (this.isConnected || this.#stops.length === 0) return;
      for (const stop of this.#stops.splice(0)) stop();
      this.#drop();
    });
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    super.attributeChangedCallback(name, before, after);
    if (before === after || this.#stops.length === 0) return;
    this.#read();
    this.#fit();
    this.#dress();
    if (["src", "engine", "workbench", "sliders", "readonly"].includes(name)) return this.again();
    const { bench } = this;
    if (!bench) return;
    if (name === "plots") bench.plot(this.wishes.plots);
    if (name === "params" || name === "step") {
      const unknown = bench.setValues(this.wishes.params ?? {});
      if (unknown.length > 0) this.#complain(E.unknown("constant", unknown), "");
    }
    if (name === "t" && this.wishes.t !== undefined) bench.scrub(this.wishes.t);
    if (name === "loop") bench.player.looping.value = this.wishes.loop ?? false;
    if (name === "speed" && this.wishes.speed) bench.player.speed.value = this.wishes.speed;
    this.#highlight();
    this.requestUpdate();
  }

  #read(): void {
    const wrong: string[] = [];
    const own = wishesOf(this, (name, value) => wrong.push(E.noNumber(name, value)));
    const all = { ...sane(this.bundle?.view), ...own };
    const step = sane(all.steps?.[Math.round(all.step ?? 0) - 1]);
    this.wishes = { ...all, ...step, params: { ...all.params, ...step.params } };
    this.complaint = wrong.join(" ");
  }

  /** The height depends on nothing that is loaded, so that the page below never moves. */
  #fit(): void {
    const { width } = this.getBoundingClientRect();
    if (width === 0) return;
    this.narrow = width < NARROW;
    if (this.bench) this.bench.layout.value = this.narrow ? "phone" : "medium";
    const { height, view = "both" } = this.wishes;
    const both = view === "both";
    const least = this.narrow && both ? STACKED : 0;
    const wanted = typeof height === "number" ? Math.max(height, least) : least || (both ? HEIGHT : ALONE);
    this.style.setProperty("--ps-height", `${wanted}px`);
  }

  #dress(): void {
    const wish = this.wishes.theme ?? "auto";
    this.look = wish === "auto" ? themeAround(this) : wish;
    if (this.bench) this.bench.theme.value = this.look;
  }

  #seen(near: boolean): void {
    if (!near || this.stage.is !== "waiting") return;
    if (this.wishes.loading === "click" && !this.#clicked) this.stage = { is: "click", why: "", label: E.run };
    else void this.load();
  }

  #autoplay(inView: boolean): void {
    this.#inView = inView;
    const player = this.bench?.player;
    if (!player || this.stage.is !== "ready" || !this.wishes.autoplay || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    if (inView && !this.#playing) player.play();
    if (!inView && this.#playing) player.pause();
    this.#playing = inView;
  }

  protected again(): void {
    this.#drop();
    void this.load();
  }

  #drop(): void {
    this.#loads++;
    if (this.bench || this.stage.is === "failed") {
      this.first = Promise.withResolvers();
      this.first.promise.catch(() => {});
    }
    if (this.bench) {
      this.#kept = this.getState();
      this.#unfollow?.();
      this.bench.end();
    }
    this.bench = undefined;
    this.bundle = null;
    this.#playing = false;
    this.stage = { is: "waiting" };
  }

  // Loading -----------------------------------------------------------------------------------------------

  /** What a press on the button in the poster's place does. */
  start(): void {
    this.#clicked = true;
    void this.load();
  }

  protected async load(): Promise<void> {
    if (this.stage.is === "loading" || this.stage.is === "ready") return;
    const number = ++this.#loads;
    const src = this.getAttribute("src") ?? "";
    try {
      if (TEXT.test(src)) return this.#inWorkbench(E.textNeeds, async (workbench) => `${workbench}#src=${encodeURIComponent(new URL(src, document.baseURI).href)}`);
      this.stage = { is: "loading" };
      const { bundle, base } = this.given === undefined ? await fetchBundle(src, this) : { bundle: checked(this.given), base: document.baseURI };
      if (number !== this.#loads) return;
      this.bundle = bundle;
      this.#base = base;
      this.#read();
      this.#fit();
      this.#dress();
      if (this.getAttribute("engine") === "vm") {
        const { document, view } = bundle;
        return this.#inWorkbench(E.vmNeeds, async (workbench) => (await more()).editLink(workbench, document, new Map(Object.entries(view.params ?? {})), [], null, "vm"));
      }
      await this.#open(bundle, base, number);
    } catch (error) {
      if (number === this.#loads) this.#fail(error);
    }
  }

  async #open(bundle: Bundle, base: string, number: number): Promise<void> {
    const held = await lease(`${bundle.sha256} ${bundle.model}`, () => blobOf(bundle, base));
    if (number !== this.#loads) return held.end();
    const { model, document, bytes, diagram } = bundle;
    if (held.layout.model !== model) {
      held.end();
      throw new EmbedError(E.otherDigest, E.otherDigestAdvice);
    }
    const compiled = { model, layout: held.layout, document, diagnostics: [], missing: [], ms: 0, bytes };
    const params = { ...this.wishes.params, ...this.#kept?.params };
    const bench = new EmbedBench(compiled, diagram, held, { ...this.wishes, params }, (name, value) => this.tell("input", { name, value, params: this.getParams() }));
    bench.layout.value = this.narrow ? "phone" : "medium";
    bench.theme.value = this.look;
    this.bench = bench;
    this.#follow(bench);
    void bench.ask();
  }

  /** Tells the page what happens. */
  #follow(bench: EmbedBench): void {
    let last = Number.NaN;
    const stops = [
      effect(() => {
        const run = bench.runs.shown.value;
        if (!run) return;
        queueMicrotask(() => this.#arrived(bench));
      }),
      effect(() => {
        const time = bench.cursor.value;
        if (!bench.runs.shown.value || time === last) return;
        last = time;
        queueMicrotask(() => bench === this.bench && this.tell("timechange", { time }));
      }),
      effect(() => {
        const [first] = bench.problems.value;
        if (first) queueMicrotask(() => this.#complain(first.message, first.advice));
      }),
    ];
    this.#unfollow = () => stops.forEach((stop) => stop());
  }

  #arrived(bench: EmbedBench): void {
    const run = bench.runs.shown.peek();
    if (bench !== this.bench || !run) return;
    const first = this.stage.is !== "ready";
    if (first) {
      this.stage = { is: "ready" };
      if (this.#kept) this.setState({ ...this.#kept, params: {} });
      this.#kept = null;
      this.#highlight();
      this.#autoplay(this.#inView);
      const { reference } = this.bundle ?? {};
      if (reference && run.overrides.size === 0) void this.#compare(reference, run.results.data);
      for (const { what, names } of bench.strange) this.#complain(E.unknown(what, names), "");
    }
    this.tell("result", { ms: run.results.ms, engine: "wasm", steps: run.results.rows - 1 });
    if (!first) return;
    void this.updateComplete.then(() => {
      this.first.resolve();
      this.tell("ready", { name: this.bundle?.document.name });
    });
  }

  async #compare(reference: string, data: Float64Array): Promise<void> {
    if (!(await (await more()).differs(reference, data))) return;
    this.#complain(E.mismatch, "");
    this.tell("engine-mismatch", { reference });
  }

  #complain(message: string, advice: string): void {
    this.complaint = [this.complaint, message].filter(Boolean).join(" ");
    this.tell("error", { message, advice });
    this.requestUpdate();
  }

  #fail(error: unknown): void {
    const [first] = (error as { diagnostics?: readonly { message: string; advice: string }[] }).diagnostics ?? [];
    const noWasm = /wasm-eval|wasm-unsafe-eval|Content Security Policy|unsafe-eval/i.test(String((error as Error).message) + (first?.message ?? ""));
    const known = noWasm ? new EmbedError(E.noWebAssembly, E.noWebAssemblyAdvice) : error instanceof EmbedError ? error : null;
    const text = known?.message ?? first?.message ?? (error as Error).message;
    const advice = known?.advice ?? first?.advice ?? "";
    if (!known && !first) reportError(error); // a fault of ours
    this.stage = { is: "failed", text, advice };
    this.first.reject(known ?? error);
    this.tell("error", { message: text, advice });
  }

  /** Python is in the workbench; it comes only after a press. */
  async #inWorkbench(why: string, link: (workbench: string) => Promise<string>): Promise<void> {
    const workbench = this.workbench;
    if (!workbench) throw new EmbedError(`${why} ${E.noWorkbench}`, E.noWorkbenchAdvice);
    if (!this.#clicked) this.stage = { is: "click", why, label: E.loadPython };
    else this.stage = { is: "workbench", address: await link(workbench) };
  }

  /** The page that models are edited in, where one is named. */
  get workbench(): string | null {
    const own = this.getAttribute("workbench");
    return safeAddress(own ?? this.bundle?.workbench, own ? document.baseURI : this.#base)?.replace(/#.*/s, "") ?? null;
  }

  #highlight(): void {
    const { bench } = this;
    if (!bench) return;
    const [first] = (this.wishes.highlight ?? []).flatMap((name) => bench.named(name));
    bench.lifted.value = first ?? null;
    bench.loop.value = this.wishes.highlight ?? null;
  }

  tell(type: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(`penstock-${type}`, { detail, bubbles: true, composed: true }));
  }

  abstract getState(): State;
  abstract setState(state: Partial<State>): void;
  abstract getParams(): Record<string, number>;
  abstract link(): Promise<string | null>;

  override render(): TemplateResult {
    return face(this);
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.toggleAttribute("poster", this.querySelector(":scope > :not(script)") !== null || Boolean(this.bundle?.poster));
  }

  /** The poster's address, for a page that brought none itself. */
  get poster(): string | null {
    return safeAddress(this.bundle?.poster, this.#base);
  }
}
