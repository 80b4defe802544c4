// Editing in the diagram: what the pointer and the keys do with each tool, and the names that are typed.
import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Diagnostic } from "../../../../worker/protocol.js";
import type { Diagram, DiagramArrow, DiagramSymbol } from "../../../../worker/tools.js";
import { preview } from "../../inspector/edits.js";
import type { Outcome } from "../../inspector/edits.js";
import { D } from "../../strings-diagram.js";
import { S } from "../../strings.js";
import { shared } from "../../views/styles.js";
import { styleVariables } from "../../views/variables-of-style.js";
import { define, View } from "../../views/view.js";
import type { Look } from "../camera.js";
import { add, alias, attach, bend, broken, connect, eraseArrow, freeName, remove, rename, sameArrow } from "./actions.js";
import type { Ends, NewKind } from "./actions.js";
import { actionsBar, toolBar, TOOLS } from "./bars.js";
import type { Tool } from "./bars.js";
import { Chosen } from "./chosen.js";
import { copy, paste } from "./clipboard.js";
import { arrowAt, guided, middleOfArrow } from "./geometry.js";
import { Mover } from "./mover.js";
import "./name-box.js";
import type { Naming } from "./name-box.js";
import { bendHandle, endHandles, overlay, signsAt } from "./overlay.js";
import type { Handle } from "./overlay.js";
import { snapped } from "./places.js";
import type { Point } from "./places.js";
import { Polarity } from "./polarity.js";
import { question } from "./question.js";
import type { Doomed } from "./question.js";
import { Sparks } from "./sparks.js";
import { toolStyles } from "./styles.js";

/** What the diagram lets its tools see and do. */
export interface Stage {
  diagram(): Diagram | null;
  look(): Look;
  box(): DOMRect;
  root(): ShadowRoot;
  symbolAt(x: number, y: number, reach?: number): DiagramSymbol | undefined;
  focused(): DiagramSymbol | undefined;
  focus(id: number): void;
  inset(top: number): void; // what is covered at the top
}

type End = DiagramSymbol | "outside";

const BAR = 56; // the height that the tools take on phones
const CLICK = 4; // pixels that a press may move and still be a click
const HOLD = 450; // ms of a finger that rests choose one more
const REACH = { mouse: 6, touch: 22 }; // pixels from an arrow or a symbol that still mean it
const ARROWS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

interface Press {
  readonly from: Point; // in the drawing
  readonly x: number;
  readonly y: number;
  readonly symbol: DiagramSymbol | undefined;
  readonly handle: Handle | undefined;
  readonly marquee: boolean;
  readonly hold: number;
  moved: boolean;
  held: boolean;
}

/** An end of a flow that keys lead elsewhere. */
interface Leading {
  readonly flow: DiagramSymbol;
  readonly end: "source" | "target";
}

export class DiagramTools extends View {
  static override properties = {
    ...View.properties,
    stage: { attribute: false },
    ...Object.fromEntries(["tool", "naming", "line", "marquee", "doomed", "start", "said", "guides", "arrow", "over", "open", "leading", "sparked"].map((name) => [name, { state: true }])),
  };
  declare stage: Stage;
  declare tool: Tool;
  declare naming: Naming | null;
  declare line: readonly [Point, Point] | null;
  declare marquee: readonly [Point, Point] | null;
  declare guides: readonly (readonly [Point, Point])[];
  declare doomed: Doomed | null;
  declare start: End | null; // where a flow or an arrow begins, by keys
  declare leading: Leading | null;
  declare said: string;
  declare arrow: DiagramArrow | null; // that is chosen
  declare over: number | null; // the symbol that the pointer is over, or that has the focus
  declare open: boolean; // on phones the tools are put away
  declare sparked: boolean;

  static override styles = [shared, toolStyles];

