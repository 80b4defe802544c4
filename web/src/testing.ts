// `window.penstock`: what the page shows, to read. Tests use it, and people who look into a bug.
import type { Workbench } from "./state/workbench.js";

export interface Exposed {
  /** Resolves with the first run. */
  readonly ready: Promise<void>;
  state(): Record<string, unknown>;
  /** A copy of a plotted or unplotted variable's values. */
  series(name: string): number[];
}

export function exposeForTests(bench: Workbench): void {
  const ready = new Promise<void>((resolve) => {
    const stop = bench.runs.shown.subscribe((run) => {
      if (!run) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
  const exposed: Exposed = {
    ready,
    state: () => {
      const run = bench.runs.shown.peek();
      return {
        phase: bench.phase.peek(),
        title: bench.title.peek(),
        model: run?.compiled.model ?? null,
        file: bench.source.peek()?.name ?? null,
        text: bench.source.peek()?.text ?? null,
        compiling: bench.compiles.busy.peek(),
        stale: bench.stale.peek(),
        problems: bench.problems.peek(),
        notice: bench.notice.peek(),
        python: bench.python.peek().phase,
        engine: bench.engine.peek(),
        ranOn: run?.results.engine ?? null,
        ms: run?.results.ms ?? null,
        verdict: bench.runs.verdict.peek(),
        runs: bench.runs.finished.peek(),
        time: bench.times.peek()[bench.row.peek()] ?? null,
        row: bench.row.peek(),
        rows: run?.results.rows ?? 0,
        plotted: [...bench.plotted.peek()],
        groups: bench.groups.peek(),
        overrides: Object.fromEntries(bench.overrides.peek()),
        values: Object.fromEntries(bench.variables.peek().map((variable) => [variable.name, bench.valueAt(run, variable.name, bench.row.peek())])),
        pinned: bench.runs.pinned.peek().map(({ number, name, shown }) => ({ number, name, shown })),
        branch: bench.branch.peek()?.time ?? null,
        ghost: bench.runs.ghost.peek() !== null,
        breakdown: bench.breakdown.peek(),
        playing: bench.player.playing.peek(),
        theme: bench.theme.peek(),
        layout: bench.layout.peek(),
        sheet: bench.sheet.peek(),
        undoes: bench.history.undoes.peek(),
        redoes: bench.history.redoes.peek(),
        steps: bench.history.done.peek().length,
        selected: bench.selected.peek(),
        online: bench.online.peek(),
        update: bench.update.peek() !== null,
        saved: bench.drafts.saved.peek(),
      };
    },
    series: (name) => [...(bench.runs.shown.peek()?.results.series(name) ?? [])],
  };
  Object.defineProperty(window, "penstock", { value: Object.freeze(exposed) });
}
