// The models that ship with the page, compiled beforehand.
import { S } from "../strings.js";
import { signal } from "./signals.js";

export interface Sample {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** What a card of the start page shows of a sample. */
export interface Card {
  readonly stocks: number;
  readonly sliders: number;
  readonly span: number; // of the run
  readonly units: string; // of time
  readonly curves: readonly { readonly name: string; readonly values: readonly number[] }[]; // 0 to 1000
}

const FOLDER = "samples";
export const FIRST_SAMPLE = "sir";

export function sampleBase(name: string): string {
  return `${FOLDER}/${name}`;
}

export class Samples {
  readonly list = signal<readonly Sample[]>([]);
  readonly problem = signal<string | null>(null);

  async load(): Promise<void> {
    try {
      const reply = await fetch(`${FOLDER}/index.json`);
      if (!reply.ok) throw new Error(String(reply.status));
      this.list.value = samples(await reply.json());
      this.problem.value = null;
    } catch {
      this.problem.value = S.samplesUnreachable;
    }
  }

  title(name: string): string {
    return this.list.value.find((sample) => sample.name === name)?.title ?? name;
  }
}

/** The cards' contents, by the sample's name; only the start page needs them. */
export async function cards(): Promise<ReadonlyMap<string, Card>> {
  const reply = await fetch(`${FOLDER}/gallery.json`);
  if (!reply.ok) throw new Error(String(reply.status));
  return new Map(((await reply.json()) as (Card & { name: string })[]).map((card) => [card.name, card]));
}

function samples(answer: unknown): Sample[] {
  if (!Array.isArray(answer)) throw new Error("no list");
  return answer.filter((row): row is Sample => {
    const fields = (row ?? {}) as Record<string, unknown>;
    return ["name", "title", "description"].every((field) => typeof fields[field] === "string");
  });
}