  readonly #diagram = (): Diagram | null => this.stage.diagram();
  readonly #root = (): ParentNode => this.stage.root();
  readonly #complain = (problems: readonly Diagnostic[]): void => {
    const [first] = problems;
    if (first) this.bench.notice.value = { kind: "error", text: `${S.cannotEdit} ${S.sentence(first.message)}`, advice: first.advice };
  };
  readonly chosen = new Chosen(this.#diagram, this.#root);
  readonly #mover = new Mover(() => this.bench, this.#diagram, this.#root, this.#complain);
  readonly #sparks = new Sparks(this.#root);
  #polarity: Polarity | undefined;
  #drawn: Diagram | null = null;
  #press: Press | undefined;

  constructor() {
    super();
    this.tool = "select";
    this.naming = this.line = this.marquee = this.doomed = this.start = this.leading = this.arrow = this.over = null;
    this.guides = [];
    this.said = "";
    this.open = this.sparked = false;
  }

  override render(): TemplateResult {
    const { bench } = this;
    const phone = bench.layout.value === "phone";
    if (phone && bench.selected.value !== null) return html``;
    const { symbols } = this.chosen;
    const bar = { bench, tool: this.tool, phone, open: this.open, sparks: this.sparked, take: this.#take, key: this.#barKey, toggle: this.#toggle, spark: () => this.#spark() };
    return html`
      ${phone && symbols.length ? nothing : toolBar(bar)} ${actionsBar(symbols, this.#actions, phone ? () => this.chosen.set([]) : undefined)} ${this.#overlay()} ${this.naming ? this.#nameBox(this.naming) : null}
      ${this.doomed ? question(this.doomed, this.#keep) : null}
      ${this.#diagram()?.symbols.length === 0 ? html`<div class="empty"><h2>${D.emptyTitle}</h2><p>${D.emptyText}</p></div>` : nothing}
      <p class="said" role="status">${this.said}</p>
    `;
  }

  override firstUpdated(): void {
    const root = this.stage.root();
    root.addEventListener("paste", (event) => this.#pasted(event as ClipboardEvent));
    root.addEventListener("focusin", () => (this.over = this.stage.focused()?.id ?? null));
    this.watch(() => {
      void this.bench.row.value;
      this.#sparks.draw(this.#diagram(), this.bench.runs.shown.value, this.bench.row.value);
    });
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("doomed") && this.doomed) this.renderRoot.querySelector<HTMLElement>(".doom .primary")?.focus();
  }

  /** The diagram is about to be drawn anew. */
  leave(next: Diagram | null): void {
    if (next === this.#drawn) return;
    this.#mover.back();
    const before = this.#drawn;
    this.#drawn = next;
    if (this.arrow && before && next) this.arrow = sameArrow(before, this.arrow, next) ?? null;
  }

  /** It is drawn anew. */
  arrive(): void {
    this.chosen.mark();
    this.#sparks.draw(this.#diagram(), this.bench.runs.shown.peek(), this.bench.row.peek());
    this.requestUpdate();
  }

  #overlay(): TemplateResult | typeof nothing {
    const diagram = this.#diagram();
    if (!diagram) return nothing;
    const [one, ...more] = this.chosen.symbols;
    const selected = this.bench.selected.value;
    const flow = more.length === 0 ? (one ?? diagram.symbols.find((symbol) => symbol.name === selected)) : undefined;
    const handles = this.arrow ? [bendHandle(this.arrow, this.#nameOf(this.arrow))] : flow?.kind === "flow" ? endHandles(diagram, flow) : [];
    this.#polarity ??= new Polarity(this.bench);
    const ids = new Set([this.over, flow?.id].filter((id) => id !== null && id !== undefined));
    const signs = ids.size && !this.#press ? signsAt(diagram, ids, this.#polarity.of(diagram)) : [];
    const { line, marquee, guides, arrow } = this;
    return overlay({ line, lineIs: this.tool, marquee, guides, arrow, handles: this.#press?.moved && !this.#press.handle ? [] : handles, signs }, this.stage.look(), this.#grab);
  }

  #nameOf(arrow: DiagramArrow): string {
    return D.arrow(this.#symbol(arrow.source)?.name ?? "", this.#symbol(arrow.target)?.name ?? "");
  }

  #symbol(id: number): DiagramSymbol | undefined {
    return this.#diagram()?.symbols.find((symbol) => symbol.id === id);
  }

  // Names -------------------------------------------------------------------------------------------------

  #nameBox(naming: Naming): TemplateResult {
    const { x, y, scale } = this.stage.look();
    return html`<ps-symbol-name
      .naming=${naming}
      .close=${this.#stopNaming}
      ${styleVariables({ x: `${x + naming.at[0] * scale}px`, y: `${y + naming.at[1] * scale}px` })}
    ></ps-symbol-name>`;
  }

  #stopNaming = (naming: Naming): void => {
    if (this.naming !== naming) return;
    this.naming = null;
    if (naming.back !== undefined) this.stage.focus(naming.back);
  };

  #name(kind: NewKind, at: Point, ends: Ends = {}): void {
    const place: Point = [snapped(at[0]), snapped(at[1])];
    this.#take("select");
    const done = async (name: string): Promise<Outcome> => {
      const outcome = await add(this.bench, this.#diagram(), kind, name, place, ends);
      if (outcome.made) this.#show(name);
      return outcome;
    };
    this.naming = { text: freeName(this.bench, kind), at: place, done, back: this.stage.focused()?.id };
  }

  /** What is new is chosen; where there is room its equation is open too. */
  #show(name: string): void {
    if (this.bench.layout.peek() === "phone") this.chosen.named([name]);
    else this.bench.select(name);
  }

  #rename(symbol: DiagramSymbol): void {
    const { bench } = this;
    const at: Point = [symbol.label ? (symbol.label.box[0] ?? 0) / 2 + (symbol.label.box[2] ?? 0) / 2 : symbol.x, symbol.label?.y ?? symbol.y];
    const done = (name: string): Promise<Outcome> =>
      name === symbol.name ? Promise.resolve({ made: true, text: "", consequences: [] }) : rename(bench, symbol.name, name);
    this.naming = { text: symbol.name, at, done, back: symbol.id };
  }

  // Deleting, copying and the like ------------------------------------------------------------------------

  readonly #actions = {
    open: (): void => this.#with((symbol) => this.bench.select(symbol.name, true)),
    rename: (): void => this.#with((symbol) => this.#rename(symbol)),
    alias: (): void => this.#with((symbol) => void this.#alias(symbol)),
    duplicate: (): void => void this.#duplicate(this.chosen.symbols),
    remove: (): void => void this.#delete(this.chosen.symbols),
  };

  #with(work: (symbol: DiagramSymbol) => void): void {
    const [one] = this.chosen.symbols;
    if (one) work(one);
  }

  async #delete(symbols: readonly DiagramSymbol[]): Promise<void> {
    const names = symbols.filter((symbol) => symbol.kind !== "alias").map((symbol) => symbol.name);
    const breaks = await broken(this.bench, names);
    const done = async (): Promise<void> => {
      this.doomed = null;
      this.chosen.set([]);
      this.bench.select(null);
      this.#complain(await remove(this.bench, this.#diagram(), symbols));
    };
    if (breaks.length === 0) return done();
    this.doomed = { title: S.deleteTitle(names), lead: S.deleteBreaks, act: S.delete, breaks, back: symbols[0]?.id, remove: () => void done() };
  }

  async #eraseArrow(arrow: DiagramArrow): Promise<void> {
    const diagram = this.#diagram();
    if (!diagram) return;
    const [from, to] = [this.#symbol(arrow.source), this.#symbol(arrow.target)];
    const done = async (): Promise<void> => {
      this.doomed = this.arrow = null;
      const outcome = await eraseArrow(this.bench, diagram, arrow);
      if (!outcome.made) this.#complain(outcome.problems);
    };
    const [view, number] = arrow.place ?? [];
    const outcome = number === undefined ? null : await preview(this.bench, "erase", { arrows: [number], view: view ?? 0 });
    const breaks = outcome?.made ? outcome.consequences : [];
    if (breaks.length === 0) return done();
    this.doomed = { title: D.eraseTitle(from?.name ?? "", to?.name ?? ""), lead: D.eraseBreaks, act: D.erase, breaks, back: to?.id, remove: () => void done() };
  }

  #keep = (): void => {
    const back = this.doomed?.back;
    this.doomed = null;
    if (back !== undefined) this.stage.focus(back);
  };

  async #alias(symbol: DiagramSymbol): Promise<void> {
    const diagram = this.#diagram();
    if (!diagram) return;
    const outcome = await alias(this.bench, diagram, symbol, [snapped(symbol.x + symbol.width / 2 + 64), snapped(symbol.y + 64)]);
    if (!outcome.made) this.#complain(outcome.problems);
  }

  async #duplicate(symbols: readonly DiagramSymbol[]): Promise<void> {
    if (await copy(this.bench, symbols)) await this.#paste("");
  }

  async #paste(text: string): Promise<void> {
    const pasted = await paste(this.bench, this.#diagram(), text, this.#middle());
    if (!pasted) this.said = D.nothingToPaste;
    else if (!pasted.made) this.#complain(pasted.problems);
    else {
      this.chosen.named(pasted.names);
      this.said = D.pasted(pasted.names.length);
    }
  }

  #pasted(event: ClipboardEvent): void {
    if (event.composedPath()[0] instanceof HTMLInputElement) return;
    event.preventDefault();
    void this.#paste(event.clipboardData?.getData("text/plain") ?? "");
  }

  /** Keys with Ctrl or Cmd; whether the tools took one. */
  shortcut(event: KeyboardEvent): boolean {
    const here = this.stage.focused();
    const symbols = here && !this.chosen.has(here) ? [here] : this.chosen.symbols;
    switch (event.key.toLowerCase()) {
      case "a":
        this.chosen.set(this.chosen.all);
        this.said = D.chosenNow(this.chosen.symbols.length);
        return true;
      case "d":
        void this.#duplicate(symbols);
        return true;
      case "c":
      case "x":
        void copy(this.bench, symbols).then((count) => {
          this.said = D.copiedNow(count);
          if (event.key.toLowerCase() === "x" && count) void this.#delete(symbols);
        });
        return true;
      default:
        return false;
    }
  }

  #spark(): void {
    this.sparked = this.#sparks.toggle(this.chosen.symbols.length ? this.chosen.symbols : this.chosen.all);
    this.#sparks.draw(this.#diagram(), this.bench.runs.shown.peek(), this.bench.row.peek());
  }

  // Pointer -----------------------------------------------------------------------------------------------

  /** Whether the tools take a press; else it moves the drawing. */
  down(event: PointerEvent): boolean {
    if (this.naming) this.#stopNaming(this.naming);
    const phone = this.bench.layout.peek() === "phone";
    if (phone && !this.open) return false;
    const touch = event.pointerType === "touch";
    const symbol = this.stage.symbolAt(event.clientX, event.clientY, touch ? REACH.touch : 0);
    const marquee = this.tool === "select" && !symbol && event.shiftKey;
    if (this.tool === "select" && !marquee && !symbol) return false;
    this.#begin(event, symbol, undefined, marquee);
    return true;
  }

  #begin(event: PointerEvent, symbol: DiagramSymbol | undefined, handle: Handle | undefined, marquee: boolean): void {
    const press: Press = { from: this.#inDrawing(event), x: event.clientX, y: event.clientY, symbol, handle, marquee, moved: false, held: false, hold: setTimeout(() => this.#held(press), HOLD) };
    if (event.pointerType !== "touch" || !symbol) clearTimeout(press.hold);
    this.#press = press;
  }

  #held(press: Press): void {
    if (press !== this.#press || press.moved || !press.symbol || this.tool !== "select") return;
    press.held = true;
    this.chosen.toggle(press.symbol);
    navigator.vibrate?.(10);
  }

  get busy(): boolean {
    return this.#press !== undefined;
  }

  /** A press goes on as something else: a second finger came. */
  drop(): boolean {
    if (!this.#press) return false;
    clearTimeout(this.#press.hold);
    this.#press = undefined;
    this.line = this.marquee = null;
    this.guides = [];
    this.#mover.back();
    return true;
  }

  move(event: PointerEvent): boolean {
    const press = this.#press;
    if (!press) {
      if (event.pointerType === "mouse" && event.buttons === 0) this.over = this.stage.symbolAt(event.clientX, event.clientY)?.id ?? null;
      return false;
    }
    press.moved ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) > (event.pointerType === "touch" ? 2 * CLICK : CLICK);
    if (!press.moved) return true;
    clearTimeout(press.hold);
    const here = this.#inDrawing(event);
    if (press.marquee) this.marquee = [press.from, here];
    else if (press.handle) this.line = press.handle.what === "bend" ? null : [this.#otherEnd(press.handle) ?? press.from, here];
    else if (this.tool === "select" && press.symbol) this.#dragged(press.symbol, here[0] - press.from[0], here[1] - press.from[1], event.altKey);
    else if (this.tool === "flow" || this.tool === "connector") this.line = [press.from, here];
    if (press.handle?.what === "bend" && this.arrow) this.guides = [[this.#endOf(this.arrow, 0), here], [here, this.#endOf(this.arrow, -1)]];
    return true;
  }

  #endOf(arrow: DiagramArrow, place: number): Point {
    const [x = 0, y = 0] = arrow.points.at(place) ?? [];
    return [x, y];
  }

  #otherEnd(handle: Handle): Point | undefined {
    const [one] = this.chosen.symbols;
    const flow = one ?? this.#diagram()?.symbols.find((symbol) => symbol.name === this.bench.selected.peek());
    return flow && handle.what !== "bend" ? [flow.x, flow.y] : undefined;
  }

  #dragged(symbol: DiagramSymbol, dx: number, dy: number, free: boolean): Point {
    const moving = this.#moving(symbol);
    const others = this.chosen.all.filter((other) => !moving.includes(other) && other.kind !== "alias");
    const move = free ? { dx, dy, lines: [] } : guided(symbol, others, dx, dy, this.stage.look().scale, snapped);
    this.guides = move.lines;
    this.#mover.preview(moving, move.dx, move.dy);
    return [move.dx, move.dy];
  }

  /** Whether the tools took what was released; a click on a symbol stays the diagram's. */
  up(event: PointerEvent): boolean {
    const press = this.#press;
    if (!press) return this.#pickArrow(event);
    const here = this.#inDrawing(event);
    if (event.type !== "pointerup") return this.drop();
    if (this.tool === "select" && press.symbol && press.moved && !press.handle) {
      const [dx, dy] = this.#dragged(press.symbol, here[0] - press.from[0], here[1] - press.from[1], event.altKey);
      const moving = this.#moving(press.symbol);
      this.#press = undefined;
      this.guides = [];
      void this.#mover.commit(moving, dx, dy);
      return true;
    }
    this.drop();
    if (press.marquee) return this.#enclose(press.from, here), true;
    if (press.held) return true;
    if (press.handle) return this.#let(press.handle, here, event), true;
    if (this.tool === "select") return this.#clicked(press.symbol, event.shiftKey);
    if (this.tool !== "flow" && this.tool !== "connector") return this.#name(this.tool, here), true;
    const target = this.stage.symbolAt(event.clientX, event.clientY, event.pointerType === "touch" ? REACH.touch : 0);
    if (press.moved) this.#link(press.symbol ?? "outside", target ?? "outside", [(press.from[0] + here[0]) / 2, (press.from[1] + here[1]) / 2]);
    else if (press.symbol) this.#enter(press.symbol);
    else if (this.tool === "flow") this.start ? this.#enter("outside", here) : this.#name("flow", here);
    return true;
  }

  /** A click: Shift adds to what is chosen; on phones, where panels cover the diagram, it only chooses. */
  #clicked(symbol: DiagramSymbol | undefined, shift: boolean): boolean {
    this.arrow = null;
    if (!symbol) return false;
    const phone = this.bench.layout.peek() === "phone";
    if (shift) this.chosen.toggle(symbol);
    else this.chosen.set(phone || symbol.kind === "alias" || symbol.kind === "module" ? [symbol] : []);
    if (phone) this.stage.focus(symbol.id);
    return shift || phone;
  }

  #pickArrow(event: PointerEvent): boolean {
    const diagram = this.#diagram();
    const phone = this.bench.layout.peek() === "phone";
    if (event.type !== "pointerup" || !diagram || (phone && !this.open) || this.stage.symbolAt(event.clientX, event.clientY)) return false;
    const reach = (event.pointerType === "touch" ? REACH.touch : REACH.mouse) / this.stage.look().scale;
    const number = arrowAt(diagram, this.#inDrawing(event), reach);
    if (this.chosen.symbols.length) this.chosen.set([]);
    this.#pick(number === undefined ? null : (diagram.arrows[number] ?? null));
    return this.arrow !== null;
  }

  #pick(arrow: DiagramArrow | null): void {
    this.arrow = arrow;
    const names = arrow && ([this.#symbol(arrow.source)?.name ?? "", this.#symbol(arrow.target)?.name ?? ""] as const);
    this.said = names ? D.arrowKeys(...names) : "";
  }

  #enclose([ax, ay]: Point, [bx, by]: Point): void {
    this.chosen.set(this.chosen.all.filter(({ x, y }) => x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by)));
    this.said = D.chosenNow(this.chosen.symbols.length);
  }

  #grab = (event: PointerEvent, handle: Handle): void => {
    event.stopPropagation();
    event.preventDefault();
    const element = event.currentTarget as Element;
    element.setPointerCapture(event.pointerId);
    this.#begin(event, undefined, handle, false);
    const move = (next: Event): void => void this.move(next as PointerEvent);
    const up = (next: Event): void => {
      for (const [type, work] of Object.entries({ pointermove: move, pointerup: up, pointercancel: up })) element.removeEventListener(type, work);
      this.up(next as PointerEvent);
    };
    for (const [type, work] of Object.entries({ pointermove: move, pointerup: up, pointercancel: up })) element.addEventListener(type, work);
  };

  /** A handle is let go. */
  #let(handle: Handle, here: Point, event: PointerEvent): void {
    const diagram = this.#diagram();
    if (!diagram) return;
    if (handle.what === "bend") {
      if (this.arrow) void this.#done(bend(this.bench, diagram, this.arrow, here));
      return;
    }
    const flow = this.chosen.symbols[0] ?? diagram.symbols.find((symbol) => symbol.name === this.bench.selected.peek());
    const target = this.stage.symbolAt(event.clientX, event.clientY, event.pointerType === "touch" ? REACH.touch : 0);
    if (flow) void this.#attach({ flow, end: handle.what }, target ?? "outside", here);
  }

  async #attach({ flow, end }: Leading, to: End, at: Point): Promise<void> {
    const diagram = this.#diagram();
    if (!diagram) return;
    if (to !== "outside" && to.kind !== "stock") return void (this.said = S.stocksTakeFlows);
    await this.#done(attach(this.bench, diagram, flow, end, to === "outside" ? undefined : to.name, [snapped(at[0]), snapped(at[1])]));
  }

  async #done(made: Promise<Outcome>): Promise<void> {
    const outcome = await made;
    if (!outcome.made) this.#complain(outcome.problems);
  }

  #link(from: End, to: End, at: Point): void {
    if (this.tool === "flow") {
      const stock = (end: End): string | undefined => (end !== "outside" && end.kind === "stock" ? end.name : undefined);
      const [source, target] = [stock(from), stock(to)];
      if (source !== undefined && source === target) return;
      this.#name("flow", at, { ...(source === undefined ? {} : { source }), ...(target === undefined ? {} : { target }) });
    } else if (from !== "outside" && to !== "outside" && from.name !== to.name) {
      this.#take("select");
      if (to.kind === "stock") this.said = S.stocksTakeFlows;
      else void connect(this.bench, from, to).then(this.#complain);
    }
  }

  /** What goes with a symbol: all that are chosen, if it is one of them. */
  #moving(symbol: DiagramSymbol): readonly DiagramSymbol[] {
    return this.chosen.has(symbol) ? this.chosen.symbols : [symbol];
  }

  // Keys --------------------------------------------------------------------------------------------------

  /** Whether the tools took a key. */
  key(event: KeyboardEvent): boolean {
    const here = this.stage.focused();
    const way = ARROWS[event.key];
    if (this.arrow && this.#arrowKey(event, this.arrow)) return true;
    if (event.shiftKey && way && here) return this.#mover.nudge(this.#moving(here), way), true;
    const letter = event.key.toLowerCase();
    const tool = TOOLS.find((row) => row.key === letter)?.tool;
    if (tool && !event.shiftKey) return this.#takeAt(tool, here), true;
    const act: Record<string, () => unknown> = {
      f2: () => here && this.#rename(here),
      delete: () => this.#deleteAt(here),
      backspace: () => this.#deleteAt(here),
      escape: () => this.#escape(),
      enter: () => this.#entered(here ?? "outside"),
      " ": () => (event.shiftKey && here ? (this.chosen.toggle(here), true) : this.#entered("outside")),
      g: () => here && void this.#alias(here),
      k: () => (this.#spark(), true),
      b: () => this.#nextArrow(here),
      "[": () => this.#lead(here, "source"),
      "]": () => this.#lead(here, "target"),
    };
    const found = act[letter];
    return found !== undefined && found() !== false && (here !== undefined || !["f2", "g"].includes(letter));
  }

  #deleteAt(here: DiagramSymbol | undefined): boolean {
    const doomed = here ? this.#moving(here) : this.chosen.symbols;
    if (doomed.length > 0) void this.#delete(doomed);
    return doomed.length > 0;
  }

  #escape(): boolean {
    if (this.tool === "select" && this.chosen.keys.peek().size === 0 && !this.leading && !this.arrow) return false;
    this.#take("select");
    this.chosen.set([]);
    this.#pick(null);
    return true;
  }

  #entered(end: End): boolean {
    if (this.leading) {
      const { leading } = this;
      this.leading = null;
      this.said = "";
      const valve = leading.flow;
      void this.#attach(leading, end, [valve.x + (leading.end === "source" ? -64 : 64), valve.y]);
      return true;
    }
    return this.tool !== "select" && (this.#enter(end), true);
  }

  #lead(here: DiagramSymbol | undefined, end: "source" | "target"): boolean {
    if (here?.kind !== "flow") return false;
    this.leading = { flow: here, end };
    this.said = D.endFrom(here.name, end);
    return true;
  }

  /** Arrows at the symbol with the focus, one after another. */
  #nextArrow(here: DiagramSymbol | undefined): boolean {
    if (!here) return false;
    const arrows = this.#diagram()?.arrows.filter(({ source, target }) => source === here.id || target === here.id) ?? [];
    const at = this.arrow ? arrows.indexOf(this.arrow) : -1;
    this.#pick(arrows[(at + 1) % arrows.length] ?? null);
    if (!this.arrow) this.said = D.noArrows(here.name);
    return true;
  }

  #arrowKey(event: KeyboardEvent, arrow: DiagramArrow): boolean {
    const diagram = this.#diagram();
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") return void this.#eraseArrow(arrow), true;
    if (way === undefined || !diagram) return false;
    const [[ax, ay], [bx, by]] = [this.#endOf(arrow, 0), this.#endOf(arrow, -1)];
    const chord = Math.hypot(bx - ax, by - ay) || 1;
    const [mx, my] = middleOfArrow(arrow);
    const through: Point = [mx + ((by - ay) / chord) * 10 * way, my - ((bx - ax) / chord) * 10 * way];
    void this.#done(bend(this.bench, diagram, arrow, through, `bend ${arrow.source} ${arrow.target}`));
    return true;
  }

  #enter(end: End, at: Point = this.#middle()): void {
    const [x, y] = at;
    if (this.tool !== "flow" && this.tool !== "connector") {
      if (this.tool !== "select") this.#name(this.tool, [x, y]);
    } else if (this.start === null) {
      if (this.tool === "connector" && end === "outside") return;
      this.#from(end);
    } else if (end !== this.start) {
      const ends = [this.start, end].map((symbol) => (symbol === "outside" ? { x, y } : symbol));
      this.#link(this.start, end, [((ends[0]?.x ?? x) + (ends[1]?.x ?? x)) / 2, ((ends[0]?.y ?? y) + (ends[1]?.y ?? y)) / 2]);
    }
  }

  #from(end: End): void {
    this.start = end;
    const name = end === "outside" ? "" : end.name;
    this.said = this.tool === "flow" ? S.flowFrom(name) : S.connectFrom(name);
  }

  #take = (tool: Tool): void => {
    this.tool = tool;
    this.start = this.leading = null;
    this.said = "";
  };

  /** By its key a link begins at the symbol that has the focus. */
  #takeAt(tool: Tool, here: DiagramSymbol | undefined): void {
    this.#take(tool);
    if (here && (tool === "connector" || (tool === "flow" && here.kind === "stock"))) this.#from(here);
  }

  #toggle = (): void => {
    this.open = !this.open;
    this.stage.inset(this.open ? BAR : 0);
    this.#take("select");
    this.chosen.set([]);
    this.#pick(null);
  };

  #barKey = (event: KeyboardEvent): void => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const at = TOOLS.findIndex((row) => row.tool === this.tool);
    this.#take(TOOLS[(at + way + TOOLS.length) % TOOLS.length]?.tool ?? "select");
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus());
  };

  #inDrawing(event: PointerEvent): Point {
    const { left, top } = this.stage.box();
    const { x, y, scale } = this.stage.look();
    return [(event.clientX - left - x) / scale, (event.clientY - top - y) / scale];
  }

  #middle(): Point {
    const { width, height } = this.stage.box();
    const { x, y, scale } = this.stage.look();
    return [(width / 2 - x) / scale, (height / 2 - y) / scale];
  }
}

define("ps-diagram-tools", DiagramTools);
