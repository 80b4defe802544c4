// Who is linked with whom in a diagram, for walking it by keys and for lifting what belongs to a symbol.
import type { Diagram, DiagramSymbol } from "../../../worker/tools.js";

export interface Links {
  /** Symbols that people walk through, in reading order. */
  readonly order: readonly DiagramSymbol[];
  readonly into: ReadonlyMap<number, readonly number[]>;
  readonly outOf: ReadonlyMap<number, readonly number[]>;
  readonly flows: ReadonlyMap<number, { readonly inflows: number; readonly outflows: number }>;
}

const WALKED = new Set(["stock", "flow", "auxiliary", "constant", "lookup", "module", "alias"]);

export function linksOf(diagram: Diagram): Links {
  const into = new Map<number, number[]>();
  const outOf = new Map<number, number[]>();
  const flows = new Map<number, { inflows: number; outflows: number }>();
  const link = (from: number | null, to: number | null): void => {
    if (from === null || to === null) return;
    (outOf.get(from) ?? outOf.set(from, []).get(from))?.push(to);
    (into.get(to) ?? into.set(to, []).get(to))?.push(from);
  };
  const count = (stock: number | null, way: "inflows" | "outflows"): void => {
    if (stock === null) return;
    const before = flows.get(stock) ?? { inflows: 0, outflows: 0 };
    flows.set(stock, { ...before, [way]: before[way] + 1 });
  };
  for (const { source, target } of diagram.arrows) link(source, target);
  for (const { flow, source, target } of diagram.pipes) {
    link(source, flow);
    link(flow, target);
    count(source, "outflows");
    count(target, "inflows");
  }
  return { order: diagram.symbols.filter((symbol) => WALKED.has(symbol.kind)), into, outOf, flows };
}
