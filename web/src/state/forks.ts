// Runs of a fork: its trunk is simulated once, and for every change of a value only what follows the fork.
import type { Compiled, PenstockClient, Results } from "../client-api.js";
import { RunResults } from "../client-results.js";
import { VERSION } from "../../../worker/protocol.js";
import type { Engine, Override } from "../../../worker/protocol.js";
import type { Branch } from "./asked.js";
import { nearestRow, timesOf } from "./variables.js";

type Client = Pick<PenstockClient, "run" | "release">;

interface Trunk {
  readonly compiled: Compiled;
  readonly branch: Branch;
  readonly results: RunResults;
}

export class Forks {
  readonly #trunks = new Map<Engine, Trunk>();

  constructor(readonly client: Client) {}

  /** The whole run, from its start; null where the fork is at no saved time, or nothing differs in it. */
  async run(compiled: Compiled, engine: Engine, before: Override[], values: Override[], branch: Branch): Promise<Results | null> {
    if (values.length === 0) return null;
    const trunk = await this.#trunk(compiled, engine, before, branch);
    const times = timesOf(compiled, trunk);
    const row = nearestRow(times, branch.time);
    if (times[row] !== branch.time) return null;
    const fork = await this.client.run({ model: compiled.model, engine, overrides: before, branch: { at: branch.time, values } });
    const joined = join(trunk, fork as RunResults, row);
    this.client.release(fork);
    return joined;
  }

  /** There is no fork any more: its trunk need not be kept. */
  forget(): void {
    this.#trunks.clear();
  }

  async #trunk(compiled: Compiled, engine: Engine, overrides: Override[], branch: Branch): Promise<RunResults> {
    const known = this.#trunks.get(engine);
    if (known?.compiled === compiled && known.branch === branch) return known.results;
    const results = (await this.client.run({ model: compiled.model, engine, overrides })) as RunResults;
    if (known) this.client.release(known.results);
    this.#trunks.set(engine, { compiled, branch, results });
    return results;
  }
}

/** The trunk's rows before `row`, and then the fork's. A constant that differs in the fork becomes a column. */
function join(trunk: RunResults, fork: RunResults, row: number): RunResults {
  const rows = row + fork.rows;
  const varying = new Set([...trunk.columns, ...fork.columns]);
  const columns = trunk.names.filter((name) => varying.has(name) || !Object.is(trunk.at(name, 0), fork.at(name, 0)));
  const changing = new Set(columns);
  const fixed = trunk.names.filter((name) => !changing.has(name));
  const data = new Float64Array(columns.length * rows + fixed.length);
  columns.forEach((name, at) => {
    data.set(trunk.series(name).subarray(0, row), at * rows);
    data.set(fork.series(name), at * rows + row);
  });
  fixed.forEach((name, at) => (data[columns.length * rows + at] = trunk.at(name, 0)));
  const { model, engine } = trunk;
  return new RunResults(model, { type: "result", version: VERSION, id: 0, model, engine, rows, columns, fixed, data, ms: fork.ms });
}
