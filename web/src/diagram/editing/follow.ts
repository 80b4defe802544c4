// The drawing while something is dragged: symbols at their new places, and what hangs on them with them. Nothing but
// attributes of what is drawn changes, so that a drag costs no more than what it moves.
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";
import { arrowHead, arrowLine, pipeHeads, pipeLine } from "../paths.js";
import { movedArrow, movedPipe } from "./geometry.js";
import type { Shifts } from "./geometry.js";

/** Draws symbols moved by a part of the drawing; no move puts everything back. */
export function follow(root: ParentNode, diagram: Diagram, moved: readonly DiagramSymbol[], dx: number, dy: number): void {
  const shifts = new Map(moved.map(({ id }) => [id, [dx, dy] as const]));
  const symbols = new Map(diagram.symbols.map((symbol) => [symbol.id, symbol]));
  const pipes = diagram.pipes.filter(({ flow, source, target }) => [flow, source, target].some((id) => id !== null && shifts.has(id)));
  for (const { flow, source, target } of pipes) {
    for (const id of [source, target]) {
      if (id !== null && symbols.get(id)?.kind === "cloud" && shifts.has(flow)) shifts.set(id, [dx, dy]);
    }
  }
  for (const id of shifts.keys()) {
    const symbol = symbols.get(id);
    if (symbol) root.querySelector(`[data-id="${id}"]`)?.setAttribute("transform", `translate(${symbol.x + dx} ${symbol.y + dy})`);
  }
  for (const pipe of pipes) drawPipe(root, movedPipe(pipe, symbols, shifts));
  drawArrows(root, diagram, shifts);
}

function drawPipe(root: ParentNode, pipe: Diagram["pipes"][number]): void {
  const group = root.querySelector(`[data-pipe="${pipe.flow}"]`);
  const line = pipeLine(pipe);
  const [ahead, back] = pipeHeads(pipe);
  for (const name of ["wall", "bore", "fluid", "drops"]) group?.querySelector(`.${name}`)?.setAttribute("d", line);
  group?.querySelector(".ahead")?.setAttribute("d", ahead);
  group?.querySelector(".back")?.setAttribute("d", back);
}

function drawArrows(root: ParentNode, diagram: Diagram, shifts: Shifts): void {
  const groups = root.querySelectorAll(".arrow");
  diagram.arrows.forEach((arrow, number) => {
    if (!shifts.has(arrow.source) && !shifts.has(arrow.target)) return;
    const moved = movedArrow(arrow, shifts);
    groups[number]?.querySelector(".shaft")?.setAttribute("d", arrowLine(moved));
    groups[number]?.querySelector(".head")?.setAttribute("d", arrowHead(moved));
  });
}
