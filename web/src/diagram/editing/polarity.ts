// Which way links act, as Python finds it in the equations; asked once for each model, when it is first wanted.
import { canonical } from "../../../../worker/canonical.js";
import type { CausalGraph, Diagram } from "../../../../worker/tools.js";
import { inquiryOf } from "../../inspector/inquiry.js";
import { signal } from "../../state/signals.js";
import type { Workbench } from "../../state/workbench.js";

const SMALL = 60; // variables of a model that is run to find the signs that its equations leave open
const SIGNS: Readonly<Record<string, string>> = { "+": "+", "-": "−" };

export class Polarity {
  readonly #own = signal<{ readonly model: string; readonly graph: CausalGraph } | null>(null);
  readonly #signs = new WeakMap<CausalGraph, ReadonlyMap<string, string>>();
  #asked = "";

  constructor(readonly bench: Workbench) {}

  /** What a link of the diagram shows; nothing until it is known, or where the sign changes. */
  of(diagram: Diagram): (source: number, target: number) => string {
    const model = this.bench.compiled.value?.model ?? "";
    const known = inquiryOf(this.bench).graph.value;
    const graph = known?.model === model ? known : this.#own.value?.model === model ? this.#own.value.graph : null;
    if (!graph) {
      this.#ask(model);
      return () => "";
    }
    const signs = this.#signs.get(graph) ?? new Map(graph.links.map((link) => [`${canonical(link.source)}→${canonical(link.target)}`, SIGNS[link.polarity] ?? ""]));
    this.#signs.set(graph, signs);
    const names = new Map(diagram.symbols.map((symbol) => [symbol.id, canonical(symbol.name)]));
    return (source, target) => signs.get(`${names.get(source)}→${names.get(target)}`) ?? "";
  }

  #ask(model: string): void {
    if (!model || this.#asked === model || this.bench.python.peek().phase !== "ready") return;
    this.#asked = model;
    const run = (this.bench.compiled.peek()?.document.variables.length ?? 0) <= SMALL;
    this.bench.client.ask("causalGraph", { model, run }).then(
      (graph) => (this.#own.value = { model, graph }),
      () => {}, // signs are an aid; without them the arrows still say what links
    );
  }
}
