// Asks before something is deleted that other equations use.
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Diagnostic } from "../../../../worker/protocol.js";
import { S } from "../../strings.js";

const MOST = 12;

export interface Doomed {
  readonly title: string;
  readonly lead: string;
  readonly act: string;
  readonly breaks: readonly Diagnostic[];
  readonly back: number | undefined; // the symbol that gets the focus again
  readonly remove: () => void;
}

export function question({ title, lead, act, breaks, remove }: Doomed, keep: () => void): TemplateResult {
  const key = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Escape") keep();
  };
  return html`<div class="doom" role="alertdialog" aria-labelledby="doom-title" aria-describedby="doom-text" data-testid="delete-question" @keydown=${key}>
    <h2 id="doom-title">${title}</h2>
    <p id="doom-text">${lead}</p>
    <ul>
      ${breaks.slice(0, MOST).map((item) => html`<li>${item.message}</li>`)}
    </ul>
    <div class="choice">
      <button class="button primary" data-testid="delete-keep" @click=${keep}>${S.keepThem}</button>
      <button class="button" data-testid="delete-sure" @click=${remove}>${act}</button>
    </div>
  </div>`;
}
