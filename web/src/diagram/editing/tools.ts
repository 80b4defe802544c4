// Editing in the diagram: what the pointer and the keys do with each tool, and the names that are typed.
import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";
import { D } from "../../strings-diagram.js";
import { define } from "../../views/view.js";
import { bend, sameArrow } from "./actions.js";
import { actionsBar, toolBar } from "./bars.js";
import { arrowAt, guided, shiftOf } from "./geometry.js";
import { bendHandle, endHandles, overlay, signsAt } from "./overlay.js";
import type { Handle } from "./overlay.js";
import { snapped } from "./places.js";
import type { Point } from "./places.js";
import { Polarity } from "./polarity.js";
import { question } from "./question.js";
import type { Press } from "./state.js";
import { CLICK, HOLD, REACH } from "./state.js";
import { ToolKeys } from "./keys.js";
import "./name-box.js";

export class DiagramTools extends ToolKeys {
  override render(): TemplateResult {
    const { bench } = this;
    const phone = bench.layout.value === "phone";
    if (phone && bench.selected.value !== null) return html``;
    const { symbols } = this.chosen;
    const bar = { bench, tool: this.tool, phone, open: this.open, sparks: this.sparked, take: this.take, key: this.barKey, toggle: this.toggle, spark: () => this.spark() };
    return html`
      ${phone && symbols.length ? nothing : toolBar(bar)} ${actionsBar(symbols, this.actions, phone ? () => this.chosen.set([]) : undefined)} ${this.overlay()} ${this.naming ? this.nameBox(this.naming) : null}
      ${this.doomed ? question(this.doomed, this.keep) : null}
      <p class="said" role="status">${this.said}</p>
    `;
  }

