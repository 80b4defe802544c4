// Where a run stops being numbers.
import type { Results } from "../client-api.js";
import type { Variable } from "./variables.js";

export interface Breakdown {
  readonly row: number;
  readonly name: string;
  readonly value: number; // NaN, Infinity or -Infinity
}

/** The first saved row with a value that is no finite number, and the variable it most likely began in. */
export function breakdownOf(results: Results, variables: readonly Variable[]): Breakdown | null {
  let row = Infinity;
  let broken: Variable[] = [];
  for (const variable of variables) {
    const series = results.series(variable.name);
    const end = Math.min(series.length - 1, row);
    for (let at = 0; at <= end; at++) {
      if (Number.isFinite(series[at])) continue;
      if (at < row) broken = [];
      row = at;
      broken.push(variable);
      break;
    }
  }
  const first = origin(broken);
  return first ? { row, name: first.name, value: results.at(first.name, row) } : null;
}

/** Of the variables that broke in one row, one whose equation uses none of the others; stocks only follow. */
function origin(broken: readonly Variable[]): Variable | undefined {
  const rates = broken.filter((variable) => variable.kind !== "stock");
  const candidates = rates.length > 0 ? rates : broken;
  const uses = (variable: Variable, other: Variable) => variable.base !== other.base && mentions(variable.equation, other.base);
  return candidates.find((variable) => !candidates.some((other) => uses(variable, other))) ?? candidates[0];
}

function mentions(equation: string, name: string): boolean {
  const plain = (text: string) => ` ${text.toLowerCase().replace(/[_\s]+/g, " ").replace(/[^\p{L}\p{N} ]+/gu, " ; ")} `;
  return plain(equation).includes(` ${plain(name).trim()} `);
}
