// Moving symbols: shown while it goes on, an edit at its end. Arrow keys in a row are one move.
import type { Diagnostic } from "../../../../worker/protocol.js";
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";
import type { Workbench } from "../../state/workbench.js";
import { move } from "./actions.js";
import { follow } from "./follow.js";
import { GRID } from "./places.js";
import type { Point } from "./places.js";

const REST = 500; // ms without an arrow key end a move

export class Mover {
  #shown: { readonly diagram: Diagram; readonly symbols: readonly DiagramSymbol[] } | undefined;
  #nudge = { x: 0, y: 0, timer: 0 };

  constructor(
    readonly bench: () => Workbench,
    readonly diagram: () => Diagram | null,
    readonly root: () => ParentNode,
    readonly complain: (problems: readonly Diagnostic[]) => void,
  ) {}

  preview(symbols: readonly DiagramSymbol[], dx: number, dy: number): void {
    const diagram = this.diagram();
    if (!diagram) return;
    this.#shown = { diagram, symbols };
    follow(this.root(), diagram, symbols, dx, dy);
  }

  /** Everything is back where the diagram has it; called before it is drawn anew, which writes only what changed. */
  back(): void {
    if (this.#shown) follow(this.root(), this.#shown.diagram, this.#shown.symbols, 0, 0);
    this.#shown = undefined;
  }

  async commit(symbols: readonly DiagramSymbol[], dx: number, dy: number): Promise<void> {
    const diagram = this.diagram();
    if (!diagram || (dx === 0 && dy === 0)) return this.back();
    const outcome = await move(this.bench(), diagram, symbols, dx, dy, "");
    if (outcome.made) return;
    this.back();
    this.complain(outcome.problems);
  }

  nudge(symbols: readonly DiagramSymbol[], [x, y]: Point): void {
    const nudge = this.#nudge;
    nudge.x += x * GRID;
    nudge.y += y * GRID;
    this.preview(symbols, nudge.x, nudge.y);
    clearTimeout(nudge.timer);
    nudge.timer = setTimeout(() => {
      const [dx, dy] = [nudge.x, nudge.y];
      nudge.x = nudge.y = 0;
      void this.commit(symbols, dx, dy);
    }, REST);
  }
}
