// Copy and paste of symbols: as Penstock text, which goes from any model into any other.
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";
import { canonical } from "../../../../worker/canonical.js";
import { edit, settled } from "../../inspector/edits.js";
import type { Outcome } from "../../inspector/edits.js";
import type { Workbench } from "../../state/workbench.js";
import { D } from "../../strings-diagram.js";
import { written } from "./actions.js";
import { placeInView } from "./places.js";
import type { Point } from "./places.js";

const BESIDE = 32; // how far beside what was copied a copy stands

interface Copy {
  readonly text: string;
  readonly middle: Point; // of what was copied, in the drawing
  times: number;
}

let last: Copy | undefined;

/** How many symbols are on the clipboard now. */
export async function copy(bench: Workbench, symbols: readonly DiagramSymbol[]): Promise<number> {
  const named = symbols.filter((symbol) => symbol.kind !== "module" && symbol.kind !== "alias");
  const compiled = await settled(bench);
  if (!compiled || named.length === 0) return 0;
  const { text } = await bench.client.ask("copied", { model: compiled.model, names: named.map((symbol) => symbol.name) });
  const middle = (of: (symbol: DiagramSymbol) => number): number => (Math.min(...named.map(of)) + Math.max(...named.map(of))) / 2;
  last = { text, middle: [middle((symbol) => symbol.x), middle((symbol) => symbol.y)], times: 0 };
  await navigator.clipboard?.writeText(text).catch(() => {}); // what was copied is known here all the same
  return named.length;
}

export type Pasted = Outcome & { readonly names: readonly string[] };

/** Pastes a text, else what was copied here last; the names that are new. */
export async function paste(bench: Workbench, diagram: Diagram | null, given: string, middle: Point): Promise<Pasted | null> {
  const text = given.trim() === "" ? last?.text : given;
  if (text === undefined) return null;
  let at = middle;
  if (last?.text.trim() === text.trim()) {
    last.times++;
    at = [last.middle[0] + BESIDE * last.times, last.middle[1] + BESIDE * last.times];
  }
  const key = `paste ${performance.now()}`;
  const before = new Set(namesOf(bench));
  const drawn = diagram && diagram.symbols.length > 0 ? await written(bench, diagram, D.steps.paste, key) : null;
  const place = drawn ? { place: placeInView(diagram as Diagram, at) } : {};
  const outcome = await edit(bench, "paste", { text, ...place }, D.steps.paste, key);
  if (!outcome.made) return { ...outcome, names: [] };
  await settled(bench);
  return { ...outcome, names: namesOf(bench).filter((name) => !before.has(name)) };
}

function namesOf(bench: Workbench): string[] {
  return bench.compiled.peek()?.document.variables.map((variable) => canonical(variable.name)) ?? [];
}
