// A run as comma-separated values, the same text as `penstock run` writes.
import type { Compiled, Results } from "../client-api.js";
import { timesOf, variablesOf } from "./variables.js";

/** Time first, then the variables in the order of the model's file, 17 significant digits; lines end with `\n`. */
export function csvOf(compiled: Compiled, results: Results): string {
  const names = variablesOf(compiled, results).map((variable) => variable.name);
  const columns = [timesOf(compiled, results), ...names.map((name) => results.series(name))];
  const lines = [["time", ...names].map(quoted).join(",")];
  for (let row = 0; row < results.rows; row++) lines.push(columns.map((column) => digits17(column[row] ?? Number.NaN)).join(","));
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** As C and Python write `%.17g`: exact halves go to the even digit, where `toPrecision` goes away from zero. */
export function digits17(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = toEven(value).split("e");
  const exponent = Number(power);
  const digits = mantissa.replace(/[-.]/g, "");
  const sign = value < 0 ? "-" : "";
  const trimmed = digits.replace(/0+$/, "") || "0";
  if (exponent < -4 || exponent >= 17) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    const tail = trimmed.length > 1 ? `.${trimmed.slice(1)}` : "";
    return `${sign}${trimmed[0]}${tail}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${trimmed}`;
  const whole = digits.slice(0, exponent + 1);
  const tail = digits.slice(exponent + 1).replace(/0+$/, "");
  return sign + whole + (tail ? `.${tail}` : "");
}

/** Seventeen digits in scientific form. */
function toEven(value: number): string {
  const long = value.toExponential(40); // shows whether all that follows the 17th digit is exactly a half
  const point = long.indexOf(".");
  const rest = long.slice(point + 17, long.indexOf("e"));
  const tie = rest[0] === "5" && /^50*$/.test(rest);
  const even = Number(long[point + 16]) % 2 === 0;
  return tie && even ? long.slice(0, point + 17) + long.slice(long.indexOf("e")) : value.toExponential(16);
}
