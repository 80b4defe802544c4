// A kept run's dash: the same in charts and in the list of runs, and unlike the ghost's.

const DASHES: readonly (readonly number[])[] = [[2, 2], [10, 3], [6, 2, 2, 2], [14, 3, 3, 3], [2, 5], [8, 2, 2, 2, 2, 2]];

export function dashOf(slot: number): readonly number[] {
  return DASHES[slot % DASHES.length] ?? [];
}
