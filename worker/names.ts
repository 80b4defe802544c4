// A blob's names: which input and which column each stands for; the same as in pyengine/penstock/run.py.
import { SETTING_SPELLINGS, type InputLayout, type Layout, type VariableLayout } from "./abi.js";
import { canonical } from "./canonical.js";
import { refusal } from "./diagnostics.js";

/** One variable, or one element of an array, that can be read. */
export interface Series {
  name: string;
  slot: number;
  column: number;
}

/** What two spellings of a variable's or element's name have in common. */
export function key(name: string): string {
  const open = name.indexOf("[");
  if (open < 0 || !name.endsWith("]")) return canonical(name);
  const subscripts = name.slice(open + 1, -1).split(",").map(canonical);
  return `${canonical(name.slice(0, open))}[${subscripts.join(",")}]`;
}

export class Names {
  /** Every variable and element, in the order of columns. */
  readonly all: readonly Series[];
  private places: Map<string, Series> | null = null;
  private arrays: Map<string, readonly Series[]> | null = null;
  private inputs: Map<string, number> | null = null;

  constructor(private readonly layout: Layout) {
    this.all = layout.variables.flatMap((row) => this.seriesOf(row)).sort((a, b) => a.column - b.column);
  }

  /** What is to be read for a list of names: time first, an array's elements for its own name, each once. */
  selection(save: readonly string[]): Series[] {
    const chosen = new Set(this.all.slice(0, 1));
    for (const name of save) {
      const elements = this.elementsOf(name) ?? [this.readable().get(key(name))];
      for (const series of elements) {
        if (!series) throw unknown(name, "Names are those of the model.");
        chosen.add(series);
      }
    }
    return [...chosen];
  }

  /** The number of the input that a name stands for. */
  input(name: string): number {
    const wanted = key(name);
    const number = this.settable().get(wanted);
    if (number !== undefined) return number;
    if (this.readable().has(wanted)) {
      throw refusal("PEN502", {
        name,
        reason: "it is computed by an equation",
        advice: "Constants, initial values of stocks and settings can be set.",
      });
    }
    const setting = this.setting(SETTING_SPELLINGS[wanted] ?? wanted);
    if (setting === undefined) throw unknown(name, "Constants, initial values and settings can be set.");
    return setting;
  }

  /** The number of the input of a kind, such as `dt`. */
  setting(kind: string): number | undefined {
    return this.layout.inputs.find((row) => row.kind === kind && row.name === kind)?.input;
  }

  private readable(): Map<string, Series> {
    return (this.places ??= new Map(this.all.map((series) => [key(series.name), series])));
  }

  private elementsOf(name: string): readonly Series[] | undefined {
    this.arrays ??= new Map(
      this.layout.variables
        .filter((row) => row.dims?.length)
        .map((row) => [canonical(row.name), this.all.slice(row.column, row.column + this.size(row))]),
    );
    return this.arrays.get(canonical(name));
  }

  private settable(): Map<string, number> {
    if (this.inputs) return this.inputs;
    const { inputs, variables } = this.layout;
    const dims = new Map(variables.map((row) => [row.name, row.dims ?? []]));
    const entries = (row: InputLayout) =>
      this.elements(row.name, dims.get(row.name) ?? []).map((name, index) => [key(name), row.input + index] as const);
    const values = inputs.filter((row) => row.kind === "constant" || row.kind === "initial");
    return (this.inputs = new Map(values.flatMap(entries)));
  }

  private size({ dims = [] }: VariableLayout): number {
    return dims.reduce((size, dim) => size * this.layout.dims[dim]!.length, 1);
  }

  private seriesOf(row: VariableLayout): Series[] {
    return this.elements(row.name, row.dims ?? []).map((name, index) => ({
      name,
      slot: row.slot + index,
      column: row.column + index,
    }));
  }

  /** `name[a,b]` for every combination, row-major; the name alone for a scalar. */
  private elements(name: string, dims: readonly string[]): string[] {
    const labels = dims.reduce<string[]>(
      (heads, dim) =>
        heads.flatMap((head) => this.layout.dims[dim]!.map((element) => (head ? `${head},${element}` : element))),
      [""],
    );
    return labels.map((label) => (label ? `${name}[${label}]` : name));
  }
}

function unknown(name: string, advice: string) {
  return refusal("PEN201", { name, advice });
}
