// The editor itself, a chunk of its own: CodeMirror with our marks, our colours and nothing else.
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { EditorState, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import type { Extension, TransactionSpec } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  ViewPlugin,
  WidgetType,
} from "@codemirror/view";
import type { DecorationSet, ViewUpdate } from "@codemirror/view";
import type { Diagnostic } from "../../../worker/protocol.js";
import { changeBetween } from "../state/history.js";
import { S } from "../strings.js";
import { theme } from "./theme.js";

/** What an editor asks of the page: its history is the page's. */
export interface Typing {
  changed(text: string): void;
  undo(): void;
  redo(): void;
}

/** What the page asks of an editor. */
export interface TextEditor {
  /** `another` is a different document; else the cursor goes to what changed. */
  setText(text: string, another: boolean): void;
  setProblems(problems: readonly Diagnostic[]): void;
  /** All names; those with a colour are plotted. `keywords` where the text is Penstock's own. */
  setNames(colours: ReadonlyMap<string, number | null>, keywords: boolean): void;
  reveal(start: number, end: number): void;
  destroy(): void;
}

export const setProblems = StateEffect.define<readonly Diagnostic[]>();
interface Names {
  readonly colours: ReadonlyMap<string, number | null>;
  readonly keywords: boolean;
}

export const setNames = StateEffect.define<Names>();

/** What a problem's button asks for: the event comes from within the editor and goes out to who owns it. */
export type FixEvent = CustomEvent<{ readonly problem: Diagnostic; readonly fix: string }>;

// Problems ------------------------------------------------------------------------------------------------

class Message extends WidgetType {
  constructor(readonly problem: Diagnostic) {
    super();
  }

  override eq(other: Message): boolean {
    const { message, advice, range } = this.problem;
    return other.problem.message === message && other.problem.advice === advice && String(other.problem.range) === String(range);
  }

  toDOM(): HTMLElement {
    const block = document.createElement("div");
    block.className = `cm-problem cm-problem-${this.problem.severity === "error" ? "error" : "warning"}`;
    const message = document.createElement("span");
    message.textContent = this.problem.message;
    const advice = document.createElement("span");
    advice.className = "cm-advice";
    advice.textContent = this.problem.advice;
    block.append(message, advice, ...(this.problem.fixes ?? []).map((fix) => this.#button(fix)));
    return block;
  }

  #button(fix: string): HTMLElement {
    const button = document.createElement("button");
    button.className = "cm-fix";
    button.dataset["testid"] = "fix";
    button.textContent = S.changeTo(fix);
    const detail = { problem: this.problem, fix };
    button.addEventListener("click", () => button.dispatchEvent(new CustomEvent("ps-fix", { detail, bubbles: true, composed: true })));
    return button;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const MOST_SHOWN = 30;

function marked(state: EditorState, problems: readonly Diagnostic[]): DecorationSet {
  const ranges = problems.slice(0, MOST_SHOWN).flatMap((problem) => {
    if (!problem.range) return [];
    const [start = 0, end = start] = problem.range;
    const { length } = state.doc;
    let from = Math.min(start, length);
    let to = Math.min(Math.max(end, from), length);
    if (from === to) [from, to] = from < state.doc.lineAt(from).to ? [from, from + 1] : [Math.max(state.doc.lineAt(from).from, from - 1), from];
    const kind = problem.severity === "error" ? "error" : "warning";
    const block = Decoration.widget({ widget: new Message(problem), block: true, side: 1 });
    const mark = from < to ? [Decoration.mark({ class: `cm-mark-${kind}` }).range(from, to)] : [];
    return [...mark, block.range(state.doc.lineAt(from).to)];
  });
  return Decoration.set(ranges, true);
}

export const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const moved = marks.map(transaction.changes);
    const news = transaction.effects.filter((effect) => effect.is(setProblems)).at(-1);
    return news ? marked(transaction.state, news.value) : moved;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Names and comments --------------------------------------------------------------------------------------

export const nameField = StateField.define<Names>({
  create: () => ({ colours: new Map(), keywords: false }),
  update: (names, transaction) => transaction.effects.filter((effect) => effect.is(setNames)).at(-1)?.value ?? names,
});

const KEYWORDS = String.raw`^[ \t]*(?:model|time|group|dim|(?:non-negative[ \t]+)?(?:stock|flow)|aux|const|lookup|in|out|net)\b`;
const COMMENT = String.raw`#.*`;
const QUOTED = String.raw`"[^"\n]*"`;
const UNIT = String.raw`\{[^}\n]*\}`;

const MOST_NAMES = 400; // a longer pattern would slow typing down

/** Plotted names wear their colour; comments, quotes and units step back. */
function painted(view: EditorView): DecorationSet {
  const { colours, keywords } = view.state.field(nameField);
  const names = [...colours].slice(0, MOST_NAMES).sort(([a], [b]) => b.length - a.length);
  const escaped = names.map(([name]) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/[ _]+/g, "[ _]+"));
  const any = escaped.length > 0 ? `|(?<![\\p{L}\\p{N}_])(?:${escaped.join("|")})(?![\\p{L}\\p{N}_])` : "";
  const pattern = new RegExp(`${COMMENT}|${QUOTED}|${UNIT}|(?<key>${KEYWORDS})${any}`, "gimu");
  const colour = new Map(names.map(([name, at]) => [plain(name), at]));
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (const found of view.state.sliceDoc(from, to).matchAll(pattern)) {
      const [text] = found;
      const named = colour.get(plain(text));
      const quiet = text.startsWith("#") || text.startsWith('"') || text.startsWith("{");
      const key = found.groups?.["key"] !== undefined;
      if (key && !keywords) continue;
      const kind = key ? "cm-key" : quiet ? "cm-quiet" : typeof named === "number" ? `cm-name cm-s${named + 1}` : "";
      if (kind) builder.add(from + found.index, from + found.index + text.length, Decoration.mark({ class: kind }));
    }
  }
  return builder.finish();
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[ _]+/g, " ");
}

