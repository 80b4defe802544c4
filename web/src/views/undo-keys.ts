// Ctrl-Z and its like for the whole page; a field that people type in takes back its own typing.
import type { Workbench } from "../state/workbench.js";

/** Whether keys belong to what is being typed there. */
export function isTyping(event: Event): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}

/** 1 to redo, -1 to undo, 0 for other keys. */
export function undoWay(event: KeyboardEvent): -1 | 0 | 1 {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return 0;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? 1 : -1;
  return key === "y" && !event.shiftKey ? 1 : 0;
}

export function listenForUndo(element: HTMLElement, bench: Workbench): () => void {
  const listen = (event: KeyboardEvent): void => {
    const way = undoWay(event);
    const ours = event.composedPath().includes(element) || event.target === document.body;
    if (way === 0 || !ours || event.defaultPrevented || isTyping(event)) return;
    event.preventDefault();
    if (way < 0) bench.undo();
    else bench.redo();
  };
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
}
