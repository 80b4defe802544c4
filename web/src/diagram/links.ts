// Who is linked with whom in a diagram, for walking it by keys and for lifting what belongs to a symbol.
import { canonical } from "../../../worker/canonical.js";
import type { Diagram, DiagramSymbol } from "../../../worker/tools.js";

export interface Links {
  /** Symbols that people walk through, in reading order. */
  readonly order: readonly DiagramSymbol[];
  readonly into: ReadonlyMap<number, readonly number[]>;
  readonly outOf: ReadonlyMap<number, readonly number[]>;
  readonly flows: ReadonlyMap<number, { readonly inflows: number; readonly outflows: number }>;
}

/** The arrows of a feedback loop: `names` in their order, canonical; as `near` marks them. */
export function alongLoop(diagram: Diagram, names: readonly string[]): ReadonlySet<string> {
  const next = new Map(names.map((name, at) => [name, names[(at + 1) % names.length]]));
  const nameOf = new Map(diagram.symbols.map((symbol) => [symbol.id, canonical(symbol.name)]));
  const inLoop = diagram.arrows.filter(({ source, target }) => next.get(nameOf.get(source) ?? "") === nameOf.get(target));
  return new Set(inLoop.map(({ source, target }) => `${source}→${target}`));
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
