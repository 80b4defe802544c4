// What the author of a page wants to be seen: attributes, a JSON child, the bundle; each before the next.

export type ViewName = "both" | "chart" | "diagram" | "table";

/** All of it is optional; a bundle's `view` and the JSON child have this form. */
export interface Wishes {
  view?: ViewName;
  sliders?: readonly string[]; // none where empty; the author's own where absent
  plots?: readonly (readonly string[])[];
  controls?: string;
  height?: number | "auto";
  theme?: "auto" | "light" | "dark";
  params?: Readonly<Record<string, number>>;
  highlight?: readonly string[];
  steps?: readonly Wishes[]; // of a story: what each changes
  step?: number; // from 1
  autoplay?: boolean;
  loop?: boolean;
  speed?: number;
  t?: number;
  loading?: "visible" | "eager" | "click";
  readonly?: boolean;
}

const CONTROLS: Record<string, readonly string[]> = {
  all: ["play", "time", "engine", "reset", "share", "fullscreen"],
  min: ["play", "time"],
  none: [],
};

export function controlsOf(wish: string | undefined): ReadonlySet<string> {
  const words = (wish ?? "all").split(/[\s,]+/).filter(Boolean);
  return new Set(words.flatMap((word) => CONTROLS[word] ?? [word]));
}

/** `a, b[x,y]`: a comma inside brackets belongs to the name. */
export function listed(text: string): string[] {
  return text
    .split(/,(?![^[]*\])/)
    .map((name) => name.trim())
    .filter(Boolean);
}

/** `a=1&b=2`, as in an address. What is no number is told to `wrong`. */
export function paramsOf(text: string, wrong: Wrong): Record<string, number> {
  const pairs = [...new URLSearchParams(text)].map(([name, value]) => [name, value.trim() === "" ? Number.NaN : Number(value), value] as const);
  for (const [name, number, value] of pairs) if (!Number.isFinite(number)) wrong(name, value);
  return Object.fromEntries(pairs.filter(([, number]) => Number.isFinite(number)));
}

type Wrong = (name: string, value: string) => void;

/** How a wish is read from an attribute, and whether JSON may say it so. Undefined: as if it were not there. */
interface Row<T> {
  readonly text: (text: string, wrong: Wrong) => T | undefined;
  readonly json: (value: unknown) => boolean;
}

const isText = (value: unknown): boolean => typeof value === "string";
const isNames = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isNumbers = (value: unknown): boolean => typeof value === "object" && value !== null && Object.values(value).every(Number.isFinite);

const among = <T extends string>(...words: T[]): Row<T> => ({
  text: (text) => words.find((word) => word === text),
  json: (value) => words.includes(value as T),
});
const names: Row<string[]> = { text: listed, json: isNames };
const number: Row<number> = { text: (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined), json: Number.isFinite };
const flag: Row<boolean> = { text: (text) => text !== "false", json: (value) => typeof value === "boolean" };

const ROWS: { readonly [K in keyof Wishes]-?: Row<NonNullable<Wishes[K]>> } = {
  view: among("both", "chart", "diagram", "table"),
  sliders: names,
  plots: { text: (text) => text.split(";").map(listed).filter((chart) => chart.length > 0), json: (value) => Array.isArray(value) && value.every(isNames) },
  controls: { text: (text) => text, json: isText },
  height: { text: (text) => (text === "auto" ? text : number.text(text.replace(/px$/, ""), () => {})), json: (value) => value === "auto" || Number.isFinite(value) },
  theme: among("auto", "light", "dark"),
  params: { text: paramsOf, json: isNumbers },
  highlight: names,
  steps: { text: () => undefined, json: Array.isArray },
  step: number,
  autoplay: flag,
  loop: flag,
  speed: number,
  t: number,
  loading: among("visible", "eager", "click"),
  readonly: flag,
};

export const ATTRIBUTE_NAMES = Object.keys(ROWS).filter((name) => name !== "steps");

/** What the element's attributes and its JSON child say. */
export function wishesOf(element: Element, wrong: Wrong): Wishes {
  const said = ATTRIBUTE_NAMES.flatMap((name) => {
    const text = element.getAttribute(name);
    const value = text === null ? undefined : ROWS[name as keyof Wishes].text(text, wrong);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...childOf(element), ...Object.fromEntries(said) };
}

/** Of what JSON says, all that can be meant. */
export function sane(wishes: unknown): Wishes {
  const fields = Object.entries(typeof wishes === "object" && wishes !== null ? wishes : {});
  return Object.fromEntries(fields.filter(([name, value]) => Object.hasOwn(ROWS, name) && ROWS[name as keyof Wishes].json(value)));
}

function childOf(element: Element): Wishes {
  const script = element.querySelector(':scope > script[type="application/json"]');
  try {
    return sane(JSON.parse(script?.textContent ?? "{}"));
  } catch (error) {
    console.warn("penstock-model: its JSON child cannot be read", error);
    return {};
  }
}
