// As much of Lit as the views of a model use, at a third of its size; the embed's build puts it in Lit's place.
//
// A template is compiled once: its text with marks where values go is parsed by the browser, and the places are numbered in
// the order of the document. Rendering writes only values that changed. tests/embed/test_lit.py runs both side by side.

type Strings = TemplateStringsArray;

/** What `html` and `svg` make: the text, the values between, and whether it stands inside an <svg>. */
export interface TemplateResult {
  readonly strings: Strings;
  readonly values: readonly unknown[];
  readonly drawing: boolean;
}
export type SVGTemplateResult = TemplateResult;
export type PropertyValues = Map<PropertyKey, unknown>;

const template =
  (drawing: boolean) =>
  (strings: Strings, ...values: unknown[]): TemplateResult => ({ strings, values, drawing });
export const html = template(false);
export const svg = template(true);
export const nothing = Symbol();
export const noChange = Symbol();

const isTemplate = (value: unknown): value is TemplateResult => typeof value === "object" && value !== null && "drawing" in value;

// Directives --------------------------------------------------------------------------------------------------

interface Directed {
  readonly make: new (part: object) => { update(part: object, values: unknown[]): unknown };
  readonly given: unknown[];
}

export class Directive {
  constructor(_part: object) {}
}
export const PartType = { ELEMENT: 6 };
export const directive =
  (make: Directed["make"]) =>
  (...given: unknown[]): Directed => ({ make, given });

/** A property is compared with what the element has, not with what was written last. */
class Live {
  constructor(readonly value: unknown) {}
}
export const live = (value: unknown): Live => new Live(value);

class Keyed {
  constructor(
    readonly keys: readonly unknown[],
    readonly values: readonly unknown[],
  ) {}
}
export const repeat = <T>(items: readonly T[], key: (item: T) => unknown, shown: (item: T) => unknown): Keyed => new Keyed(items.map(key), items.map(shown));

// Templates ---------------------------------------------------------------------------------------------------

