// The base of every view: renders again when a signal that it read while rendering changes.
import { LitElement } from "lit";
import { effect } from "../state/signals.js";
import type { Workbench } from "../state/workbench.js";

export abstract class View<Bench = Workbench> extends LitElement {
  static override properties: Record<string, object> = { bench: { attribute: false } };
  declare bench: Bench;
  #unwatch: (() => void) | undefined;
  readonly #effects: (() => void)[] = [];
  readonly #stops: (() => void)[] = [];

  protected override performUpdate(): void {
    if (!this.isUpdatePending) return;
    this.#unwatch?.();
    let rendering = true;
    this.#unwatch = effect(() => {
      if (!rendering) return this.requestUpdate();
      rendering = false;
      super.performUpdate();
    });
  }

  /** Runs `work` whenever a signal that it reads changes, as long as the view is in the document. */
  protected watch(work: () => void): void {
    this.#effects.push(work);
    if (this.isConnected) this.#stops.push(effect(work));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
    if (this.#stops.length === 0) this.#stops.push(...this.#effects.map((work) => effect(work)));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    for (const stop of this.#stops.splice(0)) stop();
  }
}

export function define(name: string, view: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, view);
}
