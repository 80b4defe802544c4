// One study's chunks on a pool: sent all at once, counted in their order, given up as one.
import type { Chunk, ChunkDone } from "../../../worker/pool-desk.js";
import type { Override } from "../../../worker/protocol.js";
import { PoolStoppedError, type Pool } from "../pool/pool.js";
import { samples, type Varied } from "./samples.js";
import { Collected } from "./statistics.js";

/** Runs in a chunk: as many as pyengine/penstock/ensemble/spec.py puts into one, for the same bits. */
export const CHUNK = 64;

/** Everything that results depend on, the model aside. */
export interface Plan {
  readonly varied: readonly Varied[];
  readonly runs: number;
  readonly seed: number;
  readonly output: string;
  readonly rows: Uint32Array;
  readonly overrides: readonly Override[];
}

export class Job {
  readonly collected: Collected;
  /** Why runs could not be made, the first reason first. */
  readonly failures: string[] = [];
  failed = 0;
  private readonly made = new Map<number, number>(); // runs, by their chunk
  dropped = false;

  constructor(
    readonly id: string,
    private readonly pool: Pool,
    private readonly plan: Plan,
    readonly changed: () => void,
    private readonly advanced: () => void,
  ) {
    this.collected = new Collected(plan.runs, plan.rows.length);
  }

  /** Resolves once every chunk has come or was given up. Rejects when the pool stops for another reason than us. */
  async run(): Promise<void> {
    const { varied, runs, seed, output, rows, overrides } = this.plan;
    const values = samples(seed, runs, varied);
    const names = varied.map(({ name }) => name);
    const width = names.length;
    const chunks = Array.from({ length: Math.ceil(runs / CHUNK) }, (_, number): Promise<void> => {
      const part = values.slice(number * CHUNK * width, (number + 1) * CHUNK * width);
      const chunk: Chunk = { names, values: part, overrides, outputs: [output], rows };
      return this.chunk(number, part.length / width, chunk);
    });
    try {
      await Promise.all(chunks);
    } finally {
      this.pool.finish(this.id);
    }
  }

  /** Runs that were made so far, those of chunks under way too. */
  get count(): number {
    return [...this.made.values()].reduce((sum, runs) => sum + runs, 0);
  }

  drop(): void {
    this.dropped = true;
    this.pool.drop(this.id);
  }

  private async chunk(number: number, runs: number, chunk: Chunk): Promise<void> {
    let done: ChunkDone;
    try {
      const advanced = (count: number): void => {
        this.made.set(number, count);
        this.advanced();
      };
      done = (await this.pool.runChunk(this.id, number, chunk, advanced)) as ChunkDone;
    } catch (error) {
      if (this.dropped) return;
      if (error instanceof PoolStoppedError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      done = { values: new Float64Array(runs * chunk.rows.length).fill(NaN), failures: Array.from({ length: runs }, (_, run) => [run, reason]) };
    }
    if (this.dropped) return;
    this.made.set(number, runs);
    this.failed += done.failures.length;
    for (const [, reason] of done.failures) if (!this.failures.includes(reason)) this.failures.push(reason);
    this.collected.take(number, done.values);
    this.changed();
  }
}
