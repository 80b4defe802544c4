// What editing in the diagram does to the model: each an edit of the text, made by Python, that undo takes back.
import type { Diagnostic } from "../../../../worker/protocol.js";
import type { Diagram, DiagramArrow, DiagramSymbol } from "../../../../worker/tools.js";
import { canonical } from "../../../../worker/canonical.js";
import { draftOf, keepDraft } from "../../inspector/drafts.js";
import { edit, preview, settled } from "../../inspector/edits.js";
import type { Outcome } from "../../inspector/edits.js";
import type { Workbench } from "../../state/workbench.js";
import { S } from "../../strings.js";
import { D } from "../../strings-diagram.js";
import { movedBy, placeInView } from "./places.js";
import type { Point } from "./places.js";

export type NewKind = "stock" | "flow" | "auxiliary" | "module";

/** A name that nothing has yet. */
export function freeName(bench: Workbench, kind: NewKind): string {
  const known = new Set(bench.compiled.peek()?.document.variables.map((variable) => canonical(variable.name)));
  for (const symbol of bench.pictures.shown.peek()?.symbols ?? []) known.add(canonical(symbol.name));
  const named = (number: number): string => (kind === "module" ? D.newModule(number) : S.newName(kind, number));
  for (let number = 1; ; number++) if (!known.has(canonical(named(number)))) return named(number);
}

export interface Ends {
  readonly source?: string;
  readonly target?: string;
}

/** The diagram as its author's: one that is laid out automatically is written down first, so that the rest stays
 * where it is. Null where that cannot be. */
export async function written(bench: Workbench, diagram: Diagram, label: string, key: string): Promise<Diagram | null> {
  if (diagram.symbols.some((symbol) => symbol.place)) return diagram;
  const drawn = await edit(bench, "move", { moves: [] }, label, key);
  const compiled = drawn.made ? await settled(bench) : null;
  return compiled && bench.client.ask("diagram", { model: compiled.model });
}

export async function add(bench: Workbench, diagram: Diagram | null, kind: NewKind, name: string, at: Point, ends: Ends = {}): Promise<Outcome> {
  const [label, key] = [S.steps.add(name), `add ${performance.now()}`];
  const make = (place: { place?: number[] }): Promise<Outcome> =>
    kind === "module" ? edit(bench, "addModule", { new: name, ...place }, label, key) : edit(bench, "add", { kind, new: name, ...ends, ...place }, label, key);
  if (!diagram || diagram.symbols.length === 0) return make({});
  const checked = await (kind === "module" ? preview(bench, "addModule", { new: name }) : preview(bench, "add", { kind, new: name, ...ends }));
  if (!checked.made) return checked;
  const drawn = await written(bench, diagram, label, key);
  return make(drawn ? { place: placeInView(diagram, at) } : {});
}

/** One more symbol for what a symbol shows. */
export async function alias(bench: Workbench, diagram: Diagram, symbol: DiagramSymbol, at: Point): Promise<Outcome> {
  const [label, key] = [D.steps.alias(symbol.name), `alias ${performance.now()}`];
  const drawn = await written(bench, diagram, label, key);
  if (!drawn) return { made: false, problems: bench.errors.peek() };
  const view = symbol.place?.[0] ?? 0;
  return edit(bench, "alias", { name: symbol.name, place: placeInView(diagram, at, view), view }, label, key);
}

/** Another stock, or the outside at a point, for an end of a flow. */
export async function attach(bench: Workbench, diagram: Diagram, flow: DiagramSymbol, end: "source" | "target", stock: string | undefined, at: Point): Promise<Outcome> {
  const [label, key] = [D.steps.attach(flow.name), `attach ${performance.now()}`];
  const drawn = await written(bench, diagram, label, key);
  if (!drawn) return { made: false, problems: bench.errors.peek() };
  const where = stock === undefined ? { place: placeInView(diagram, at, flow.place?.[0] ?? 0) } : { stock };
  return edit(bench, "attach", { flow: flow.name, end, ...where }, label, key);
}

/** An arrow bent through a point of the drawing. */
export async function bend(bench: Workbench, diagram: Diagram, arrow: DiagramArrow, through: Point, key = `bend ${performance.now()}`): Promise<Outcome> {
  const drawn = await written(bench, diagram, D.steps.bend, key);
  const same = drawn && sameArrow(diagram, arrow, drawn);
  if (!drawn || !same?.place) return { made: false, problems: bench.errors.peek() };
  const [view = 0, number = 0] = same.place;
  return edit(bench, "bend", { arrow: number, view, through: placeInView(diagram, through, view) }, D.steps.bend, key);
}

/** The arrow of a newer diagram that joins the same two. */
export function sameArrow(before: Diagram, arrow: DiagramArrow, after: Diagram): DiagramArrow | undefined {
  const name = (diagram: Diagram, id: number): string => canonical(diagram.symbols.find((symbol) => symbol.id === id)?.name ?? "");
  const ends = (diagram: Diagram, { source, target }: DiagramArrow): string => `${name(diagram, source)}→${name(diagram, target)}`;
  const wanted = ends(before, arrow);
  return after.arrows.find((other) => ends(after, other) === wanted);
}

