// The editor of one equation: completion, help under the pointer, marks, and the values of its parts.
import { acceptCompletion, autocompletion, closeCompletion, completionKeymap, completionStatus } from "@codemirror/autocomplete";
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, redo, undo, undoDepth } from "@codemirror/commands";
import { Compartment, EditorState, Prec, StateEffect, StateField, Transaction } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, hoverTooltip, keymap } from "@codemirror/view";
import type { DecorationSet, Tooltip } from "@codemirror/view";
import type { Diagnostic } from "../../../worker/protocol.js";
import type { FieldDescriptors, FunctionRow, NameRow } from "../../../worker/tools.js";
import { nameField, paint, plainTyping, problemField, replacement, setNames, setProblems } from "../text/editor.js";
import { theme } from "../text/theme.js";
import { equationTheme } from "./equation-theme.js";

/** A part of the equation with its value, by places in the equation's text. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly value: string; // as it is shown
  readonly taken: boolean;
}

/** What an editor asks of its page. */
export interface Asking {
  changed(text: string): void;
  /** Enter was pressed, or the field was left. */
  finished(): void;
  undo(): void;
  redo(): void;
  fields(): FieldDescriptors | null;
  /** What completion says beside a name. */
  detail(name: NameRow): string;
  parts(): readonly Part[];
  readonly words: { readonly function: string; readonly notTaken: string };
}

export interface EquationEditor {
  readonly text: string;
  readonly focused: boolean;
  /** A list of names is open. */
  readonly choosing: boolean;
  setText(text: string): void;
  /** What was typed is a step of the page now: from here on the page takes it back. */
  forget(): void;
  setProblems(problems: readonly Diagnostic[]): void;
  setNames(colours: ReadonlyMap<string, number | null>): void;
  /** The parts have other values. */
  refresh(): void;
  focus(): void;
  destroy(): void;
}

const MOST_OPTIONS = 50;
const BEFORE = /[\p{L}_"][\p{L}\p{N}_."' ]*$/u; // a name that ends here; it may hold spaces

const refreshed = StateEffect.define<readonly Part[]>();

// Completion ----------------------------------------------------------------------------------------------

function completing(asking: Asking): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const fields = asking.fields();
    if (!fields) return null;
    const before = context.matchBefore(BEFORE);
    if (!before && !context.explicit) return null;
    const reserved = new Set(fields.words.map((word) => word.toLowerCase()));
    const words = (before?.text ?? "").split(/(?<= )/);
    const cut = words.findLastIndex((word) => reserved.has(word.trim().toLowerCase()) && word.endsWith(" "));
    const typed = words.slice(cut + 1).join("");
    const from = context.pos - typed.length;
    const options = found(typed.trimStart(), fields, asking);
    return options.length > 0 ? { from: from + (typed.length - typed.trimStart().length), options, filter: false } : null;
  };
}

