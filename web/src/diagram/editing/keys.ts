// Editing in the diagram by keys.
import type { DiagramArrow, DiagramSymbol } from "../../../../worker/tools.js";
import { D } from "../../strings-diagram.js";
import { bend } from "./actions.js";
import { TOOLS } from "./bars.js";
import type { Tool } from "./bars.js";
import { middleOfArrow } from "./geometry.js";
import type { Point } from "./places.js";
import type { End } from "./state.js";
import { BAR, ARROWS } from "./state.js";
import { ToolActs } from "./acts.js";

export abstract class ToolKeys extends ToolActs {

  /** Whether the tools took a key. */
  key(event: KeyboardEvent): boolean {
    const here = this.stage.focused();
    const way = ARROWS[event.key];
    if (this.arrow && this.arrowKey(event, this.arrow)) return true;
    if (event.shiftKey && way && here) return this.mover.nudge(this.moving(here), way), true;
    const letter = event.key.toLowerCase();
    const tool = TOOLS.find((row) => row.key === letter)?.tool;
    if (tool && !event.shiftKey) return this.takeAt(tool, here), true;
    const act: Record<string, () => unknown> = {
      f2: () => here && this.rename(here),
      delete: () => this.deleteAt(here),
      backspace: () => this.deleteAt(here),
      escape: () => this.escape(),
      enter: () => this.entered(here ?? "outside"),
      " ": () => (event.shiftKey && here ? (this.chosen.toggle(here), true) : this.entered("outside")),
      g: () => here && void this.alias(here),
      k: () => (this.spark(), true),
      b: () => this.nextArrow(here),
      "[": () => this.lead(here, "source"),
      "]": () => this.lead(here, "target"),
    };
    const found = act[letter];
    return found !== undefined && found() !== false && (here !== undefined || !["f2", "g"].includes(letter));
  }

  protected deleteAt(here: DiagramSymbol | undefined): boolean {
    const doomed = here ? this.moving(here) : this.chosen.symbols;
    if (doomed.length > 0) void this.delete(doomed);
    return doomed.length > 0;
  }

  protected escape(): boolean {
    if (this.tool === "select" && this.chosen.keys.peek().size === 0 && !this.leading && !this.arrow) return false;
    this.take("select");
    this.chosen.set([]);
    this.pick(null);
    return true;
  }

  protected entered(end: End): boolean {
    if (this.leading) {
      const { leading } = this;
      this.leading = null;
      this.said = "";
      const valve = leading.flow;
      void this.attach(leading, end, [valve.x + (leading.end === "source" ? -64 : 64), valve.y]);
      return true;
    }
    return this.tool !== "select" && (this.enter(end), true);
  }

  protected lead(here: DiagramSymbol | undefined, end: "source" | "target"): boolean {
    if (here?.kind !== "flow") return false;
    this.leading = { flow: here, end };
    this.said = D.endFrom(here.name, end);
    return true;
  }

  /** Arrows at the symbol with the focus, one after another. */
  protected nextArrow(here: DiagramSymbol | undefined): boolean {
    if (!here) return false;
    const arrows = this.diagram()?.arrows.filter(({ source, target }) => source === here.id || target === here.id) ?? [];
    const at = this.arrow ? arrows.indexOf(this.arrow) : -1;
    this.pick(arrows[(at + 1) % arrows.length] ?? null);
    if (!this.arrow) this.said = D.noArrows(here.name);
    return true;
  }

  protected arrowKey(event: KeyboardEvent, arrow: DiagramArrow): boolean {
    const diagram = this.diagram();
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") return void this.eraseArrow(arrow), true;
    if (way === undefined || !diagram) return false;
    const [[ax, ay], [bx, by]] = [this.endOf(arrow, 0), this.endOf(arrow, -1)];
    const chord = Math.hypot(bx - ax, by - ay) || 1;
    const [mx, my] = middleOfArrow(arrow);
    const through: Point = [mx + ((by - ay) / chord) * 10 * way, my - ((bx - ax) / chord) * 10 * way];
    void this.done(bend(this.bench, diagram, arrow, through, `bend ${arrow.source} ${arrow.target}`));
    return true;
  }

  /** By its key a link begins at the symbol that has the focus. */
  protected takeAt(tool: Tool, here: DiagramSymbol | undefined): void {
    this.take(tool);
    if (here && (tool === "connector" || (tool === "flow" && here.kind === "stock"))) this.from(here);
  }

  protected toggle = (): void => {
    this.open = !this.open;
    this.stage.inset(this.open ? BAR : 0);
    this.take("select");
    this.chosen.set([]);
    this.pick(null);
  };

  protected barKey = (event: KeyboardEvent): void => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const at = TOOLS.findIndex((row) => row.tool === this.tool);
    this.take(TOOLS[(at + way + TOOLS.length) % TOOLS.length]?.tool ?? "select");
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus());
  };
}
