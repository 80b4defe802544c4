// What a variable is made from and what it acts on: from the causal graph once there is one, before that from the
// diagram, which draws the same links unless its author left some out.
import type { CausalGraph, Diagram } from "../../../worker/tools.js";
import { canonical } from "../../../worker/canonical.js";

export interface Linked {
  readonly name: string;
  readonly polarity: "+" | "-" | "?";
  readonly initial: boolean; // counts only for the initial value
}

export interface Around {
  readonly causes: readonly Linked[];
  readonly effects: readonly Linked[];
}

export function around(name: string, graph: CausalGraph | null, diagram: Diagram | null): Around {
  const ident = canonical(name);
  const links = graph ? fromGraph(graph) : diagram ? fromDiagram(diagram) : [];
  const causes = links.filter((link) => canonical(link.target) === ident && canonical(link.source) !== ident);
  const effects = links.filter((link) => canonical(link.source) === ident && canonical(link.target) !== ident);
  return {
    causes: once(causes.map(({ source, polarity, initial }) => ({ name: source, polarity, initial }))),
    effects: once(effects.map(({ target, polarity, initial }) => ({ name: target, polarity, initial }))),
  };
}

interface Link extends Omit<Linked, "name"> {
  readonly source: string;
  readonly target: string;
}

function fromGraph(graph: CausalGraph): Link[] {
  return graph.links.map(({ source, target, polarity, kind }) => ({ source, target, polarity, initial: kind === "initial" }));
}

function fromDiagram(diagram: Diagram): Link[] {
  const names = new Map(diagram.symbols.map((symbol) => [symbol.id, symbol.name]));
  const named = (source: number | null, target: number | null, polarity: "+" | "-" | "?", initial = false): Link[] => {
    const [from, to] = [source === null ? "" : names.get(source), target === null ? "" : names.get(target)];
    return from && to ? [{ source: from, target: to, polarity, initial }] : [];
  };
  return [
    ...diagram.arrows.flatMap(({ source, target, initial }) => named(source, target, "?", initial)),
    ...diagram.pipes.flatMap(({ flow, source, target }) => [...named(flow, source, "-"), ...named(flow, target, "+")]),
  ];
}

/** Each name once; a link that acts all the time counts before one for the start. */
function once(rows: Linked[]): Linked[] {
  const found = new Map<string, Linked>();
  for (const row of rows.toSorted((a, b) => Number(a.initial) - Number(b.initial))) {
    if (!found.has(canonical(row.name))) found.set(canonical(row.name), row);
  }
  return [...found.values()];
}

/** Where a flow comes from and goes to; a cloud has no name. */
export function endsOf(name: string, diagram: Diagram | null): { readonly from: string; readonly to: string } | null {
  const ident = canonical(name);
  const symbol = diagram?.symbols.find((other) => other.kind === "flow" && canonical(other.name) === ident);
  const pipe = symbol && diagram?.pipes.find((other) => other.flow === symbol.id);
  if (!diagram || !pipe) return null;
  const named = (id: number | null): string => diagram.symbols.find((other) => other.id === id)?.name ?? "";
  return { from: named(pipe.source), to: named(pipe.target) };
}