/** Takes an arrow off the diagram. */
export async function eraseArrow(bench: Workbench, diagram: Diagram, arrow: DiagramArrow): Promise<Outcome> {
  const key = `erase ${performance.now()}`;
  const drawn = await written(bench, diagram, D.steps.erase, key);
  const same = drawn && sameArrow(diagram, arrow, drawn);
  if (!same?.place) return { made: false, problems: bench.errors.peek() };
  return edit(bench, "erase", { arrows: [same.place[1] ?? 0], view: same.place[0] ?? 0 }, D.steps.erase, key);
}

export async function rename(bench: Workbench, before: string, after: string): Promise<Outcome> {
  const outcome = await edit(bench, "rename", { old: before, new: after }, S.steps.rename(before, after));
  if (outcome.made) bench.renamed(before, after);
  return outcome;
}

export function move(bench: Workbench, diagram: Diagram, symbols: readonly DiagramSymbol[], dx: number, dy: number, key: string): Promise<Outcome> {
  return edit(bench, "move", { moves: symbols.map((symbol) => movedBy(diagram, symbol, dx, dy)) }, S.steps.move, key);
}

/** What would be wrong without some variables; what they are to each other is no loss. */
export async function broken(bench: Workbench, names: readonly string[]): Promise<readonly Diagnostic[]> {
  const outcomes = await Promise.all(names.map((name) => preview(bench, "delete", { name })));
  const gone = new Set(names.map(canonical));
  const found = outcomes.flatMap((outcome) => (outcome.made ? outcome.consequences : outcome.problems));
  return found.filter((item) => ![...gone].some((name) => canonical(item.message).startsWith(`${name}_uses_`)));
}

/** One step for undo. */
export async function remove(bench: Workbench, diagram: Diagram | null, symbols: readonly DiagramSymbol[]): Promise<readonly Diagnostic[]> {
  const second = symbols.filter((symbol) => symbol.kind === "alias");
  const sorted = usersFirst(diagram, symbols.filter((symbol) => symbol.kind !== "alias"));
  const label = sorted.length ? S.steps.delete(sorted.map((symbol) => symbol.name)) : D.steps.erase;
  const key = `delete ${performance.now()}`;
  for (const view of new Set(second.map((symbol) => symbol.place?.[0] ?? 0))) {
    const numbers = second.filter((symbol) => symbol.place?.[0] === view).map((symbol) => symbol.place?.[3] ?? 0);
    const outcome = await edit(bench, "erase", { symbols: numbers, view }, label, key);
    if (!outcome.made) return outcome.problems;
  }
  for (const { name } of sorted) {
    const outcome = await edit(bench, "delete", { name }, label, key);
    if (!outcome.made) return outcome.problems;
  }
  return [];
}

/** What uses others goes before them, so that the model works after each; flows are taken off their stocks. */
function usersFirst(diagram: Diagram | null, symbols: readonly DiagramSymbol[]): DiagramSymbol[] {
  const waiting = symbols.toSorted((a, b) => Number(b.kind === "flow") - Number(a.kind === "flow"));
  const sorted: DiagramSymbol[] = [];
  while (waiting.length > 0) {
    const used = ({ id }: DiagramSymbol): boolean =>
      diagram?.arrows.some(({ source, target }) => source === id && waiting.some((other) => other.id === target && other.id !== id)) ?? false;
    const next = Math.max(0, waiting.findIndex((symbol) => !used(symbol)));
    sorted.push(...waiting.splice(next, 1));
  }
  return sorted;
}

/** An arrow says that an equation uses a variable: it is drawn, and the name is put into the equation, for the author
 * to say how. */
export async function connect(bench: Workbench, from: DiagramSymbol, to: DiagramSymbol): Promise<readonly Diagnostic[]> {
  const diagram = bench.pictures.shown.peek();
  const [a, b] = [canonical(from.name), canonical(to.name)];
  const names = new Map(diagram?.symbols.map((symbol) => [symbol.id, canonical(symbol.name)]));
  const there = diagram?.arrows.some(({ source, target }) => names.get(source) === a && names.get(target) === b);
  if (!there && from.place && to.place?.[0] === from.place[0]) {
    const drawn = await edit(bench, "drawArrow", { source: from.name, target: to.name, view: from.place[0] }, D.steps.arrow(from.name, to.name));
    if (!drawn.made) return drawn.problems;
  }
  const compiled = await settled(bench);
  if (!compiled) return [];
  const { model } = compiled;
  const [text, fields] = await Promise.all([bench.client.ask("written", { model, name: to.name }), bench.client.ask("fieldDescriptors", { model })]);
  const part = text.equations.find((row) => row.part === "value");
  const insert = fields.names.find((row) => canonical(row.name) === a)?.insert ?? from.name;
  if (part) {
    const field = `${part.name}\n${part.part}`;
    const before = draftOf(bench, field) ?? part.text;
    if (!canonical(before).includes(canonical(insert))) keepDraft(bench, field, before.trim() === "0" ? insert : `${before} ${insert}`, part.text);
  }
  bench.select(to.name, true);
  return [];
}
