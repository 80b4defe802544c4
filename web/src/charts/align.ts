// Puts a curve of another run on this run's times.

/** `values` at `times`, in between linear; not a number outside of what is known. The same array when times agree. */
export function aligned(known: Float64Array, values: Float64Array, times: Float64Array): Float64Array {
  const sameEnds = known[0] === times[0] && known.at(-1) === times.at(-1);
  if (known.length === times.length && sameEnds) return values;
  const result = new Float64Array(times.length).fill(Number.NaN);
  let at = 0;
  times.forEach((time, row) => {
    while (at + 1 < known.length && (known[at + 1] ?? 0) <= time) at++;
    const before = known[at] ?? Number.NaN;
    const after = known[at + 1];
    const value = values[at] ?? Number.NaN;
    if (time < before || (after === undefined && time > before)) return;
    result[row] = after === undefined ? value : value + ((values[at + 1] ?? Number.NaN) - value) * ((time - before) / (after - before));
  });
  return result;
}
