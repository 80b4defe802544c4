// Numbers as people read them. Digits are chosen by size, so that a value keeps its width while it moves.
const compact = new Intl.NumberFormat("en-US", { notation: "compact", minimumFractionDigits: 2, maximumFractionDigits: 2 });
const formats = new Map<number, Intl.NumberFormat>();

function fixed(value: number, decimals: number): string {
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  return format.format(value).replace("-", "−");
}

/** About four significant digits; never drops the whole part. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 999_950 && size < 1e15) return compact.format(value).replace("-", "−");
  if (size >= 1e15 || size < 1e-3) return value.toExponential(2).replace(/-/g, "−").replace("e+", "e");
  if (size >= 999.5) return fixed(value, 0);
  if (size >= 99.95) return fixed(value, 1);
  if (size >= 9.995) return fixed(value, 2);
  if (size >= 0.9995) return fixed(value, 3);
  return fixed(value, 4);
}

/** The same without idle zeros, for values that stand still. */
export function formatConstant(value: number): string {
  const text = formatValue(value);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** As in an input field: the shortest text that gives the number back, rounded to 12 digits. */
export function formatInput(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** A number that people type: a comma may be the decimal sign. */
export function parseInput(text: string): number {
  const trimmed = text.trim().replace("−", "-");
  if (trimmed === "") return Number.NaN;
  const plain = Number(trimmed);
  return Number.isNaN(plain) ? Number(trimmed.replace(/\s/g, "").replace(",", ".")) : plain;
}

/** Decimals that tell two neighbouring times apart, three at most. */
export function timeDecimals(step: number): number {
  for (let decimals = 0; decimals < 3; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 && Math.round(scaled) > 0) return decimals;
  }
  return 3;
}

/** Without commas: most times of thousands are years. */
export function formatTime(time: number, decimals: number): string {
  return time.toFixed(decimals).replace("-", "−");
}

export function formatMs(ms: number): string {
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A difference, as short as its size allows. */
export function formatDifference(value: number): string {
  return Number.isFinite(value) ? value.toExponential(1).replace(/-/g, "−").replace("e+", "e") : formatValue(value);
}

/** 1, 2 or 5 times a power of ten, at least `value`. */
export function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}
