// Which values constants have in every run: a Latin hypercube with the very points of pyengine/penstock/ensemble.
import { twister } from "./twister.js";

/** How a constant varies, and between which bounds; the peak is the likeliest value of a triangle. */
export interface Varied {
  readonly name: string;
  readonly shape: Shape;
  readonly low: number;
  readonly high: number;
  readonly peak: number;
}

interface Row {
  /** The value that a share u of all draws lies below; the same operations as in Python, for the same bits. */
  quantile(u: number, low: number, high: number, peak: number): number;
  /** As a study's file has it. */
  text(low: number, high: number, peak: number): string;
}

export const SHAPES = {
  uniform: {
    quantile: (u, low, high) => low + (high - low) * u,
    text: (low, high) => `uniform(${low}, ${high})`,
  },
  triangular: {
    quantile: (u, low, high, peak) => {
      const width = high - low;
      const left = peak - low;
      if (u * width < left) return low + Math.sqrt(u * width * left);
      return high - Math.sqrt((1 - u) * width * (high - peak));
    },
    text: (low, high, peak) => `triangular(${low}, ${peak}, ${high})`,
  },
} satisfies Record<string, Row>;

export type Shape = keyof typeof SHAPES;

/** A quantile of 0 may be infinite. */
const open = (x: number) => (x > 0 ? x : 2 ** -54);

/** Points in the unit cube, point by point: each of `count` equal slices of every coordinate holds one. */
export function latin(seed: number, count: number, dimensions: number): Float64Array {
  const random = twister(seed);
  const points = new Float64Array(count * dimensions);
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const slices = Uint32Array.from({ length: count }, (_, at) => at);
    for (let last = count - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [slices[last], slices[other]] = [slices[other]!, slices[last]!];
    }
    slices.forEach((slice, at) => (points[at * dimensions + dimension] = open((slice + random()) / count)));
  }
  return points;
}

/** Values run by run, in the order of `varied`. */
export function samples(seed: number, runs: number, varied: readonly Varied[]): Float64Array {
  const points = latin(seed, runs, varied.length);
  return points.map((u, at) => {
    const { shape, low, high, peak } = varied[at % varied.length]!;
    const row: Row = SHAPES[shape];
    return low === high ? low : row.quantile(u, low, high, Math.min(high, Math.max(low, peak)));
  });
}
