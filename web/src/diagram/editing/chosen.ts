// The symbols that are chosen, by what they show: they stay chosen when the diagram is drawn anew.
import { canonical } from "../../../../worker/canonical.js";
import type { Diagram, DiagramSymbol } from "../../../../worker/tools.js";
import { signal } from "../../state/signals.js";

const SECOND: ReadonlySet<string> = new Set(["alias", "comment"]);

export class Chosen {
  readonly keys = signal<ReadonlySet<string>>(new Set());

  constructor(
    readonly diagram: () => Diagram | null,
    readonly root: () => ParentNode,
  ) {}

  /** What can be chosen, moved and copied. */
  get all(): readonly DiagramSymbol[] {
    return this.diagram()?.symbols.filter((symbol) => symbol.name !== "" && symbol.kind !== "comment" && symbol.kind !== "cloud") ?? [];
  }

  get symbols(): readonly DiagramSymbol[] {
    const keys = this.keys.value;
    return keys.size === 0 ? [] : this.all.filter((symbol) => keys.has(keyOf(symbol)));
  }

  has(symbol: DiagramSymbol): boolean {
    return this.keys.peek().has(keyOf(symbol));
  }

  set(symbols: readonly DiagramSymbol[]): void {
    this.#to(new Set(symbols.map(keyOf)));
  }

  /** By names, some of which may not be drawn yet. */
  named(names: readonly string[]): void {
    this.#to(new Set(names.map(canonical)));
  }

  toggle(symbol: DiagramSymbol): void {
    const keys = new Set(this.keys.peek());
    if (!keys.delete(keyOf(symbol))) keys.add(keyOf(symbol));
    this.#to(keys);
  }

  /** Shows it on what is drawn. */
  mark(): void {
    const keys = this.keys.peek();
    const ids = new Set(keys.size ? this.all.filter((symbol) => keys.has(keyOf(symbol))).map((symbol) => String(symbol.id)) : []);
    for (const group of this.root().querySelectorAll(".symbol.chosen")) if (!ids.has(group.getAttribute("data-id") ?? "")) group.classList.remove("chosen");
    for (const id of ids) this.root().querySelector(`[data-id="${id}"]`)?.classList.add("chosen");
  }

  #to(keys: ReadonlySet<string>): void {
    if (keys.size === 0 && this.keys.peek().size === 0) return;
    this.keys.value = keys;
    this.mark();
  }
}

function keyOf(symbol: DiagramSymbol): string {
  return SECOND.has(symbol.kind) ? `${symbol.kind} ${symbol.place?.[0]} ${symbol.place?.[3]}` : canonical(symbol.name);
}
