// Editing in the diagram: a toolbar, what the pointer and the keys do with each tool, and the names that are typed.
import { html, nothing, svg } from "lit";
import type { TemplateResult } from "lit";
import type { Diagnostic } from "../../../../worker/protocol.js";
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";
import type { Outcome } from "../../inspector/edits.js";
import { kindIcon } from "../../inspector/kind-icons.js";
import { S } from "../../strings.js";
import { icons } from "../../views/icons.js";
import { shared } from "../../views/styles.js";
import { define, View } from "../../views/view.js";
import { undoButtons } from "../../views/undo-buttons.js";
import { styleVariables } from "../../views/variables-of-style.js";
import type { Look } from "../camera.js";
import { add, broken, connect, freeName, move, remove, rename } from "./actions.js";
import type { Ends, NewKind } from "./actions.js";
import "./name-box.js";
import type { Naming } from "./name-box.js";
import { GRID, snapped } from "./places.js";
import type { Point } from "./places.js";
import { question } from "./question.js";
import type { Doomed } from "./question.js";
import { toolStyles } from "./styles.js";

/** What the diagram lets its tools see and do. */
export interface Stage {
  diagram(): Diagram | null;
  look(): Look;
  box(): DOMRect;
  symbolAt(x: number, y: number): DiagramSymbol | undefined;
  focused(): DiagramSymbol | undefined;
  group(id: number): SVGGElement | null;
  focus(id: number): void;
}

type Tool = "select" | NewKind | "connector";

const TOOLS: readonly { readonly tool: Tool; readonly key: string }[] = [
  { tool: "select", key: "v" },
  { tool: "stock", key: "s" },
  { tool: "flow", key: "f" },
  { tool: "auxiliary", key: "a" },
  { tool: "connector", key: "c" },
];
const CLICK = 4; // pixels that a press may move and still be a click
const REST = 500; // ms without an arrow key end a move
const ARROWS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

interface Press {
  readonly from: Point; // in the drawing
  readonly x: number;
  readonly y: number;
  readonly symbol: DiagramSymbol | undefined;
  readonly marquee: boolean;
  moved: boolean;
}

export class DiagramTools extends View {
  static override properties = {
    ...View.properties,
    stage: { attribute: false },
    tool: { state: true },
    naming: { state: true },
    line: { state: true },
    marquee: { state: true },
    doomed: { state: true },
    start: { state: true },
    said: { state: true },
  };
  declare stage: Stage;
  declare tool: Tool;
  declare naming: Naming | null;
  declare line: readonly [Point, Point] | null;
  declare marquee: readonly [Point, Point] | null;
  declare doomed: Doomed | null;
  declare start: DiagramSymbol | "outside" | null; // where a flow or an arrow begins, by keys
  declare said: string;

  static override styles = [shared, toolStyles];

  readonly #chosen = new Set<number>();
  #press: Press | undefined;
  #nudge = { x: 0, y: 0, timer: 0 };

  constructor() {
    super();
    this.tool = "select";
    this.naming = this.line = this.marquee = this.doomed = this.start = null;
    this.said = "";
  }

  override render(): TemplateResult {
    const { bench } = this;
    const phone = bench.layout.value === "phone";
    const covered = phone && bench.selected.value !== null;
    return html`
      <div class="bar" role="toolbar" ?hidden=${covered} aria-label=${S.tools} @keydown=${this.#barKey}>
        ${TOOLS.map(
          ({ tool, key }) =>
            html`<button
              data-testid="tool-${tool}"
              aria-label=${S.tool[tool]}
              title=${S.toolHelp(S.tool[tool], key)}
              aria-keyshortcuts=${key}
              aria-pressed=${tool === this.tool ? "true" : "false"}
              tabindex=${tool === this.tool ? "0" : "-1"}
              @click=${() => this.#take(tool)}
            >
              ${tool === "select" ? icons.pointer : tool === "connector" ? icons.arrow : kindIcon(tool)}
            </button>`,
        )}
        ${phone ? undoButtons(bench) : null}
      </div>
      ${this.#drawn()} ${this.naming ? this.#nameBox(this.naming) : null} ${this.doomed ? this.#question(this.doomed) : null}
      <p class="said" role="status">${this.said}</p>
    `;
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("doomed") && this.doomed) this.renderRoot.querySelector<HTMLElement>(".doom .primary")?.focus();
  }