/** What begins with the typed text first, then what has a word that does. */
function found(typed: string, fields: FieldDescriptors, asking: Asking): Completion[] {
  const wanted = plain(typed);
  const rank = (name: string): number => {
    const known = plain(name);
    return known.startsWith(wanted) ? 0 : known.includes(` ${wanted}`) ? 1 : wanted.length > 2 && known.includes(wanted) ? 2 : 3;
  };
  const names = fields.names.map((row) => ({ rank: rank(row.name), option: () => nameOption(row, asking) }));
  const functions = fields.functions.map((row) => ({ rank: rank(row.name), option: () => functionOption(row, asking) }));
  return [...names, ...functions]
    .filter((item) => item.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_OPTIONS)
    .map((item) => item.option());
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[ _"]+/g, " ").trim();
}

function nameOption(row: NameRow, asking: Asking): Completion {
  return { label: row.name, apply: row.insert, detail: asking.detail(row), type: row.kind };
}

function functionOption(row: FunctionRow, asking: Asking): Completion {
  return {
    label: row.name,
    detail: asking.words.function,
    type: "function",
    info: () => help(row),
    apply: (view, _completion, from, to) => {
      const insert = row.parameters.length > 0 || row.signature.includes("(") ? `${row.name}()` : row.name;
      const anchor = from + insert.length - (insert.endsWith(")") && row.parameters.length > 0 ? 1 : 0);
      view.dispatch({ changes: { from, to, insert }, selection: { anchor }, userEvent: "input.complete" });
    },
  };
}

function help(row: FunctionRow): HTMLElement {
  const block = document.createElement("div");
  block.className = "cm-help";
  const signature = document.createElement("code");
  signature.textContent = row.signature.includes("(") ? row.signature : `${row.name}(${row.signature})`;
  const meaning = document.createElement("p");
  meaning.textContent = row.meaning;
  block.append(signature, meaning);
  const [example] = row.examples;
  if (example) {
    const shown = document.createElement("code");
    shown.className = "cm-example";
    shown.textContent = `${example.expression} = ${example.value}`;
    block.append(shown);
  }
  return block;
}

// Help and values under the pointer -----------------------------------------------------------------------

function hovering(asking: Asking): (view: EditorView, pos: number) => Tooltip | null {
  return (view, pos) => {
    const part = smallest(view.state.field(partField).parts, pos);
    const row = functionAt(view.state.doc.toString(), pos, asking.fields());
    if (!part && !row) return null;
    return {
      pos: part?.start ?? pos,
      end: part?.end ?? pos,
      above: true,
      create: () => {
        const dom = document.createElement("div");
        dom.className = "cm-said";
        if (part) {
          const line = document.createElement("div");
          line.className = "cm-value";
          const text = document.createElement("code");
          text.textContent = view.state.sliceDoc(part.start, part.end).replace(/\s+/g, " ");
          const value = document.createElement("strong");
          value.textContent = part.taken ? `= ${part.value}` : asking.words.notTaken;
          line.append(text, value);
          dom.append(line);
        }
        if (row) dom.append(help(row));
        return { dom };
      },
    };
  };
}

function smallest(parts: readonly Part[], pos: number): Part | undefined {
  const around = parts.filter((part) => part.start <= pos && pos <= part.end);
  return around.sort((a, b) => a.end - a.start - (b.end - b.start))[0];
}

function functionAt(text: string, pos: number, fields: FieldDescriptors | null): FunctionRow | undefined {
  const start = /[\p{L}\p{N}_ ]*$/u.exec(text.slice(0, pos))?.[0] ?? "";
  const end = /^[\p{L}\p{N}_ ]*/u.exec(text.slice(pos))?.[0] ?? "";
  const word = plain(start + end);
  return word === "" ? undefined : fields?.functions.find((row) => [row.name, ...row.spellings].some((name) => plain(name) === word));
}

/** The parts with their values; those that are not taken are dimmed. They hold until the text changes. */
const partField = StateField.define<{ parts: readonly Part[]; marks: DecorationSet }>({
  create: () => ({ parts: [], marks: Decoration.none }),
  update(now, transaction) {
    const news = transaction.effects.find((effect) => effect.is(refreshed));
    if (news) {
      const { length } = transaction.state.doc;
      const parts = news.value.filter((part) => part.start < part.end && part.end <= length);
      const idle = parts.filter((part) => !part.taken).map((part) => Decoration.mark({ class: "cm-idle" }).range(part.start, part.end));
      return { parts, marks: Decoration.set(idle, true) };
    }
    return transaction.docChanged ? { parts: [], marks: Decoration.none } : now;
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.marks),
});

// The editor ----------------------------------------------------------------------------------------------

export function createEquationEditor(parent: HTMLElement, root: ShadowRoot, text: string, label: string, asking: Asking): EquationEditor {
  const past = new Compartment();
  const step = (own: typeof undo, page: () => void, depth: (state: EditorState) => number) => (view: EditorView) => {
    if (depth(view.state) > 0) return own(view);
    page();
    return true;
  };
  const undoes = step(undo, () => asking.undo(), undoDepth);
  const redoes = (view: EditorView): boolean => redo(view) || (asking.redo(), true);
  const finish = (view: EditorView): boolean => {
    if (completionStatus(view.state) === "active") return false;
    asking.finished();
    return true;
  };
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        past.of(history()),
        drawSelection(),
        EditorView.lineWrapping,
        plainTyping,
        Prec.highest(
          keymap.of([
            { key: "Tab", run: acceptCompletion },
            { key: "Mod-z", run: undoes, preventDefault: true },
            { key: "Mod-Shift-z", run: redoes, preventDefault: true },
            { key: "Mod-y", run: redoes, preventDefault: true },
            { key: "Mod-Enter", run: finish },
            { key: "Escape", run: closeCompletion },
          ]),
        ),
        autocompletion({ override: [completing(asking)], icons: false, maxRenderedOptions: MOST_OPTIONS }),
        keymap.of([...completionKeymap, { key: "Enter", run: finish }, { key: "Shift-Enter", run: insertLine }, ...defaultKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label, "data-testid": "equation", spellcheck: "false", autocapitalize: "off" }),
        problemField,
        nameField,
        paint,
        partField,
        hoverTooltip(hovering(asking), { hideOnChange: true }),
        theme,
        equationTheme,
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((item) => item.annotation(Transaction.remote))) asking.changed(update.state.doc.toString());
          if (update.focusChanged && !view.hasFocus) asking.finished();
        }),
      ],
    }),
  });
  const forget = (): void => {
    view.dispatch({ effects: past.reconfigure([]) });
    view.dispatch({ effects: past.reconfigure(history()) });
  };
  return {
    get text() {
      return view.state.doc.toString();
    },
    get focused() {
      return view.hasFocus;
    },
    get choosing() {
      return completionStatus(view.state) === "active";
    },
    setText(next) {
      const now = view.state.doc.toString();
      if (now === next) return;
      view.dispatch({ ...replacement(now, next), annotations: Transaction.remote.of(true) });
      forget();
    },
    forget,
    setProblems: (problems) => view.dispatch({ effects: setProblems.of(problems) }),
    setNames: (colours) => view.dispatch({ effects: setNames.of({ colours, keywords: false }) }),
    refresh: () => view.dispatch({ effects: refreshed.of(asking.parts()) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function insertLine(view: EditorView): boolean {
  view.dispatch(view.state.replaceSelection("\n"), { scrollIntoView: true });
  return true;
}
