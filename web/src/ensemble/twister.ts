// The Mersenne Twister as Python's `random.Random(seed)` has it, for whole seeds from 0 (Matsumoto and Nishimura,
// ACM TOMACS 8 (1998) 3-30, with their `init_by_array` of 2002).

const N = 624;
const M = 397;

/** Draws from [0, 1) with 53 bits: the numbers of `random()` in Python. */
export function twister(seed: number): () => number {
  const state = seeded(seed);
  let next = N;
  const word = (): number => {
    if (next === N) {
      turn(state);
      next = 0;
    }
    let y = state[next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  return () => {
    const high = word() >>> 5;
    const low = word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  };
}

function seeded(seed: number): Uint32Array {
  const key = seed > 0xffffffff ? [seed >>> 0, Math.floor(seed / 0x100000000)] : [seed];
  const state = new Uint32Array(N);
  state[0] = 19650218;
  const mixed = (at: number) => state[at - 1]! ^ (state[at - 1]! >>> 30);
  for (let at = 1; at < N; at++) state[at] = Math.imul(1812433253, mixed(at)) + at;
  let at = 1;
  const step = (value: number): void => {
    state[at] = value;
    if (++at < N) return;
    state[0] = state[N - 1]!;
    at = 1;
  };
  for (let k = 0; k < N; k++) step((state[at]! ^ Math.imul(mixed(at), 1664525)) + key[k % key.length]! + (k % key.length));
  for (let k = 1; k < N; k++) step((state[at]! ^ Math.imul(mixed(at), 1566083941)) - at);
  state[0] = 0x80000000;
  return state;
}

function turn(state: Uint32Array): void {
  for (let at = 0; at < N; at++) {
    const y = (state[at]! & 0x80000000) | (state[(at + 1) % N]! & 0x7fffffff);
    state[at] = state[(at + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}