  #drawn(): TemplateResult | typeof nothing {
    if (!this.line && !this.marquee) return nothing;
    const [from, to] = (this.line ?? this.marquee) as readonly [Point, Point];
    const [[ax, ay], [bx, by]] = [this.#onScreen(from), this.#onScreen(to)];
    return html`<svg class="rubber">
      ${
        this.line
          ? svg`<line x1=${ax} y1=${ay} x2=${bx} y2=${by} class=${this.tool}></line>`
          : svg`<rect x=${Math.min(ax, bx)} y=${Math.min(ay, by)} width=${Math.abs(bx - ax)} height=${Math.abs(by - ay)}></rect>`
      }
    </svg>`;
  }

  // Names -------------------------------------------------------------------------------------------------

  #nameBox(naming: Naming): TemplateResult {
    const [x, y] = this.#onScreen(naming.at);
    return html`<ps-symbol-name .naming=${naming} .close=${this.#stopNaming} ${styleVariables({ x: `${x}px`, y: `${y}px` })}></ps-symbol-name>`;
  }

  #stopNaming = (naming: Naming): void => {
    if (this.naming !== naming) return;
    this.naming = null;
    if (naming.back !== undefined) this.stage.focus(naming.back);
  };

  #name(kind: NewKind, at: Point, ends: Ends = {}): void {
    const { bench } = this;
    const place: Point = [snapped(at[0]), snapped(at[1])];
    this.#take("select");
    const done = async (name: string): Promise<Outcome> => {
      const outcome = await add(bench, this.stage.diagram(), kind, name, place, ends);
      if (outcome.made) bench.select(name);
      return outcome;
    };
    this.naming = { text: freeName(bench, kind), at: place, done, back: this.stage.focused()?.id };
  }

  #rename(symbol: DiagramSymbol): void {
    const at: Point = [symbol.label ? (symbol.label.box[0] ?? 0) / 2 + (symbol.label.box[2] ?? 0) / 2 : symbol.x, symbol.label?.y ?? symbol.y];
    const done = (name: string): Promise<Outcome> =>
      name === symbol.name ? Promise.resolve({ made: true, text: "", consequences: [] }) : rename(this.bench, symbol.name, name);
    this.naming = { text: symbol.name, at, done, back: symbol.id };
  }

  // Deleting ----------------------------------------------------------------------------------------------

  async #delete(symbols: readonly DiagramSymbol[]): Promise<void> {
    const breaks = await broken(this.bench, symbols.map((symbol) => symbol.name));
    if (breaks.length > 0) this.doomed = { symbols, breaks };
    else await this.#remove(symbols);
  }

  async #remove(symbols: readonly DiagramSymbol[]): Promise<void> {
    this.doomed = null;
    this.#choose([]);
    this.bench.select(null);
    this.#complain(await remove(this.bench, this.stage.diagram(), symbols));
  }

  #question(doomed: Doomed): TemplateResult {
    const keep = (): void => {
      this.doomed = null;
      if (doomed.symbols[0]) this.stage.focus(doomed.symbols[0].id);
    };
    return question(doomed, keep, () => void this.#remove(doomed.symbols));
  }

  #complain(problems: readonly Diagnostic[]): void {
    const [first] = problems;
    if (first) this.bench.notice.value = { kind: "error", text: `${S.cannotEdit} ${S.sentence(first.message)}`, advice: first.advice };
  }

  // Pointer -----------------------------------------------------------------------------------------------

  /** Whether the tools take a press; else it moves the drawing. */
  down(event: PointerEvent): boolean {
    if (this.naming) this.#stopNaming(this.naming);
    const symbol = this.stage.symbolAt(event.clientX, event.clientY);
    const marquee = this.tool === "select" && !symbol && event.shiftKey;
    if (this.tool === "select" && !marquee && (!symbol || event.pointerType === "touch")) return false;
    this.#press = { from: this.#inDrawing(event), x: event.clientX, y: event.clientY, symbol, marquee, moved: false };
    return true;
  }

  move(event: PointerEvent): boolean {
    const press = this.#press;
    if (!press) return false;
    press.moved ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) > CLICK;
    if (!press.moved) return true;
    const here = this.#inDrawing(event);
    if (press.marquee) this.marquee = [press.from, here];
    else if (this.tool === "select" && press.symbol) this.#preview(this.#moving(press.symbol), snapped(here[0] - press.from[0]), snapped(here[1] - press.from[1]));
    else if (this.tool === "flow" || this.tool === "connector") this.line = [press.from, here];
    return true;
  }

  /** Whether the tools took what was released; a click on a symbol stays the diagram's. */
  up(event: PointerEvent): boolean {
    const press = this.#press;
    this.#press = undefined;
    this.line = this.marquee = null;
    if (!press) return false;
    const here = this.#inDrawing(event);
    if (event.type !== "pointerup") {
      if (press.symbol) this.#preview(this.#moving(press.symbol), 0, 0);
      return true;
    }
    if (press.marquee) return this.#enclose(press.from, here), true;
    if (this.tool === "select") return this.#released(press, here, event.shiftKey);
    if (this.tool === "stock" || this.tool === "auxiliary") return this.#name(this.tool, here), true;
    const target = this.stage.symbolAt(event.clientX, event.clientY);
    if (press.moved) this.#link(press.symbol ?? "outside", target ?? "outside", [(press.from[0] + here[0]) / 2, (press.from[1] + here[1]) / 2]);
    return true;
  }

  #released(press: Press, here: Point, shift: boolean): boolean {
    const { symbol } = press;
    if (!symbol) return false;
    if (!press.moved) {
      if (!shift) this.#choose([]);
      else if (this.#chosen.has(symbol.id)) this.#choose([...this.#chosen].filter((id) => id !== symbol.id));
      else this.#choose([...this.#chosen, symbol.id]);
      return shift;
    }
    void this.#moved(this.#moving(symbol), snapped(here[0] - press.from[0]), snapped(here[1] - press.from[1]), "");
    return true;
  }

  #enclose([ax, ay]: Point, [bx, by]: Point): void {
    const inside = this.#symbols().filter(
      ({ x, y }) => x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by),
    );
    this.#choose(inside.map((symbol) => symbol.id));
  }

  #link(from: DiagramSymbol | "outside", to: DiagramSymbol | "outside", at: Point): void {
    if (this.tool === "flow") {
      const stock = (end: DiagramSymbol | "outside"): string | undefined => (end !== "outside" && end.kind === "stock" ? end.name : undefined);
      const [source, target] = [stock(from), stock(to)];
      if (source !== undefined && source === target) return;
      this.#name("flow", at, { ...(source === undefined ? {} : { source }), ...(target === undefined ? {} : { target }) });
    } else if (from !== "outside" && to !== "outside" && from.name !== to.name) {
      this.#take("select");
      if (to.kind === "stock") this.said = S.stocksTakeFlows;
      else void connect(this.bench, from.name, to);
    }
  }

  // Moving ------------------------------------------------------------------------------------------------

  #symbols(): readonly DiagramSymbol[] {
    return this.stage.diagram()?.symbols.filter((symbol) => symbol.name !== "" && symbol.kind !== "comment" && symbol.kind !== "alias") ?? [];
  }

  /** What goes with a symbol: all that are chosen, if it is one of them. */
  #moving(symbol: DiagramSymbol): readonly DiagramSymbol[] {
    return this.#chosen.has(symbol.id) ? this.#symbols().filter((other) => this.#chosen.has(other.id)) : [symbol];
  }

  #preview(symbols: readonly DiagramSymbol[], dx: number, dy: number): void {
    for (const { id, x, y } of symbols) this.stage.group(id)?.setAttribute("transform", `translate(${x + dx} ${y + dy})`);
  }

  async #moved(symbols: readonly DiagramSymbol[], dx: number, dy: number, key: string): Promise<void> {
    const diagram = this.stage.diagram();
    if (!diagram || (dx === 0 && dy === 0)) return this.#preview(symbols, 0, 0);
    const outcome = await move(this.bench, diagram, symbols, dx, dy, key);
    if (outcome.made) return;
    this.#preview(symbols, 0, 0);
    this.#complain(outcome.problems);
  }

  #nudged([x, y]: Point, symbol: DiagramSymbol): void {
    const nudge = this.#nudge;
    nudge.x += x * GRID;
    nudge.y += y * GRID;
    const symbols = this.#moving(symbol);
    this.#preview(symbols, nudge.x, nudge.y);
    clearTimeout(nudge.timer);
    nudge.timer = setTimeout(() => {
      void this.#moved(symbols, nudge.x, nudge.y, "");
      nudge.x = nudge.y = 0;
    }, REST);
  }

  #choose(ids: readonly number[]): void {
    for (const id of this.#chosen) this.stage.group(id)?.classList.remove("chosen");
    this.#chosen.clear();
    for (const id of ids) {
      this.#chosen.add(id);
      this.stage.group(id)?.classList.add("chosen");
    }
  }

  // Keys --------------------------------------------------------------------------------------------------

  /** Whether the tools took a key. */
  key(event: KeyboardEvent): boolean {
    const here = this.stage.focused();
    const arrow = ARROWS[event.key];
    if (event.shiftKey && arrow && here) return this.#nudged(arrow, here), true;
    const tool = TOOLS.find((row) => row.key === event.key.toLowerCase())?.tool;
    if (tool && !event.shiftKey) return this.#take(tool), true;
    switch (event.key) {
      case "F2":
        if (here) this.#rename(here);
        return here !== undefined;
      case "Delete":
      case "Backspace": {
        const doomed = here ? this.#moving(here) : this.#symbols().filter((symbol) => this.#chosen.has(symbol.id));
        if (doomed.length > 0) void this.#delete(doomed);
        return doomed.length > 0;
      }
      case "Escape":
        if (this.tool === "select" && this.#chosen.size === 0) return false;
        this.#take("select");
        this.#choose([]);
        return true;
      case "Enter":
      case " ":
        return this.tool !== "select" && (this.#enter(event.key === " " ? "outside" : (here ?? "outside")), true);
      default:
        return false;
    }
  }

  #enter(end: DiagramSymbol | "outside"): void {
    const [x, y] = this.#middle();
    if (this.tool === "stock" || this.tool === "auxiliary") {
      this.#name(this.tool, [x, y]);
    } else if (this.start === null) {
      if (this.tool === "connector" && end === "outside") return;
      this.start = end;
      const name = end === "outside" ? "" : end.name;
      this.said = this.tool === "flow" ? S.flowFrom(name) : S.connectFrom(name);
    } else {
      const from = this.start;
      const [one, other] = [from, end].map((symbol) => (symbol === "outside" ? { x, y } : symbol)) as [{ x: number; y: number }, { x: number; y: number }];
      this.#link(from, end, [(one.x + other.x) / 2, (one.y + other.y) / 2]);
    }
  }

  #take(tool: Tool): void {
    this.tool = tool;
    this.start = null;
    this.said = "";
  }

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

  #onScreen([px, py]: Point): Point {
    const look = this.stage.look();
    return [look.x + px * look.scale, look.y + py * look.scale];
  }

  #middle(): Point {
    const { width, height } = this.stage.box();
    const { x, y, scale } = this.stage.look();
    return [(width / 2 - x) / scale, (height / 2 - y) / scale];
  }
}

define("ps-diagram-tools", DiagramTools);
