// Messages as the text that Python's `json` reads.

/** JSON, and the numbers that JSON lacks as Python spells them; buffers and modules stay behind. */
export function encode(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  if (Array.isArray(value)) return `[${value.map(encode).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Object.getPrototypeOf(value) !== Object.prototype) return "null";
  const fields = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${encode(item)}`).join(",")}}`;
}
