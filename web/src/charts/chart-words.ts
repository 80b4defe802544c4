// A chart in words: the time under the cursor, what a screen reader says of it, and a table of some rows.
import { html } from "lit";
import type { TemplateResult } from "lit";
import { formatTime, formatValue } from "../state/format.js";
import { untracked } from "../state/signals.js";
import type { ChartGroup } from "../state/variables.js";
import type { Seen } from "../state/seen.js";
import { M as S } from "../strings-model.js";

const TABLE_ROWS = 50;

export function timeLabel(bench: Seen): string {
  return S.atTime(bench.timeUnits.peek(), formatTime(bench.times.peek()[bench.row.peek()] ?? 0, bench.timeDecimals.peek()));
}

export function spoken(bench: Seen, names: readonly string[]): string {
  const run = bench.runs.shown.peek();
  const values = names.map((name) => `${name} ${formatValue(bench.valueAt(run, name, bench.row.peek()))}`);
  return `${timeLabel(bench)}: ${values.join(", ")}`;
}

/** Follows the runs once they rest. */
export function tableOf(bench: Seen, group: ChartGroup, names: readonly string[]): TemplateResult {
  void bench.settled.value;
  return untracked(() => {
    const run = bench.runs.shown.peek();
    const times = bench.times.peek();
    return html`<table data-testid="chart-table">
      <caption>${S.chartTable(group.units || S.noUnits)}</caption>
      <thead>
        <tr>
          <th scope="col">${S.time(bench.timeUnits.peek())}</th>
          ${names.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${sampled(times.length).map(
          (row) =>
            html`<tr>
              <th scope="row">${formatTime(times[row] ?? 0, bench.timeDecimals.peek())}</th>
              ${names.map((name) => html`<td>${run ? formatValue(run.results.at(name, row)) : ""}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
  });
}

/** At most fifty rows, evenly spread, first and last among them. */
function sampled(rows: number): number[] {
  const count = Math.min(rows, TABLE_ROWS);
  return Array.from({ length: count }, (_, at) => Math.round((at * (rows - 1)) / Math.max(1, count - 1)));
}
