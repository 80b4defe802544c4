// What the model's variables are called, column by column, and which of them a chart shows.
import type { Compiled, Results } from "../client-api.js";

/** A column of the results: a variable, or one element of an array. */
export interface Variable {
  readonly name: string; // as the results name it
  readonly base: string; // the variable's own name
  readonly kind: string;
  readonly units: string;
  readonly documentation: string;
  readonly equation: string;
}

/** Charts that share a time axis; each has one unit and comparable sizes. */
export interface ChartGroup {
  readonly key: string;
  readonly units: string;
  readonly names: readonly string[];
}

const MOST_PLOTTED_AT_FIRST = 6;
// A curve this much flatter than the tallest would lie on the axis; without a unit there is less to compare.
const FAR_APART = 100;
const FAR_APART_WITHOUT_UNITS = 20;

const NO_UNITS = ["1", "dmnl", "dimensionless"];

/** A unit as people read it: nothing for a plain number. */
export function shownUnits(units: string | undefined): string {
  const trimmed = units?.trim() ?? "";
  return NO_UNITS.includes(trimmed.toLowerCase()) ? "" : trimmed;
}

/** All saved columns but time, in the model's order. */
export function variablesOf(compiled: Compiled, results: Results): Variable[] {
  const saved = new Set(results.names);
  const described = new Map(compiled.document.variables.map((variable) => [variable.name, variable]));
  return compiled.layout.variables.flatMap((variable) => {
    if (variable.kind === "time") return [];
    const about = described.get(variable.name);
    const shared = {
      base: variable.name,
      kind: variable.kind,
      units: shownUnits(about?.units || variable.units),
      documentation: about?.documentation ?? "",
      equation: about?.equation ?? "",
    };
    const dimensions = (variable.dims ?? []).map((dimension) => compiled.layout.dims[dimension] ?? []);
    const names = elements(dimensions).map((chosen) => (chosen.length ? `${variable.name}[${chosen.join(",")}]` : variable.name));
    return names.filter((name) => saved.has(name)).map((name) => ({ name, ...shared }));
  });
}

/** Every choice of one element from each dimension, the last varying fastest. */
function elements(dimensions: string[][]): string[][] {
  return dimensions.reduce<string[][]>((chosen, names) => chosen.flatMap((head) => names.map((name) => [...head, name])), [[]]);
}

export function timesOf(compiled: Compiled, results: Results): Float64Array {
  const time = compiled.layout.variables.find((variable) => variable.kind === "time");
  return results.series(time?.name ?? "time");
}

/** Stocks; where there are none, what else moves. */
export function plottedAtFirst(variables: readonly Variable[]): string[] {
  for (const kinds of [["stock"], ["flow", "auxiliary"], ["constant"]]) {
    const chosen = variables.filter((variable) => kinds.includes(variable.kind));
    if (chosen.length > 0) return chosen.slice(0, MOST_PLOTTED_AT_FIRST).map((variable) => variable.name);
  }
  return [];
}

/** A chart for each unit, and a further one for curves that are much smaller than the rest. */
export function groupsOf(plotted: readonly string[], variables: readonly Variable[], results: Results): ChartGroup[] {
  const units = new Map(variables.map((variable) => [variable.name, variable.units]));
  const byUnits = new Map<string, string[]>();
  for (const name of plotted) {
    const unit = units.get(name);
    if (unit === undefined) continue;
    byUnits.set(unit, [...(byUnits.get(unit) ?? []), name]);
  }
  return [...byUnits].flatMap(([unit, names]) =>
    ofLikeSize(names, results, unit ? FAR_APART : FAR_APART_WITHOUT_UNITS).map((group, at) => ({ key: `${unit}\n${at}`, units: unit, names: group })),
  );
}

function ofLikeSize(names: string[], results: Results, apart: number): string[][] {
  const sizes = new Map(names.map((name) => [name, largest(results.series(name))]));
  const groups: { top: number; names: string[] }[] = [];
  for (const name of [...names].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))) {
    const size = sizes.get(name) ?? 0;
    const last = groups.at(-1);
    if (last && (size === 0 || size * apart >= last.top)) last.names.push(name);
    else groups.push({ top: size, names: [name] });
  }
  return groups.map((group) => names.filter((name) => group.names.includes(name)));
}

function largest(values: Float64Array): number {
  let found = 0;
  for (const value of values) if (Number.isFinite(value) && Math.abs(value) > found) found = Math.abs(value);
  return found;
}

/** The last row whose time is not after `time`. */
export function rowAt(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((times[middle] ?? Infinity) <= time + 1e-9 * Math.abs(time)) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** The row whose time is nearest. */
export function nearestRow(times: Float64Array, time: number): number {
  const row = rowAt(times, time);
  const here = times[row];
  const next = times[row + 1];
  if (here === undefined || next === undefined) return row;
  return next - time < time - here ? row + 1 : row;
}
