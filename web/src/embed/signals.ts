// As much of the signals library as a model's views use, at a third of its size; the embed's build puts it in the library's
// place. A change marks what follows from it; what follows is computed when it is asked for, and an effect runs again only
// if something that it read has another value.

type Stop = () => void;

/** What reads signals: a computed value or an effect. */
interface Reader {
  read: Map<Source, number>; // with the version that was read
  marked(): void;
}

let reading: Reader | null = null;
let batches = 0;
const waiting = new Set<Effect>();

class Source<T = unknown> {
  version = 0;
  readonly readers = new Set<Reader>();

  constructor(protected held: T) {}

  get value(): T {
    const value = this.peek();
    if (reading && !reading.read.has(this as Source)) {
      reading.read.set(this as Source, this.version);
      this.readers.add(reading);
    }
    return value;
  }

  peek(): T {
    return this.held;
  }

  subscribe(told: (value: T) => void): Stop {
    return effect(() => {
      const { value } = this;
      untracked(() => told(value));
    });
  }

  protected mark(): void {
    for (const reader of [...this.readers]) reader.marked();
  }
}

export class Signal<T = unknown> extends Source<T> {
  override get value(): T {
    return super.value;
  }

  override set value(value: T) {
    if (value === this.held) return;
    this.held = value;
    this.version++;
    batch(() => this.mark());
  }
}

class Computed<T> extends Source<T> implements Reader {
  read = new Map<Source, number>();
  #stale = true;

  constructor(readonly compute: () => T) {
    super(undefined as T);
  }

  override peek(): T {
    if (!this.#stale) return this.held;
    this.#stale = false;
    if (this.version > 0 && !changed(this)) return this.held;
    const value = tracked(this, this.compute);
    if (value !== this.held || this.version === 0) this.version++;
    return (this.held = value);
  }

  marked(): void {
    if (this.#stale) return;
    this.#stale = true;
    this.mark();
  }
}

class Effect implements Reader {
  read = new Map<Source, number>();

  constructor(readonly work: () => void) {
    this.run();
  }

  marked(): void {
    waiting.add(this);
  }

  run(): void {
    batch(() => tracked(this, this.work));
  }

  stop(): void {
    waiting.delete(this);
    tracked(this, () => {});
  }
}

function changed(reader: Reader): boolean {
  for (const [source, version] of reader.read) {
    untracked(() => source.peek());
    if (source.version !== version) return true;
  }
  return false;
}

/** What is read no more has one reader less; the rest keeps its place among a source's readers, and so its turn. */
function leave(reader: Reader, before: ReadonlyMap<Source, number>): void {
  for (const source of before.keys()) if (!reader.read.has(source)) source.readers.delete(reader);
}

function tracked<T>(reader: Reader, work: () => T): T {
  const before = reader.read;
  reader.read = new Map();
  try {
    return as(reader, work);
  } finally {
    leave(reader, before);
  }
}

function as<T>(reader: Reader | null, work: () => T): T {
  const before = reading;
  reading = reader;
  try {
    return work();
  } finally {
    reading = before;
  }
}

export const untracked = <T>(work: () => T): T => as(null, work);

/** Effects of changes inside run when the outermost batch ends. */
export function batch<T>(work: () => T): T {
  batches++;
  try {
    return work();
  } finally {
    if (batches === 1) for (const next of waiting) if (waiting.delete(next) && changed(next)) next.run();
    batches--;
  }
}

export const signal = <T>(value: T): Signal<T> => new Signal(value);
export const computed = <T>(compute: () => T): Source<T> => new Computed(compute);
export function effect(work: () => void): Stop {
  const made = new Effect(work);
  return () => made.stop();
}
