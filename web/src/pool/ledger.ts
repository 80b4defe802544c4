// Which chunks of which jobs are there: a chunk that was started twice may come twice.

/** The first is accepted; the same again is of no consequence; another result for the same chunk is a fault in us;
 * what comes for a job that is over is stale. */
export type Completion = "accepted" | "idempotent" | "conflict" | "stale";

export class Ledger {
  private readonly jobs = new Map<string, Map<number, string | null>>();

  /** A chunk will come. */
  expect(job: string, chunk: number): void {
    const chunks = this.jobs.get(job) ?? new Map<number, string | null>();
    if (!chunks.has(chunk)) chunks.set(chunk, null);
    this.jobs.set(job, chunks);
  }

  /** What a chunk that has come counts as. */
  complete(job: string, chunk: number, digest: string): Completion {
    const chunks = this.jobs.get(job);
    const known = chunks?.get(chunk);
    if (!chunks || known === undefined) return "stale";
    if (known === null) {
      chunks.set(chunk, digest);
      return "accepted";
    }
    return known === digest ? "idempotent" : "conflict";
  }

  finish(job: string): void {
    this.jobs.delete(job);
  }
}
