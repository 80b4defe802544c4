// One line above the charts when what they show needs a word.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Missing } from "../../../worker/protocol.js";
import { formatTime } from "../state/format.js";
import { S } from "../strings.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

export class Banners extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
        padding: 0 12px;
      }
      .banner {
        display: flex;
        align-items: center;
        gap: 8px;
        margin: 8px 0 0;
        padding: 6px 6px 6px 12px;
        min-height: 40px;
        border-radius: var(--ps-r);
        background: var(--ps-warn-soft);
        font: var(--ps-label);
      }
      .banner:has(details[open]) {
        align-items: flex-start;
      }
      .banner > .icon {
        color: var(--ps-warn);
      }
      .error {
        background: var(--ps-error-soft);
      }
      .error > .icon {
        color: var(--ps-error);
      }
      .info {
        background: var(--ps-accent-soft);
      }
      .info > .icon {
        color: var(--ps-accent);
      }
      .words {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .link {
        font: 500 12px/16px var(--ps-font);
        white-space: nowrap;
        padding: 6px 8px;
      }
      summary {
        cursor: pointer;
      }
      ul {
        max-height: 40vh;
        overflow: auto;
        padding: 4px 0;
        list-style: none;
      }
      .banner .square {
        min-height: 28px;
        width: 28px;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`${this.#update()} ${this.#notice()} ${this.#stale()} ${this.#partial()} ${this.#breakdown()} ${this.#storage()}`;
  }

  #notice(): TemplateResult | null {
    const notice = this.bench.notice.value;
    if (!notice) return null;
    return html`<div class="banner ${notice.kind}" role=${notice.kind === "error" ? "alert" : "status"} data-testid="notice">
      ${notice.kind === "error" ? icons.error : icons.info}
      <span class="words" dir="auto">${notice.text} ${notice.advice}</span>
      ${notice.actions?.map(({ label, act }) => html`<button class="link" data-testid="notice-action" @click=${act}>${label}</button>`)}
      <button class="button quiet square" aria-label=${S.dismiss} @click=${() => this.bench.dismiss()}>${icons.close}</button>
    </div>`;
  }

  #update(): TemplateResult | null {
    const update = this.bench.update.value;
    if (!update) return null;
    return html`<div class="banner info" role="status" data-testid="update">
      ${icons.info}<span class="words">${S.newVersion}</span><button class="link" @click=${update}>${S.reload}</button>
    </div>`;
  }

  #stale(): TemplateResult | null {
    const { bench } = this;
    if (!bench.staleShown.value) return null;
    const [first] = bench.errors.value;
    return html`<div class="banner" role="status" data-testid="stale">
      ${icons.warning}<span class="words">${S.lastGoodRun}</span>
      ${first?.fixes?.slice(0, 1).map((fix) => html`<button class="link" data-testid="banner-fix" @click=${() => bench.fix(first, fix)}>${S.changeTo(fix)}</button>`)}
      ${first?.range ? html`<button class="link" @click=${() => bench.show(first)}>${S.showProblem}</button>` : null}
    </div>`;
  }

  #partial(): TemplateResult | null {
    const { bench } = this;
    const missing = bench.missing.value;
    if (missing.length === 0) return null;
    const wrong = missing.filter((item) => item.needs.length === 0).length;
    const all = missing.length + bench.variables.value.length;
    return html`<div class="banner" role="status" data-testid="partial">
      ${icons.warning}
      <details class="words">
        <summary>${S.leftOut(wrong, missing.length - wrong, all)}. <span class="link">${S.showLeftOut}</span></summary>
        <ul>
          ${missing.map((item) => html`<li data-testid="left-out">${this.#leftOut(item)}</li>`)}
        </ul>
      </details>
    </div>`;
  }

  #leftOut(item: Missing): TemplateResult {
    const [reason] = item.reasons;
    const why = item.needs.length > 0 ? S.needs(item.needs) : `${reason!.message}. ${reason!.advice}`;
    const place = reason!.place;
    return html`${place
        ? html`<button class="link" @click=${() => this.bench.show(reason!)}>${S.line(place.line, place.column)}</button>`
        : null}
      <b dir="auto">${item.name}</b> <span dir="auto">${why}</span>`;
  }

  #breakdown(): TemplateResult | null {
    const { bench } = this;
    const found = bench.breakdown.value;
    if (!found) return null;
    const at = bench.times.value[found.row] ?? 0;
    const time = formatTime(at, bench.timeDecimals.value);
    return html`<div class="banner error" role="status" data-testid="breakdown">
      ${icons.error}<span class="words" dir="auto">${S.breaksDown(found.value, time, found.name)}</span>
      <button class="link" @click=${() => bench.scrub(at)}>${S.goTo(time)}</button>
      <button class="link" data-testid="why" @click=${() => this.#why(found.name, at)}>${S.why}</button>
    </div>`;
  }

  /** What a value is made of is what the inspector shows, at the time under the cursor. */
  #why(name: string, time: number): void {
    this.bench.scrub(time);
    this.bench.select(name.replace(/\[.*/, ""), true);
  }

  #storage(): TemplateResult | null {
    const { bench } = this;
    const source = bench.source.value;
    if (bench.drafts.saved.value !== "unavailable" || !source || source.text === source.original) return null;
    return html`<div class="banner" role="status" data-testid="unsaved">${icons.warning}<span class="words">${S.notKept}</span></div>`;
  }
}

define("ps-banners", Banners);
