// What editing in the diagram does to the model: each an edit of the text, made by Python, that undo takes back.
import type { Diagnostic } from "../../../../worker/protocol.js";
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";
import { canonical } from "../../../../worker/canonical.js";
import { draftOf, keepDraft } from "../../inspector/drafts.js";
import { edit, preview } from "../../inspector/edits.js";
import type { Outcome } from "../../inspector/edits.js";
import type { Workbench } from "../../state/workbench.js";
import { S } from "../../strings.js";
import { movedBy, placeInView } from "./places.js";
import type { Point } from "./places.js";

export type NewKind = "stock" | "flow" | "auxiliary";

/** A name that nothing has yet. */
export function freeName(bench: Workbench, kind: NewKind): string {
  const known = new Set(bench.compiled.peek()?.document.variables.map((variable) => canonical(variable.name)));
  for (let number = 1; ; number++) if (!known.has(canonical(S.newName(kind, number)))) return S.newName(kind, number);
}

export interface Ends {
  readonly source?: string;
  readonly target?: string;
}

/** A diagram that is laid out automatically is written down first: the rest stays where it is. */
export async function add(bench: Workbench, diagram: Diagram | null, kind: NewKind, name: string, at: Point, ends: Ends = {}): Promise<Outcome> {
  const [label, key] = [S.steps.add(name), `add ${performance.now()}`];
  const asked = { kind, new: name, ...ends };
  if (!diagram || diagram.symbols.length === 0) return edit(bench, "add", asked, label, key);
  const checked = await preview(bench, "add", asked);
  if (!checked.made) return checked;
  if (!diagram.symbols.some((symbol) => symbol.place)) {
    const drawn = await edit(bench, "move", { moves: [] }, label, key);
    if (!drawn.made) return drawn;
  }
  return edit(bench, "add", { ...asked, place: placeInView(diagram, at) }, label, key);
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
  const sorted = usersFirst(diagram, symbols);
  const label = S.steps.delete(sorted.map((symbol) => symbol.name));
  const key = `delete ${performance.now()}`;
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

/** An arrow says that an equation uses a variable: its name is put into the equation, for the author to say how. */
export async function connect(bench: Workbench, from: string, to: DiagramSymbol): Promise<void> {
  const compiled = bench.compiled.peek();
  if (!compiled) return;
  const { model } = compiled;
  const [written, fields] = await Promise.all([bench.client.ask("written", { model, name: to.name }), bench.client.ask("fieldDescriptors", { model })]);
  const part = written.equations.find((row) => row.part === "value");
  const insert = fields.names.find((row) => canonical(row.name) === canonical(from))?.insert ?? from;
  if (part) {
    const field = `${part.name}\n${part.part}`;
    const text = draftOf(bench, field) ?? part.text;
    keepDraft(bench, field, text.trim() === "0" ? insert : `${text} ${insert}`, part.text);
  }
  bench.select(to.name, true);
}
