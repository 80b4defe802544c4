// Finds texts by some of their letters, in order; whole words and beginnings count most.

export interface Found<T> {
  readonly item: T;
  readonly places: readonly number[]; // of the letters in the text
}

const LONGEST = 200; // characters of a text that are looked at

/** The best `most` items, best first; all in their order when nothing is wanted. */
export function ranked<T>(wanted: string, items: readonly T[], textOf: (item: T) => string, most: number): Found<T>[] {
  const letters = folded(wanted.trim());
  if (letters === "") return items.slice(0, most).map((item) => ({ item, places: [] }));
  const found: (Found<T> & { score: number })[] = [];
  for (const item of items) {
    const text = folded(textOf(item).slice(0, LONGEST));
    const match = matched(letters, text);
    if (match) found.push({ item, ...match });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, most);
}

/** Lower case without accents, letter by letter, so that places stay what they are. */
function folded(text: string): string {
  return Array.from({ length: text.length }, (_, at) => {
    const letter = text.charAt(at);
    const plain = letter.normalize("NFD").charAt(0).toLowerCase();
    return plain === "_" ? " " : plain || letter;
  }).join("");
}

function matched(letters: string, text: string): { score: number; places: number[] } | null {
  const whole = wordAt(text, letters);
  if (whole >= 0) {
    const places = Array.from(letters, (_, at) => whole + at);
    const starts = whole === 0 ? 300 : text[whole - 1] === " " ? 200 : 100;
    return { score: 1000 + starts - text.length, places };
  }
  const places: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of letters) {
    if (letter === " ") continue;
    const at = text.indexOf(letter, from);
    if (at < 0) return null;
    if (at === 0 || text[at - 1] === " ") score += 20;
    if (places.at(-1) === at - 1) score += 10;
    score -= Math.min(10, at - from);
    places.push(at);
    from = at + 1;
  }
  return { score: score - text.length / 10, places };
}

/** Where the letters stand together, at the beginning of a word if they do anywhere. */
function wordAt(text: string, letters: string): number {
  if (text.startsWith(letters)) return 0;
  const word = text.indexOf(` ${letters}`);
  return word >= 0 ? word + 1 : text.indexOf(letters);
}
