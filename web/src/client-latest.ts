// Latest wins: of the tasks with one key, one runs and one waits; a newer one replaces the one that waits.
import { finding } from "../../worker/diagnostics.js";
import { RequestError } from "./client-api.js";

interface Waiting {
  start: () => void;
  drop: (error: RequestError) => void;
}

export class Latest {
  /** Keys with a task that runs, and what waits for its end. */
  private readonly lanes = new Map<string, Waiting | null>();

  get size(): number {
    return this.lanes.size;
  }

  /** Whether a task with this key runs. */
  busy(key: string): boolean {
    return this.lanes.has(key);
  }

  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = () => {
        this.lanes.set(key, null);
        void task()
          .finally(() => this.next(key))
          .then(resolve, reject);
      };
      if (!this.lanes.has(key)) return start();
      this.lanes.get(key)?.drop(new RequestError([finding("PEN512")], true));
      this.lanes.set(key, { start, drop: reject });
    });
  }

  private next(key: string): void {
    const waiting = this.lanes.get(key);
    this.lanes.delete(key);
    waiting?.start();
  }
}
