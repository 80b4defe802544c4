// Names as the engine compares them; the same as `canonical` in pyengine/penstock/model.py.

const SPACE = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const GAPS = new RegExp(`(?:[_${SPACE}]|\\\\n)+`, "g");
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const PLAIN = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;
const CHEROKEE = /[\u13a0-\u13f5\u13f8-\u13fd\uab70-\uabbf]/;

/** The identifier of a name as written: quotes dropped, case and spacing folded. */
export function canonical(name: string): string {
  if (PLAIN.test(name)) return name;
  if (name.length >= 2 && name.startsWith('"') && name.endsWith('"')) {
    name = name.slice(1, -1).replaceAll('\\"', '"');
  }
  return casefold(name.replace(ENDS, "").replace(GAPS, "_").replace(/^_+|_+$/g, ""));
}

/** Python's `str.casefold`. */
export function casefold(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : Array.from(text, fold).join("");
}

function fold(character: string): string {
  if (CHEROKEE.test(character)) return character.toUpperCase();
  if (character === "ı") return character;
  return character.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
}