const MARK = "\u0001";
const NAME = /([.?@]?[^\s"'<>=]+)\s*=\s*(?:"[^"]*|'[^']*|[^\s"'<>=]*)$/;

/** Where values go: the node's number, and for an attribute its name and the texts around the values. */
interface Place {
  readonly node: number;
  readonly name?: string;
  readonly texts?: readonly string[];
}

interface Compiled {
  readonly content: DocumentFragment;
  readonly places: readonly Place[];
}

const compiled = new WeakMap<Strings, Compiled>();

function compile({ strings, drawing }: TemplateResult): Compiled {
  const names: string[] = [];
  let text = "";
  strings.forEach((part, at) => {
    text += part;
    if (at === strings.length - 1) return;
    if (text.lastIndexOf("<") <= text.lastIndexOf(">")) return void (text += `<!--${MARK}-->`);
    const open = NAME.exec(text.slice(text.lastIndexOf("<")));
    names.push(open?.[1] ?? "");
    text += open ? MARK : `${MARK}${names.length}`; // what belongs to an element is an attribute of its own
  });
  const holder = document.createElement("template");
  holder.innerHTML = drawing ? `<svg>${text}</svg>` : text;
  if (drawing) holder.content.firstElementChild?.replaceWith(...holder.content.firstElementChild.childNodes);
  return { content: holder.content, places: places(holder.content, names) };
}

function places(content: DocumentFragment, names: string[]): Place[] {
  const found: Place[] = [];
  let used = 0;
  walk(content, (node, number) => {
    if (node instanceof Comment) {
      if (node.data === MARK) found.push({ node: number });
      return;
    }
    for (const { name, value } of Array.from((node as Element).attributes)) {
      const own = name.startsWith(MARK);
      if (!own && !value.includes(MARK)) continue;
      (node as Element).removeAttribute(name);
      const texts = value.split(MARK);
      found.push(own ? { node: number, name: "", texts: ["", ""] } : { node: number, name: names[used] ?? "", texts });
      used += own ? 1 : texts.length - 1;
    }
  });
  return found;
}

/** Every element and comment, numbered in the order of the document. */
function walk(root: DocumentFragment, visit: (node: Node, number: number) => void): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
  for (let number = 0; walker.nextNode(); number++) visit(walker.currentNode, number);
}

interface Part {
  /** Takes its values from `at` on; how many it took. */
  write(values: readonly unknown[], at: number): number;
}

class Instance {
  readonly strings: Strings;
  readonly fragment: DocumentFragment;
  readonly #parts: Part[];

  constructor(result: TemplateResult, host: object) {
    this.strings = result.strings;
    let made = compiled.get(result.strings);
    if (!made) compiled.set(result.strings, (made = compile(result)));
    this.fragment = document.importNode(made.content, true);
    const nodes: Node[] = [];
    walk(this.fragment, (node) => nodes.push(node));
    this.#parts = made.places.map(({ node, name, texts }) => {
      const found = nodes[node] as Element;
      return texts ? new AttributePart(found, name ?? "", texts, host) : new ChildPart(found as unknown as Comment, host);
    });
  }

  write(values: readonly unknown[]): void {
    let at = 0;
    for (const part of this.#parts) at += part.write(values, at);
  }
}

class AttributePart implements Part {
  #last: unknown[];
  #listening = false;
  #directed: InstanceType<Directed["make"]> | undefined;

  constructor(
    readonly element: Element,
    readonly name: string,
    readonly texts: readonly string[],
    readonly host: object,
  ) {
    this.#last = texts.slice(1).map(() => noChange);
  }

  write(values: readonly unknown[], at: number): number {
    const count = this.#last.length;
    const given = values.slice(at, at + count);
    const first = given[0];
    if (this.name === "") this.#direct(first as Directed);
    else if (first instanceof Live) this.#set(first.value, (this.element as unknown as Record<string, unknown>)[this.name.slice(1)] !== first.value);
    else if (given.some((value, n) => value !== this.#last[n])) {
      const bare = count === 1 && this.texts.every((text) => text === "");
      this.#last = given;
      this.#set(bare ? first : this.texts.map((text, n) => text + (n < count ? String(given[n] ?? "") : "")).join(""), true);
    }
    return count;
  }

  #set(value: unknown, changed: boolean): void {
    const { element, name } = this;
    const rest = name.slice(1);
    if (!changed) return;
    if (name[0] === ".") (element as unknown as Record<string, unknown>)[rest] = value;
    else if (name[0] === "?") element.toggleAttribute(rest, Boolean(value) && value !== nothing);
    else if (name[0] === "@") {
      if (!this.#listening) element.addEventListener(rest, this);
      this.#listening = true;
    } else if (value === nothing) element.removeAttribute(name);
    else element.setAttribute(name, String(value ?? ""));
  }

  handleEvent(event: Event): void {
    const [listener] = this.#last;
    if (typeof listener === "function") listener.call(this.host, event);
  }

  #direct({ make, given }: Directed): void {
    const part = { type: PartType.ELEMENT, element: this.element };
    (this.#directed ??= new make(part)).update(part, given);
  }
}

/** Nodes between texts: what is written stands before `end`. */
class ChildPart implements Part {
  #nodes: ChildNode[] = []; // where the value is a text
  #text: unknown = noChange;
  #instance: Instance | undefined;
  #items: { key: unknown; part: ChildPart }[] | undefined;

  constructor(
    readonly end: Comment,
    readonly host: object,
    readonly start: Comment = end.parentNode?.insertBefore(new Comment(), end) as Comment,
  ) {
    end.data = "";
  }

  write(values: readonly unknown[], at: number): number {
    const value = values[at];
    if (isTemplate(value)) this.#template(value);
    else if (value instanceof Keyed) this.#list(value.keys, value.values);
    else if (Array.isArray(value)) this.#list([...value.keys()], value);
    else if (value !== noChange) this.#plain(value === nothing ? null : value);
    return 1;
  }

  #clear(): void {
    for (let next = this.start.nextSibling; next && next !== this.end; next = this.start.nextSibling) next.remove();
    this.#nodes = [];
    this.#text = noChange;
    this.#instance = this.#items = undefined;
  }

  #template(result: TemplateResult): void {
    if (this.#instance?.strings !== result.strings) {
      this.#clear();
      const made = (this.#instance = new Instance(result, this.host));
      made.write(result.values);
      this.end.before(made.fragment);
    } else this.#instance.write(result.values);
  }

  #plain(value: unknown): void {
    if (value === this.#text) return;
    const [node] = this.#nodes;
    const text = value == null ? "" : String(value);
    if (node instanceof Text) node.data = text;
    else {
      this.#clear();
      this.#nodes = [new Text(text)];
      this.end.before(...this.#nodes);
    }
    this.#text = value;
  }

  #list(keys: readonly unknown[], values: readonly unknown[]): void {
    if (!this.#items) this.#clear();
    const before = new Map((this.#items ?? []).map((item) => [item.key, item.part]));
    let last: ChildNode = this.start;
    this.#items = keys.map((key, at) => {
      const part = before.get(key) ?? this.#place(last);
      before.delete(key);
      if (last.nextSibling !== part.start) last.after(...part.#all());
      part.write(values, at);
      last = part.end;
      return { key, part };
    });
    for (const part of before.values()) for (const node of part.#all()) node.remove();
  }

  #place(after: ChildNode): ChildPart {
    const [start, end] = [new Comment(), new Comment()];
    after.after(start, end);
    return new ChildPart(end, this.host, start);
  }

  #all(): ChildNode[] {
    const nodes: ChildNode[] = [this.start];
    for (let next = this.start.nextSibling; next && next !== this.end; next = next.nextSibling) nodes.push(next);
    return [...nodes, this.end];
  }
}

// Style sheets ------------------------------------------------------------------------------------------------

interface Sheet {
  readonly text: string;
  made?: CSSStyleSheet;
}
export const unsafeCSS = (text: string): Sheet => ({ text });
export const css = (strings: Strings, ...values: (number | Sheet)[]): Sheet =>
  unsafeCSS(strings.reduce((text, part, at) => `${text}${typeof values[at - 1] === "object" ? (values[at - 1] as Sheet).text : values[at - 1]}${part}`));

function sheetOf(sheet: Sheet): CSSStyleSheet {
  if (!sheet.made) (sheet.made = new CSSStyleSheet()).replaceSync(sheet.text);
  return sheet.made;
}

// Elements ----------------------------------------------------------------------------------------------------

function observe({ prototype }: typeof LitElement, name: string): void {
  const kept = Symbol(name);
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Record<symbol, unknown>) {
      return this[kept];
    },
    set(this: LitElement & Record<symbol, unknown>, value: unknown) {
      const before = this[kept];
      this[kept] = value;
      if (!Object.is(before, value)) this.requestUpdate(name, before);
    },
  });
}

