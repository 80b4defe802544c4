// The diagram of the model on show: a file beside a sample, else what Python draws.
import type { Compiled, PenstockClient } from "../client-api.js";
import type { Diagram } from "../../../worker/tools.js";
import { sampleBase } from "./samples.js";
import { signal } from "./signals.js";

export class Pictures {
  readonly shown = signal<Diagram | null>(null);
  #wanted = 0;

  constructor(readonly client: PenstockClient) {}

  /** The last diagram stays until the next one is there. */
  async load(compiled: Compiled, sample: string | undefined): Promise<void> {
    const number = ++this.#wanted;
    let found: Diagram | null;
    try {
      found = sample ? await ofSample(sample) : await this.client.ask("diagram", { model: compiled.model });
    } catch {
      found = null; // the page says so in the diagram's place; charts and text go on without it
    }
    if (number === this.#wanted) this.shown.value = found;
  }

  clear(): void {
    this.#wanted++;
    this.shown.value = null;
  }
}

async function ofSample(name: string): Promise<Diagram> {
  const reply = await fetch(`${sampleBase(name)}.diagram.json`);
  if (!reply.ok) throw new Error(String(reply.status));
  return (await reply.json()) as Diagram;
}
