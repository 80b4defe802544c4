// What views ask of Lit and of signals, done step by step; the log must not tell which implementation did it.
import { css, html, LitElement, noChange, nothing, svg } from "lit";
import { Directive, directive } from "lit/directive.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";

const log: string[] = [];

class Mark extends Directive {
  render(_value: string): unknown {
    return noChange;
  }
  override update(part: { element: Element }, [value]: [string]): unknown {
    part.element.setAttribute("data-mark", value);
    return noChange;
  }
}
const mark = directive(Mark as never) as (value: string) => unknown;

interface Row {
  key: number;
  text: string;
}

class Inner extends LitElement {
  static override properties = { given: { attribute: false } };
  declare given: unknown;
  override render() {
    return html`<i>${JSON.stringify(this.given)}</i>`;
  }
}

class Outer extends LitElement {
  static override properties = { rows: { attribute: false }, on: { state: true }, value: { state: true } };
  static override styles = [css`:host { --room: ${7}px; } b { width: var(--room); }`, [css`i { color: red; }`]];
  declare rows: Row[];
  declare on: boolean;
  declare value: unknown;
  constructor() {
    super();
    this.rows = [];
    this.on = false;
    this.value = "a";
  }
  override render() {
    const { on, value, rows } = this;
    return html`
      <p class="x ${on ? "on" : ""} ${value} y" title=${value as string} ?hidden=${on} aria-label=${on ? nothing : "label"} ${mark(String(value))}>
        ${value} ${on ? html`<b>${value}</b>` : null} ${on ? nothing : html`<u>off</u>`}
      </p>
      <input .value=${live(String(value))} @click=${() => log.push(`clicked ${String(this.value)}`)} @focus=${on ? () => {} : nothing} />
      <table><tbody>${rows.map((row) => html`<tr><td>${row.text}</td></tr>`)}</tbody></table>
      <ul>${repeat(rows, (row) => row.key, (row) => html`<li data-key=${row.key}>${row.text}</li>`)}</ul>
      <svg viewBox="0 0 1 1">${rows.map((row) => svg`<g transform="scale(${row.key} ${row.key})"><text>${row.text}</text></g>`)}</svg>
      <x-inner .given=${rows.length}></x-inner>${[1, [2, "three"], nothing, html`<em>4</em>`]}
    `;
  }
  override firstUpdated(): void {
    log.push("first");
  }
  override updated(changed: Map<PropertyKey, unknown>): void {
    log.push(`updated ${[...changed.keys()].sort().join()}`);
  }
}
customElements.define("x-inner", Inner);
customElements.define("x-outer", Outer);

/** What a reader would find, without the marks that either leaves. */
function seen(node: Node): string {
  if (node instanceof Text) return node.data.trim();
  if (node instanceof Comment) return "";
  const inner = Array.from(((node as Element).shadowRoot ?? node).childNodes, seen).join("");
  if (!(node instanceof Element)) return inner;
  const attributes = Array.from(node.attributes, ({ name, value }) => ` ${name}="${value.replace(/\s+/g, " ").trim()}"`).sort();
  return `<${node.namespaceURI?.slice(-3)}:${node.localName}${attributes.join("")}>${inner}</>`;
}

async function views(): Promise<void> {
  const outer = new Outer();
  document.body.append(outer);
  await outer.updateComplete;
  const note = async (what: string): Promise<void> => {
    await outer.updateComplete;
    await Promise.resolve();
    const items = Array.from(outer.renderRoot.querySelectorAll("li"), (li) => (li as HTMLElement & { tag?: number }).tag ?? "new");
    log.push(`${what}: ${seen(outer)} ${items.join()} ${getComputedStyle(outer.renderRoot.querySelector("p")!).display}`);
  };
  await note("empty");
  outer.rows = [1, 2, 3, 4].map((key) => ({ key, text: `<row ${key}>` }));
  await note("four");
  outer.renderRoot.querySelectorAll("li").forEach((li, at) => Object.assign(li, { tag: at + 1 }));
  outer.rows = [4, 2, 5, 1].map((key) => ({ key, text: `row ${key}` }));
  await note("moved");
  for (const value of ["b", 0, null, undefined, "<b>", "b"]) {
    outer.value = value;
    await note(`value ${String(value)}`);
  }
  outer.on = true;
  await note("on");
  outer.renderRoot.querySelector("input")!.value = "typed";
  outer.requestUpdate();
  await note("typed");
  outer.renderRoot.querySelector("input")!.click();
  outer.on = false;
  outer.rows = [];
  await note("off");
  outer.remove();
  outer.value = "away";
  document.body.append(outer);
  await note("back");
}

function signals(): void {
  const a = signal(1);
  const b = signal(2);
  const sum = computed(() => (log.push("sum"), a.value + b.value));
  const even = computed(() => (log.push("even"), sum.value % 2 === 0));
  const stop = effect(() => void log.push(`effect ${even.value} ${untracked(() => b.value)}`));
  a.value = 3;
  a.value = 4;
  b.value = 2;
  batch(() => {
    a.value = 5;
    b.value = 6;
    log.push(`inside ${sum.value}`);
  });
  const inner = effect(() => {
    if (a.value < 10) a.value = a.value + 4;
    log.push(`a ${a.value}`);
  });
  const told = b.subscribe((value) => log.push(`b ${value} ${a.value}`));
  b.value = 7;
  told();
  b.value = 8;
  const switched = computed(() => (a.value > 100 ? b.value : 0));
  const watching = effect(() => void log.push(`switched ${switched.value}`));
  b.value = 9;
  a.value = 101;
  b.value = 10;
  stop();
  inner();
  watching();
  b.value = 11;
  log.push(`${even.peek()} ${sum.value} ${switched.value}`);
}

export async function run(): Promise<string[]> {
  signals();
  await views();
  return log;
}
