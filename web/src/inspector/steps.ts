// The sub-expressions of an equation with what they were at a time: what the equation says, step by step.
import type { Piece, TracedEquation, Trace, Value } from "../../../worker/tools.js";
import { rowAt } from "../state/variables.js";

export interface Step {
  readonly piece: Piece;
  readonly text: string;
  readonly value: number; // NaN where it was not taken too
  readonly taken: boolean;
  readonly depth: number;
}

/** A value as JSON has it. */
export function numberOf(value: Value): number {
  return typeof value === "number" ? value : Number(value);
}

/** The value of a piece at a time; null on a side of a choice that was not taken. */
export function valueOf(piece: Piece, times: readonly Value[], time: number): number | null {
  const row = piece.when === "start" ? 0 : rowAt(Float64Array.from(times, numberOf), time);
  const value = piece.values[row];
  return value === null || value === undefined ? null : numberOf(value);
}

/** The equations of a variable itself, or of one element of it. */
export function equationsOf(trace: Trace): readonly TracedEquation[] {
  const [first] = trace.equations;
  return trace.equations.filter((equation) => equation.within === "" && equation.variable === first?.variable);
}

/** The compound parts of an equation in reading order; names and numbers stand for themselves. */
export function stepsOf(equation: TracedEquation, trace: Trace, time: number): Step[] {
  const depths: number[] = [];
  return equation.pieces.flatMap((piece, place) => {
    const depth = piece.parent < 0 ? 0 : (depths[piece.parent] ?? 0) + 1;
    depths[place] = depth;
    if (piece.parent < 0 || piece.range === null || (piece.kind !== "operator" && piece.kind !== "call") || piece.elements) return [];
    const value = valueOf(piece, trace.times, time);
    return [{ piece, text: piece.text.replace(/\s+/g, " "), value: value ?? Number.NaN, taken: value !== null, depth }];
  });
}
