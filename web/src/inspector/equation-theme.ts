// What an editor of one equation has beside the text editor's looks: a list of names, and help.
import { EditorView } from "@codemirror/view";

export const equationTheme = EditorView.theme({
  "&": { backgroundColor: "var(--ps-field)" },
  ".cm-content": { padding: "7px 0" },
  ".cm-line": { padding: "0 10px" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "transparent" },
  ".cm-scroller": { maxHeight: "220px" },
  ".cm-idle": { opacity: "0.5" },
  ".cm-problem": { margin: "2px 0 4px 8px" },
  ".cm-tooltip": {
    border: "1px solid var(--ps-line)",
    borderRadius: "var(--ps-r)",
    backgroundColor: "var(--ps-raised)",
    color: "var(--ps-text)",
    boxShadow: "var(--ps-shadow)",
    font: "var(--ps-label)",
    zIndex: "5",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: "var(--ps-code)", maxHeight: "12em", padding: "4px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "center",
    gap: "16px",
    minHeight: "28px",
    padding: "2px 8px",
    borderRadius: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--ps-accent-soft)",
    color: "var(--ps-text)",
  },
  ".cm-completionDetail": { marginLeft: "auto", font: "var(--ps-label)", fontStyle: "normal", color: "var(--ps-text-2)" },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--ps-accent)" },
  ".cm-completionInfo": { padding: "8px 10px", maxWidth: "280px" },
  ".cm-said": { padding: "6px 10px", maxWidth: "320px" },
  ".cm-value": { display: "flex", gap: "12px", alignItems: "baseline", justifyContent: "space-between" },
  ".cm-value code": { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", maxWidth: "200px" },
  ".cm-help code": { font: "12px/18px var(--ps-mono)" },
  ".cm-help p": { margin: "2px 0" },
  ".cm-example": { color: "var(--ps-text-2)" },
});
