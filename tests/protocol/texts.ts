// The functions on text that TypeScript has twins of in Python; see test_texts.py.
import { canonical, casefold } from "../../worker/canonical.js";
import { format, shown, whole } from "../../worker/diagnostics.js";
import { encode } from "../../worker/encode.js";

interface Questions {
  names: string[];
  characters: string[];
  numbers: string[]; // bits, as hexadecimal
  texts: { template: string; fields: Record<string, string | number> }[];
}

export default function main({ names, characters, numbers, texts }: Questions) {
  const doubles = numbers.map((bits) => new Float64Array(BigUint64Array.of(BigInt(`0x${bits}`)).buffer)[0]!);
  return {
    names: names.map(canonical),
    characters: characters.map((c) => (/\p{Assigned}/u.test(c) ? casefold(c) : null)), // null: not yet in Unicode here
    numbers: doubles.map(shown),
    wholes: doubles.map(whole),
    encoded: encode({ doubles, nothing: undefined, buffer: new ArrayBuffer(8), text: "ü\"\u2028\ud800", yes: true, no: null }),
    texts: texts.map(({ template, fields }) => format(template, fields)),
  };
}