export const paint = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = painted(view);
    }
    update(update: ViewUpdate): void {
      const renamed = update.startState.field(nameField) !== update.state.field(nameField);
      if (update.docChanged || update.viewportChanged || renamed) this.decorations = painted(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

// The editor ----------------------------------------------------------------------------------------------

export function undoKeys(typing: Pick<Typing, "undo" | "redo">): Extension {
  const act = (way: "undo" | "redo") => () => {
    typing[way]();
    return true;
  };
  return keymap.of([
    { key: "Mod-z", run: act("undo"), preventDefault: true },
    { key: "Mod-Shift-z", run: act("redo"), preventDefault: true },
    { key: "Mod-y", run: act("redo"), preventDefault: true },
  ]);
}

/** What is typed over a selection goes in as plain text: browsers would give it the selection's looks as inline styles. */
export const plainTyping = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || !event.data || view.composing || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

/** The next text in place of this one; what stays the same stays where it is. */
export function replacement(text: string, next: string): TransactionSpec {
  const change = changeBetween(text, next);
  if (!change) return {};
  const { at, before, after } = change;
  return { changes: { from: at, to: at + before.length, insert: after }, selection: { anchor: at + after.length }, scrollIntoView: true };
}

export function createEditor(parent: HTMLElement, root: ShadowRoot, text: string, label: string, typing: Typing): TextEditor {
  let given = false; // the page sets the text: no change of the reader's
  const extensions: Extension[] = [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    undoKeys(typing),
    plainTyping,
    keymap.of([...defaultKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ "aria-label": label, "data-testid": "editor", spellcheck: "false", tabindex: "0" }),
    problemField,
    nameField,
    paint,
    theme,
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !given) typing.changed(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ state: EditorState.create({ doc: text, extensions }), parent, root });
  return {
    setText(next, another) {
      const { doc } = view.state;
      if (!another && next === doc.toString()) return;
      given = true;
      if (another) view.setState(EditorState.create({ doc: next, extensions }));
      else view.dispatch(replacement(doc.toString(), next));
      given = false;
    },
    setProblems: (problems) => view.dispatch({ effects: setProblems.of(problems) }),
    setNames: (colours, keywords) => view.dispatch({ effects: setNames.of({ colours, keywords }) }),
    reveal(start, end) {
      const { length } = view.state.doc;
      const anchor = Math.min(start, length);
      view.dispatch({
        selection: { anchor, head: Math.min(Math.max(end, anchor), length) },
        effects: EditorView.scrollIntoView(anchor, { y: "center" }),
      });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
