// Keys that move the time cursor, the same on the chart and on the time bar.
import type { Seen } from "../state/seen.js";

/** Where people hold Command rather than Control. */
export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

const PAGES = 10; // of the run

export function scrubKey(bench: Seen, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const last = bench.times.peek().length - 1;
  if (last < 0) return;
  const page = Math.max(1, last / PAGES);
  const moves: Record<string, () => void> = {
    ArrowRight: () => bench.stepBy(1),
    ArrowUp: () => bench.stepBy(1),
    ArrowLeft: () => bench.stepBy(-1),
    ArrowDown: () => bench.stepBy(-1),
    PageUp: () => bench.stepBy(page),
    PageDown: () => bench.stepBy(-page),
    Home: () => bench.stepBy(-last),
    End: () => bench.stepBy(last),
    " ": () => bench.player.toggle(),
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
}
