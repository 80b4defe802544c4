// Undo and redo, where there is room for them.
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Workbench } from "../state/workbench.js";
import { S } from "../strings.js";
import { icons } from "./icons.js";

export function undoButtons(bench: Workbench): TemplateResult {
  const button = (id: string, icon: TemplateResult, words: string, idle: boolean, act: () => void): TemplateResult =>
    html`<button class="button quiet square" data-testid=${id} aria-label=${words} title=${words} ?disabled=${idle} @click=${act}>${icon}</button>`;
  const { undoes, redoes } = bench.history;
  return html`${button("undo", icons.undo, S.undoStep(undoes.value), undoes.value === null, () => bench.undo())}
  ${button("redo", icons.redo, S.redoStep(redoes.value), redoes.value === null, () => bench.redo())}`;
}