  override firstUpdated(): void {
    const root = this.stage.root();
    root.addEventListener("paste", (event) => this.pasted(event as ClipboardEvent));
    root.addEventListener("focusin", () => (this.over = this.stage.focused()?.id ?? null));
    this.watch(() => {
      void this.bench.row.value;
      this.sparks.draw(this.diagram(), this.bench.runs.shown.value, this.bench.row.value);
    });
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("doomed") && this.doomed) this.renderRoot.querySelector<HTMLElement>(".doom .primary")?.focus();
  }

  /** The diagram is about to be drawn anew: how far most of it will be from where it was, if it shows the same model. */
  leave(next: Diagram): readonly [dx: number, dy: number] | null {
    const before = this.diagram();
    this.mover.back();
    if (this.arrow) this.arrow = (before && sameArrow(before, this.arrow, next)) ?? null;
    return before && shiftOf(before, next);
  }

  /** It is drawn anew. */
  arrive(): void {
    this.chosen.mark();
    this.sparks.draw(this.diagram(), this.bench.runs.shown.peek(), this.bench.row.peek());
    this.requestUpdate();
  }

  protected overlay(): TemplateResult | typeof nothing {
    const diagram = this.diagram();
    if (!diagram) return nothing;
    const [one, ...more] = this.chosen.symbols;
    const selected = this.bench.selected.value;
    const flow = more.length === 0 ? (one ?? diagram.symbols.find((symbol) => symbol.name === selected)) : undefined;
    const handles = this.arrow ? [bendHandle(this.arrow, this.nameOf(this.arrow))] : flow?.kind === "flow" ? endHandles(diagram, flow) : [];
    this.polarity ??= new Polarity(this.bench);
    const ids = new Set([this.over, flow?.id].filter((id) => id !== null && id !== undefined));
    const signs = ids.size && !this.press ? signsAt(diagram, ids, this.polarity.of(diagram)) : [];
    const { line, marquee, guides, arrow } = this;
    return overlay({ line, lineIs: this.tool, marquee, guides, arrow, handles: this.press?.moved && !this.press.handle ? [] : handles, signs }, this.stage.look(), this.grab);
  }

  // Pointer -----------------------------------------------------------------------------------------------


  /** Whether the tools take a press; else it moves the drawing. */
  down(event: PointerEvent): boolean {
    if (this.naming) this.stopNaming(this.naming);
    const phone = this.bench.layout.peek() === "phone";
    if (phone && !this.open) return false;
    const symbol = this.under(event);
    const marquee = this.tool === "select" && !symbol && event.shiftKey;
    if (this.tool === "select" && !marquee && !symbol) return false;
    this.begin(event, symbol, undefined, marquee);
    return true;
  }

  protected begin(event: PointerEvent, symbol: DiagramSymbol | undefined, handle: Handle | undefined, marquee: boolean): void {
    const press: Press = { from: this.inDrawing(event), x: event.clientX, y: event.clientY, symbol, handle, marquee, moved: false, held: false, hold: setTimeout(() => this.held(press), HOLD) };
    if (event.pointerType !== "touch" || !symbol) clearTimeout(press.hold);
    this.press = press;
  }

  protected held(press: Press): void {
    if (press !== this.press || press.moved || !press.symbol || this.tool !== "select") return;
    press.held = true;
    this.chosen.toggle(press.symbol);
    navigator.vibrate?.(10);
  }

  get busy(): boolean {
    return this.press !== undefined;
  }

  /** A press goes on as something else: a second finger came. */
  drop(): boolean {
    if (!this.press) return false;
    clearTimeout(this.press.hold);
    this.press = undefined;
    this.line = this.marquee = null;
    this.guides = [];
    this.mover.back();
    return true;
  }

  move(event: PointerEvent): boolean {
    const press = this.press;
    if (!press) {
      if (event.pointerType === "mouse" && event.buttons === 0) this.over = this.stage.symbolAt(event.clientX, event.clientY)?.id ?? null;
      return false;
    }
    press.moved ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) > (event.pointerType === "touch" ? 2 * CLICK : CLICK);
    if (!press.moved) return true;
    clearTimeout(press.hold);
    const here = this.inDrawing(event);
    if (press.marquee) this.marquee = [press.from, here];
    else if (press.handle) this.line = press.handle.what === "bend" ? null : [this.otherEnd(press.handle) ?? press.from, here];
    else if (this.tool === "select" && press.symbol) this.dragged(press.symbol, here[0] - press.from[0], here[1] - press.from[1], event.altKey);
    else if (this.tool === "flow" || this.tool === "connector") this.line = [press.from, here];
    if (press.handle?.what === "bend" && this.arrow) this.guides = [[this.endOf(this.arrow, 0), here], [here, this.endOf(this.arrow, -1)]];
    return true;
  }

  protected otherEnd(handle: Handle): Point | undefined {
    const [one] = this.chosen.symbols;
    const flow = one ?? this.diagram()?.symbols.find((symbol) => symbol.name === this.bench.selected.peek());
    return flow && handle.what !== "bend" ? [flow.x, flow.y] : undefined;
  }

  protected dragged(symbol: DiagramSymbol, dx: number, dy: number, free: boolean): Point {
    const moving = this.moving(symbol);
    const others = this.chosen.all.filter((other) => !moving.includes(other) && other.kind !== "alias");
    const move = free ? { dx, dy, lines: [] } : guided(symbol, others, dx, dy, this.stage.look().scale, snapped);
    this.guides = move.lines;
    this.mover.preview(moving, move.dx, move.dy);
    return [move.dx, move.dy];
  }

  /** Whether the tools took what was released; a click on a symbol stays the diagram's. */
  up(event: PointerEvent): boolean {
    const press = this.press;
    if (!press) return this.pickArrow(event);
    const here = this.inDrawing(event);
    if (event.type !== "pointerup") return this.drop();
    if (this.tool === "select" && press.symbol && press.moved && !press.handle) {
      const [dx, dy] = this.dragged(press.symbol, here[0] - press.from[0], here[1] - press.from[1], event.altKey);
      const moving = this.moving(press.symbol);
      this.press = undefined;
      this.guides = [];
      void this.mover.commit(moving, dx, dy);
      return true;
    }
    this.drop();
    if (press.marquee) return this.enclose(press.from, here), true;
    if (press.held) return true;
    if (press.handle) return this.let(press.handle, here, event), true;
    if (this.tool === "select") return this.clicked(press.symbol, event.shiftKey);
    if (this.tool !== "flow" && this.tool !== "connector") return this.name(this.tool, here), true;
    const target = this.under(event);
    if (press.moved) this.link(press.symbol ?? "outside", target ?? "outside", [(press.from[0] + here[0]) / 2, (press.from[1] + here[1]) / 2]);
    else if (press.symbol) this.enter(press.symbol);
    else if (this.tool === "flow") this.start ? this.enter("outside", here) : this.name("flow", here);
    return true;
  }

  /** A click: Shift adds to what is chosen; on phones, where panels cover the diagram, it only chooses. */
  protected clicked(symbol: DiagramSymbol | undefined, shift: boolean): boolean {
    this.arrow = null;
    if (!symbol) return false;
    const phone = this.bench.layout.peek() === "phone";
    if (shift) this.chosen.toggle(symbol);
    else this.chosen.set(phone || symbol.kind === "alias" || symbol.kind === "module" ? [symbol] : []);
    if (phone) this.stage.focus(symbol.id);
    return shift || phone;
  }

  protected pickArrow(event: PointerEvent): boolean {
    const diagram = this.diagram();
    const phone = this.bench.layout.peek() === "phone";
    if (event.type !== "pointerup" || !diagram || (phone && !this.open) || this.stage.symbolAt(event.clientX, event.clientY)) return false;
    const reach = (event.pointerType === "touch" ? REACH.touch : REACH.mouse) / this.stage.look().scale;
    const number = arrowAt(diagram, this.inDrawing(event), reach);
    if (this.chosen.symbols.length) this.chosen.set([]);
    this.pick(number === undefined ? null : (diagram.arrows[number] ?? null));
    return this.arrow !== null;
  }

  protected enclose([ax, ay]: Point, [bx, by]: Point): void {
    this.chosen.set(this.chosen.all.filter(({ x, y }) => x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by)));
    this.said = D.chosenNow(this.chosen.symbols.length);
  }

  protected grab = (event: PointerEvent, handle: Handle): void => {
    event.stopPropagation();
    event.preventDefault();
    const element = event.currentTarget as Element;
    element.setPointerCapture(event.pointerId);
    this.begin(event, undefined, handle, false);
    const move = (next: Event): void => void this.move(next as PointerEvent);
    const up = (next: Event): void => {
      for (const [type, work] of Object.entries({ pointermove: move, pointerup: up, pointercancel: up })) element.removeEventListener(type, work);
      this.up(next as PointerEvent);
    };
    for (const [type, work] of Object.entries({ pointermove: move, pointerup: up, pointercancel: up })) element.addEventListener(type, work);
  };

  /** A handle is let go. */
  protected let(handle: Handle, here: Point, event: PointerEvent): void {
    const diagram = this.diagram();
    if (!diagram) return;
    if (handle.what === "bend") {
      if (this.arrow) void this.done(bend(this.bench, diagram, this.arrow, here));
      return;
    }
    const flow = this.chosen.symbols[0] ?? diagram.symbols.find((symbol) => symbol.name === this.bench.selected.peek());
    const target = this.under(event);
    if (flow) void this.attach({ flow, end: handle.what }, target ?? "outside", here);
  }
}

define("ps-diagram-tools", DiagramTools);
