// How the editor looks, in the page's tokens.
import { EditorView } from "@codemirror/view";

const series = Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [`.cm-s${at}`, { color: `var(--ps-s${at}t)` }]));

export const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--ps-page)", color: "var(--ps-text)", font: "var(--ps-code)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "var(--ps-code)", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ps-accent)" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-cursor": { borderLeft: "2px solid var(--ps-accent)" },
  ".cm-gutters": {
    backgroundColor: "var(--ps-page)",
    color: "var(--ps-text-2)",
    border: "none",
    fontSize: "11px",
    minWidth: "36px",
  },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 6px 0 8px", lineHeight: "20px" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--ps-hover)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ps-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--ps-accent) 22%, transparent)",
  },
  ".cm-key": { fontWeight: "600" },
  ".cm-name": { fontWeight: "600" },
  ".cm-quiet": { color: "var(--ps-text-2)" },
  ...series,
  ".cm-mark-error": {
    textDecoration: "underline wavy var(--ps-error) 1.25px",
    textUnderlineOffset: "4px",
    textDecorationSkipInk: "none",
  },
  ".cm-mark-warning": {
    textDecoration: "underline dotted var(--ps-warn) 1.5px",
    textUnderlineOffset: "4px",
  },
  ".cm-problem": {
    margin: "2px 12px 6px 6px",
    padding: "5px 8px",
    borderRadius: "0 4px 4px 0",
    font: "var(--ps-label)",
    color: "var(--ps-text)",
    whiteSpace: "normal",
    overflowWrap: "anywhere",
  },
  ".cm-problem-error": { borderLeft: "2px solid var(--ps-error)", backgroundColor: "var(--ps-error-soft)" },
  ".cm-problem-warning": { borderLeft: "2px solid var(--ps-warn)", backgroundColor: "var(--ps-warn-soft)" },
  ".cm-fix": {
    minHeight: "24px",
    marginTop: "2px",
    marginRight: "8px",
    padding: "0 8px",
    border: "1px solid var(--ps-line)",
    borderRadius: "4px",
    background: "var(--ps-field)",
    color: "var(--ps-accent)",
    font: "500 12px/16px var(--ps-font)",
    cursor: "pointer",
  },
  ".cm-advice": { display: "block", color: "var(--ps-text-2)" },
});
