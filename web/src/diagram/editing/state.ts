// What the parts of editing in the diagram share: what is chosen and under way, and how to say and do simple things.
import type { Diagnostic } from "../../../../worker/protocol.js";
import type { Diagram, DiagramArrow, DiagramSymbol } from "../../../../worker/tools.js";
import { D } from "../../strings-diagram.js";
import { S } from "../../strings.js";
import { shared } from "../../views/styles.js";
import { View } from "../../views/view.js";
import type { Look } from "../camera.js";
import type { Tool } from "./bars.js";
import { Chosen } from "./chosen.js";
import { Mover } from "./mover.js";
import type { Naming } from "./name-box.js";
import type { Handle } from "./overlay.js";
import type { Point } from "./places.js";
import { Polarity } from "./polarity.js";
import type { Doomed } from "./question.js";
import { Sparks } from "./sparks.js";
import { toolStyles } from "./styles.js";

/** What the diagram lets its tools see and do. */
export interface Stage {
  diagram(): Diagram | null;
  look(): Look;
  box(): DOMRect;
  root(): ShadowRoot;
  symbolAt(x: number, y: number): DiagramSymbol | undefined;
  focused(): DiagramSymbol | undefined;
  focus(id: number): void;
  inset(top: number): void; // what is covered at the top
}

export type End = DiagramSymbol | "outside";

export const BAR = 56; // the height that the tools take on phones
export const CLICK = 4; // pixels that a press may move and still be a click
export const HOLD = 450; // ms of a finger that rests choose one more
export const REACH = { mouse: 6, touch: 22 }; // pixels from an arrow or a symbol that still mean it
export const ARROWS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export interface Press {
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
export interface Leading {
  readonly flow: DiagramSymbol;
  readonly end: "source" | "target";
}

export abstract class ToolState extends View {
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

  protected readonly diagram = (): Diagram | null => this.stage.diagram();
  protected readonly root = (): ParentNode => this.stage.root();
  protected readonly complain = (problems: readonly Diagnostic[]): void => {
    const [first] = problems;
    if (first) this.bench.notice.value = { kind: "error", text: `${S.cannotEdit} ${S.sentence(first.message)}`, advice: first.advice };
  };
  readonly chosen = new Chosen(this.diagram, this.root);
  protected readonly mover = new Mover(() => this.bench, this.diagram, this.root, this.complain);
  protected readonly sparks = new Sparks(this.root);
  protected polarity: Polarity | undefined;
  protected press: Press | undefined;

  constructor() {
    super();
    this.tool = "select";
    this.naming = this.line = this.marquee = this.doomed = this.start = this.leading = this.arrow = this.over = null;
    this.guides = [];
    this.said = "";
    this.open = this.sparked = false;
  }

  // Where things are --------------------------------------------------------------------------------------

  protected nameOf(arrow: DiagramArrow): string {
    return D.arrow(this.symbol(arrow.source)?.name ?? "", this.symbol(arrow.target)?.name ?? "");
  }

  protected symbol(id: number): DiagramSymbol | undefined {
    return this.diagram()?.symbols.find((symbol) => symbol.id === id);
  }

  protected endOf(arrow: DiagramArrow, place: number): Point {
    const [x = 0, y = 0] = arrow.points.at(place) ?? [];
    return [x, y];
  }

  /** What goes with a symbol: all that are chosen, if it is one of them. */
  protected moving(symbol: DiagramSymbol): readonly DiagramSymbol[] {
    return this.chosen.has(symbol) ? this.chosen.symbols : [symbol];
  }

  protected take = (tool: Tool): void => {
    this.tool = tool;
    this.start = this.leading = null;
    this.said = "";
  };

  protected pick(arrow: DiagramArrow | null): void {
    this.arrow = arrow;
    const names = arrow && ([this.symbol(arrow.source)?.name ?? "", this.symbol(arrow.target)?.name ?? ""] as const);
    this.said = names ? D.arrowKeys(...names) : "";
  }

  protected inDrawing(event: PointerEvent): Point {
    const { left, top } = this.stage.box();
    const { x, y, scale } = this.stage.look();
    return [(event.clientX - left - x) / scale, (event.clientY - top - y) / scale];
  }

  /** The symbol under the pointer; a finger also means what is near. */
  protected under({ clientX, clientY, pointerType }: PointerEvent): DiagramSymbol | undefined {
    const around = pointerType === "touch" ? [0, 0.5, 1].flatMap((far) => [[far, 0], [-far, 0], [0, far], [0, -far]]) : [[0, 0]];
    for (const [dx = 0, dy = 0] of around) {
      const found = this.stage.symbolAt(clientX + dx * REACH.touch, clientY + dy * REACH.touch);
      if (found) return found;
    }
    return undefined;
  }

  protected middle(): Point {
    const { width, height } = this.stage.box();
    const { x, y, scale } = this.stage.look();
    return [(width / 2 - x) / scale, (height / 2 - y) / scale];
  }
}
