// The tokens as colours that a canvas understands: `light-dark()` is resolved where the element stands.

export interface Ink {
  readonly lines: readonly string[];
  readonly texts: readonly string[];
  readonly axis: string;
  readonly grid: string;
  readonly text: string;
  readonly ghost: string;
}

const SERIES = [1, 2, 3, 4, 5, 6];

/** Reads the colours through `probe`, an element inside the themed tree. */
export function inkOf(probe: HTMLElement): Ink {
  const colour = (token: string): string => {
    probe.style.color = `var(--ps-${token})`;
    return getComputedStyle(probe).color;
  };
  return {
    lines: SERIES.map((series) => colour(`s${series}`)),
    texts: SERIES.map((series) => colour(`s${series}t`)),
    axis: colour("line-strong"),
    grid: colour("line-soft"),
    text: colour("text-2"),
    ghost: colour("ghost"),
  };
}
