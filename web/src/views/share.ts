// The panel behind "Share": a link that holds the whole model, and files to save.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { EXPORTS, made, save } from "../state/exports.js";
import type { Export, MadeFile } from "../state/exports.js";
import { FileError } from "../state/files.js";
import { linkTo, LONG_LINK, MAX_LINK } from "../state/links.js";
import { RequestError } from "../client-api.js";
import { P } from "../strings-panels.js";
import { icons } from "./icons.js";
import { panelStyles } from "./panel.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

const COPIED = 2500; // ms that the button says so
const GROUPS = ["model", "run", "picture", "program"] as const;

export class Share extends View {
  static override properties = {
    ...View.properties,
    link: { state: true },
    copied: { state: true },
    busy: { state: true },
    problem: { state: true },
    lossy: { state: true },
  };
  declare link: string | null;
  declare copied: "" | "copied" | "by hand";
  declare busy: string; // key of the file that is being made
  declare problem: string;
  declare lossy: MadeFile | null; // waits for the reader's word

  static override styles = [
    shared,
    panelStyles,
    css`
      dialog {
        width: min(420px, calc(100vw - 16px));
        margin: 56px 12px auto auto;
      }
      .row {
        display: flex;
        gap: 8px;
      }
      .row input {
        flex: 1;
        min-width: 0;
        height: 36px;
        padding: 0 10px;
        border: 1px solid var(--ps-edge);
        border-radius: var(--ps-r);
        background: var(--ps-field);
        font: 12px/16px var(--ps-mono);
        text-overflow: ellipsis;
      }
      .copy {
        min-width: 104px;
        min-height: 36px;
      }
      .note {
        margin: 6px 0 0;
        font: var(--ps-label);
        color: var(--ps-text-2);
      }
      .warn {
        color: var(--ps-warn);
      }
      dl {
        display: grid;
        grid-template-columns: 72px 1fr;
        gap: 8px;
        align-items: center;
        margin: 8px 0 0;
      }
      dt {
        color: var(--ps-text-2);
        font: var(--ps-label);
      }
      dd {
        margin: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      small {
        color: var(--ps-text-2);
        font: var(--ps-label);
      }
      .losses {
        max-height: 200px;
        overflow: auto;
        margin: 8px 0;
        padding: 8px 12px;
        border-radius: var(--ps-r);
        background: var(--ps-warn-soft);
        font: var(--ps-label);
      }
      .losses li + li {
        margin-top: 6px;
      }
      .problem {
        margin: 12px 0 0;
        padding: 8px 12px;
        border-radius: var(--ps-r);
        background: var(--ps-error-soft);
      }
    `,
  ];

  constructor() {
    super();
    this.link = null;
    this.copied = "";
    this.busy = "";
    this.problem = "";
    this.lossy = null;
  }

