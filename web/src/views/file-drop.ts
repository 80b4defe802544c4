// Two ways for a file to come in: the picker, and a drop anywhere on the page.
import { ENDINGS } from "../state/files.js";
import type { Workbench } from "../state/workbench.js";

export function chooseFile(bench: Workbench): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = [...ENDINGS, "text/plain"].join(",");
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void bench.openFile(file);
  });
  input.click();
}

/** Takes files dropped on `target`; `over` follows whether one hovers. Returns what undoes it. */
export function acceptDrops(target: HTMLElement, bench: Workbench, over: (hovering: boolean) => void): () => void {
  const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  const enter = (event: DragEvent): void => {
    if (!hasFile(event)) return;
    event.preventDefault();
    over(true);
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null || !target.contains(event.relatedTarget as Node)) over(false);
  };
  const drop = (event: DragEvent): void => {
    over(false);
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void bench.openFile(file);
  };
  const listeners = { dragenter: enter, dragover: enter, dragleave: leave, drop } as const;
  for (const [name, listener] of Object.entries(listeners)) target.addEventListener(name, listener as EventListener, true);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) target.removeEventListener(name, listener as EventListener, true);
  };
}
