// What is painted with the frames: each work once in a frame, however often it is asked for.
const wanted = new Set<() => void>();
let frame = 0;

/** In the next frame, or in the one under way if that paints yet. */
export function paintSoon(work: () => void): void {
  wanted.add(work);
  frame ||= requestAnimationFrame(paintNow);
}

/** For what moves with a frame of its own: everything that it changed is painted in that same frame. */
export function paintNow(): void {
  cancelAnimationFrame(frame);
  frame = 0;
  const works = [...wanted];
  wanted.clear();
  for (const work of works) work();
}

export function paintNoMore(work: () => void): void {
  wanted.delete(work);
}
