// The list of what is wrong: where, what, and what to do.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Diagnostic } from "../../../worker/protocol.js";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

const MOST = 100;

export class Problems extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        border-top: 1px solid var(--ps-line);
        background: var(--ps-page);
        max-height: 40%;
        overflow: auto;
      }
      h3 {
        padding: 8px 16px 4px;
        font: 600 12px/16px var(--ps-font);
        color: var(--ps-text-2);
      }
      .row {
        display: grid;
        grid-template-columns: 16px 1fr;
        gap: 2px 8px;
        width: 100%;
        padding: 6px 16px 8px;
      }
      button.row:hover {
        background: var(--ps-hover);
      }
      .row:focus-visible {
        outline-offset: -2px;
      }
      .icon {
        margin-top: 2px;
      }
      .error .icon {
        color: var(--ps-error);
      }
      .warning .icon {
        color: var(--ps-warn);
      }
      .message {
        overflow-wrap: anywhere;
      }
      .where {
        color: var(--ps-text-2);
        white-space: nowrap;
      }
      .advice {
        grid-column: 2;
        font: var(--ps-label);
        color: var(--ps-text-2);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): TemplateResult | null {
    const problems = this.bench.problems.value;
    this.hidden = problems.length === 0;
    if (problems.length === 0) return null;
    const errors = this.bench.errors.value.length;
    return html`
      <h3 id="heading">${S.problemCount(errors, problems.length - errors)}</h3>
      <ol data-testid="problems" aria-labelledby="heading">
        ${problems.slice(0, MOST).map((problem) => html`<li class=${problem.severity}>${this.#row(problem)}</li>`)}
      </ol>
      ${problems.length > MOST ? html`<p class="row label"><span></span>${S.moreProblems(problems.length - MOST)}</p>` : null}
    `;
  }

  #row(problem: Diagnostic): TemplateResult {
    const what = html`
      ${problem.severity === "error" ? icons.error : icons.warning}
      <span class="message">
        ${problem.place ? html`<span class="where">${S.line(problem.place.line, problem.place.column)}</span>` : null}
        <span dir="auto">${problem.message}</span>
      </span>
      ${problem.advice ? html`<span class="advice" dir="auto">${problem.advice}</span>` : null}
    `;
    return problem.range
      ? html`<button class="row" data-testid="problem" data-code=${problem.code} @click=${() => this.bench.show(problem)}>${what}</button>`
      : html`<div class="row" data-testid="problem" data-code=${problem.code}>${what}</div>`;
  }
}

define("ps-problems", Problems);