export class LitElement extends HTMLElement {
  static properties: Record<string, object> = {};
  static styles: Sheet | readonly (Sheet | readonly Sheet[])[] = [];

  /** The browser asks for this once, when the element is defined. */
  static get observedAttributes(): string[] {
    for (const name of Object.keys(this.properties)) observe(this, name);
    return [];
  }

  renderRoot!: ShadowRoot;
  isUpdatePending = false;
  hasUpdated = false;
  #changed: PropertyValues = new Map();
  #root: ChildPart | undefined;
  #connect!: () => void;
  readonly #connected = new Promise<void>((resolve) => (this.#connect = resolve));
  #done: Promise<unknown> = Promise.resolve();

  constructor() {
    super();
    this.requestUpdate();
  }

  connectedCallback(): void {
    if (!this.renderRoot) {
      this.renderRoot = this.attachShadow({ mode: "open" });
      const { styles } = this.constructor as typeof LitElement;
      this.renderRoot.adoptedStyleSheets = [styles].flat(3).map((sheet) => sheetOf(sheet as Sheet));
    }
    this.#connect();
  }

  disconnectedCallback(): void {}
  attributeChangedCallback(_name: string, _before: string | null, _after: string | null): void {}

  /** Resolves once what is asked for by now is drawn. */
  get updateComplete(): Promise<unknown> {
    return this.#done;
  }

  requestUpdate(name?: PropertyKey, before?: unknown): void {
    if (name !== undefined && !this.#changed.has(name)) this.#changed.set(name, before);
    if (this.isUpdatePending) return;
    this.isUpdatePending = true;
    this.#done = this.#connected.then(() => this.performUpdate());
  }

  protected performUpdate(): void {
    const changed = this.#changed;
    this.#changed = new Map();
    this.#root ??= new ChildPart(this.renderRoot.appendChild(new Comment()), this);
    this.#root.write([this.render()], 0);
    this.isUpdatePending = false;
    const first = !this.hasUpdated;
    this.hasUpdated = true;
    if (first) this.firstUpdated(changed);
    this.updated(changed);
  }

  protected render(): unknown {
    return nothing;
  }
  protected firstUpdated(_changed: PropertyValues): void {}
  protected updated(_changed: PropertyValues): void {}
}