  override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="title"
      data-testid="share-panel"
      @close=${() => (this.bench.panel.value = "")}
      @click=${(event: MouseEvent) => event.target === event.currentTarget && (event.currentTarget as HTMLDialogElement).close()}
    >
      <div class="inside">
        <header>
          <h2 id="title" dir="auto">${P.shareTitle(this.bench.title.value)}</h2>
          <form method="dialog"><button class="button quiet square" aria-label=${P.close}>${icons.close}</button></form>
        </header>
        ${this.lossy ? this.#losses(this.lossy) : html`${this.#linkPart()} ${this.#files()}`}
        ${this.problem ? html`<p class="problem" role="alert" dir="auto">${this.problem}</p>` : null}
      </div>
    </dialog>`;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
    const source = this.bench.source.peek();
    if (!source) return;
    linkTo(source, this.bench.view()).then(
      (link) => (this.link = link),
      () => (this.problem = P.linkFailed),
    );
  }

  #linkPart(): TemplateResult {
    const { link } = this;
    const size = link?.length ?? 0;
    if (size > MAX_LINK) {
      const own = EXPORTS.find((row) => row.ending === this.#ownEnding()) ?? EXPORTS[0];
      return html`<section>
        <h3>${P.linkHeading}</h3>
        <p class="note warn" data-testid="link-too-long">${P.linkTooLong(size, MAX_LINK)}</p>
        ${own ? html`<p class="row"><button class="button primary" @click=${() => void this.#make(own)}>${P.saveFileInstead(own.ending)}</button></p>` : null}
      </section>`;
    }
    const words = { "": P.copyLink, copied: P.linkCopied, "by hand": P.copyByHand }[this.copied];
    return html`<section>
      <h3>${P.linkHeading}</h3>
      <div class="row">
        <input
          readonly
          data-testid="link"
          aria-label=${P.linkHeading}
          .value=${link ?? ""}
          @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
        />
        <button class="button primary copy" data-testid="copy-link" ?disabled=${!link} @click=${this.#copy}>
          ${this.copied === "copied" ? icons.check : null}${words}
        </button>
      </div>
      <p class="unseen" role="status">${this.copied ? words : ""}</p>
      <p class="note" data-testid="link-size">${P.linkSize(size)} ${P.linkPrivacy}</p>
      ${size > LONG_LINK ? html`<p class="note warn">${P.linkLong(LONG_LINK)}</p>` : null}
    </section>`;
  }

  #files(): TemplateResult {
    return html`<section>
      <h3>${P.saveHeading}</h3>
      <dl>
        ${GROUPS.map(
          (group) =>
            html`<dt>${P.exportGroups[group]}</dt>
              <dd>
                ${EXPORTS.filter((row) => row.group === group).map(
                  (row) =>
                    html`<button class="button" data-testid="save-${row.key}" ?disabled=${this.busy !== ""} @click=${() => void this.#make(row)}>
                      ${this.busy === row.key ? P.making : row.group === "model" ? html`${row.label} <small>${row.ending}</small>` : row.label}
                    </button>`,
                )}
              </dd>`,
        )}
      </dl>
      <p class="unseen" role="status">${this.busy ? P.making : ""}</p>
    </section>`;
  }

  #losses(file: MadeFile): TemplateResult {
    return html`<section data-testid="losses">
      <h3>${P.lossHeading(file.name, file.losses.length)}</h3>
      <ul class="losses" tabindex="0">
        ${file.losses.map((loss) => html`<li dir="auto">${loss.message}.</li>`)}
      </ul>
      <p class="row">
        <button class="button primary" data-testid="save-anyway" @click=${() => this.#saved(file)}>${P.saveAnyway}</button>
        <button class="button" @click=${() => (this.lossy = null)}>${P.back}</button>
      </p>
    </section>`;
  }

  #ownEnding(): string {
    const format = this.bench.source.peek()?.format ?? this.bench.compiled.peek()?.document.format ?? "pen";
    return `.${format}`;
  }

  #copy = async (): Promise<void> => {
    const { link } = this;
    if (!link) return;
    try {
      await navigator.clipboard.writeText(link);
      this.copied = "copied";
    } catch {
      this.renderRoot.querySelector<HTMLInputElement>("input")?.focus(); // it selects itself
      this.copied = "by hand";
    }
    setTimeout(() => (this.copied = ""), COPIED);
  };

  async #make(row: Export): Promise<void> {
    this.busy = row.key;
    this.problem = "";
    try {
      const file = await made(this.bench, row);
      if (file.losses.length > 0) this.lossy = file;
      else save(file);
    } catch (error) {
      if (error instanceof FileError) this.problem = `${error.message} ${error.advice}`;
      else if (error instanceof RequestError) this.problem = error.message;
      else this.problem = P.pictureFailed;
    } finally {
      this.busy = "";
    }
  }

  #saved(file: MadeFile): void {
    save(file);
    this.lossy = null;
  }
}

define("ps-share", Share);
