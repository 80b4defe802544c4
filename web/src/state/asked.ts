// What an address asks the page to open, and what it should show then.

export interface Address {
  readonly sample: string | null;
  readonly link: string | null; // a packed model
  readonly src: string | null; // where a model is
}

/** What is looked at, beside the text: a link carries it. */
export interface View {
  readonly values: ReadonlyMap<string, number>;
  readonly plotted: readonly string[];
  readonly time: number | null;
  readonly branch: Branch | null;
}

/** Values that differ only from a time on: before it the run goes with `values`. */
export interface Branch {
  readonly time: number;
  readonly values: ReadonlyMap<string, number>;
}

export function addressOf(hash: string): Address {
  const fields = new URLSearchParams(hash.slice(1));
  return { sample: fields.get("sample"), link: fields.get("m"), src: fields.get("src") };
}
