// Asks before something is deleted that other equations use.
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Diagnostic } from "../../../../worker/protocol.js";
import type { DiagramSymbol } from "../../../../worker/tools.js";
import { S } from "../../strings.js";

const MOST = 12;

export interface Doomed {
  readonly symbols: readonly DiagramSymbol[];
  readonly breaks: readonly Diagnostic[];
}

export function question({ symbols, breaks }: Doomed, keep: () => void, remove: () => void): TemplateResult {
  const key = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Escape") keep();
  };
  return html`<div class="doom" role="alertdialog" aria-labelledby="doom-title" aria-describedby="doom-text" data-testid="delete-question" @keydown=${key}>
    <h2 id="doom-title">${S.deleteTitle(symbols.map((symbol) => symbol.name))}</h2>
    <p id="doom-text">${S.deleteBreaks}</p>
    <ul>
      ${breaks.slice(0, MOST).map((item) => html`<li>${item.message}</li>`)}
    </ul>
    <div class="choice">
      <button class="button primary" data-testid="delete-keep" @click=${keep}>${S.keepThem}</button>
      <button class="button" data-testid="delete-sure" @click=${remove}>${S.delete}</button>
    </div>
  </div>`;
}
