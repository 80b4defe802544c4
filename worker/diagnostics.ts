// Findings of code without Python: rows of the catalogue, formatted as Python formats them.
import { CODES, VERSION, type Code, type Diagnostic, type ErrorReply } from "./protocol.js";

/** What a code's text is about. A number is shown as Python shows a float; give counts as text. */
export type Fields = Record<string, string | number>;

/** A request that cannot be met; the counterpart of Python's `PenstockError`. */
export class Refusal extends Error {
  constructor(readonly diagnostics: Diagnostic[]) {
    super(diagnostics.map((item) => `${item.code} ${item.message}`).join("\n"));
  }
}

/** A diagnostic without a place, from its row. */
export function finding(code: Code, fields: Fields = {}): Diagnostic {
  const { severity, message, advice } = CODES[code];
  return {
    code,
    severity,
    message: format(message, fields),
    advice: format(advice, fields),
    place: null,
    range: null,
  };
}

/** A refusal of one finding, ready to throw. */
export function refusal(code: Code, fields: Fields = {}): Refusal {
  return new Refusal([finding(code, fields)]);
}

/** What to tell about anything that was thrown: a refusal's findings, or that the fault is ours. */
export function diagnosticsOf(thrown: unknown): Diagnostic[] {
  if (thrown instanceof Refusal) return thrown.diagnostics;
  console.error(thrown);
  return [finding("PEN599", { reason: thrown instanceof Error ? thrown.message : String(thrown) })];
}

export function errorReply(id: number, diagnostics: Diagnostic[]): ErrorReply {
  return { type: "error", version: VERSION, id, diagnostics };
}

/** The id that an answer to a message must carry; 0, which no request has, where it has none. */
export function idOf(message: unknown): number {
  const id = (message as { id?: unknown } | null | undefined)?.id;
  return typeof id === "number" ? id : 0;
}

/** Python's `template.format(**fields)` for what the catalogue uses: `{name}` and `{name:.0f}`. */
export function format(template: string, fields: Fields): string {
  return template.replace(/\{(\w+)(:\.0f)?\}/g, (_, name: string, rounded?: string) => {
    const value = fields[name];
    if (value === undefined) throw new Error(`no ${name} for "${template}"`);
    if (typeof value !== "number") return value;
    return rounded === undefined ? shown(value) : whole(value);
  });
}

/** A double as Python's `.0f` writes it: all digits, halves to even. */
export function whole(value: number): string {
  if (!Number.isFinite(value)) return shown(value);
  const below = Math.floor(value);
  const rest = value - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const rounded = up ? below + 1 : below;
  return (rounded === 0 && (value < 0 || Object.is(value, -0)) ? "-" : "") + BigInt(rounded).toString();
}

/** A double as Python's `repr` writes it. */
export function shown(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [digits, power] = value.toExponential().split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}
