// Colours and sizes come from the app's own variables, so that light and dark follow the page.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.controlKeyword, tags.definitionKeyword, tags.bool, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.character], color: "var(--code-text)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: [tags.comment, tags.docComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-function)" },
  { tag: tags.propertyName, color: "var(--code-field)" },
]);

const theme = EditorView.theme({
  "&": { backgroundColor: "var(--color-base-100)", color: "var(--color-base-content)", fontSize: "0.8125rem" },
  // The field around it shows the focus.
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace", lineHeight: "1.6" },
  ".cm-content": { padding: "0.5rem 0", caretColor: "var(--color-base-content)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--color-base-content)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--color-base-100)", color: "var(--muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--code-selection)",
  },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--shape)",
  },
  ".cm-foldPlaceholder": { backgroundColor: "var(--soft-neutral)", border: "none", color: "var(--muted)" },
  ".cm-tooltip": {
    zIndex: 15,
    border: "1px solid var(--color-base-300)",
    borderRadius: "var(--radius-field)",
    backgroundColor: "var(--color-base-100)",
    color: "var(--color-base-content)",
    boxShadow: "0 8px 24px rgb(0 0 0 / 0.14)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.1875rem 0.625rem", lineHeight: "1.5" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--soft-accent)",
    color: "var(--color-base-content)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: 700 },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal" },
  ".cm-tooltip.cm-completionInfo": { padding: 0, width: "min(22rem, 80vw)", maxWidth: "none" },
  ".cm-card": { display: "grid", gap: "0.25rem", maxWidth: "24rem", padding: "0.5rem 0.75rem", fontSize: "0.8125rem" },
  ".cm-card code": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace", overflowWrap: "anywhere" },
  ".cm-card code:first-child": { fontWeight: 600 },
  ".cm-card code:last-child:not(:first-child)": { color: "var(--muted)" },
  // Under its line, where the eye is; wrapped, because the sentence matters more than the line.
  ".cm-fault-row": { padding: "0.125rem 0.5rem 0.25rem 0.375rem" },
  ".cm-fault": {
    padding: "0.125rem 0.5rem",
    borderLeft: "3px solid var(--color-error)",
    borderRadius: "0.25rem",
    backgroundColor: "var(--soft-bad)",
    color: "var(--color-base-content)",
    fontFamily: "var(--font-sans)",
    whiteSpace: "normal",
  },
  ".cm-fault-warning": { borderLeftColor: "var(--chart-4)", backgroundColor: "var(--soft-warn)" },
});

export const looks = [theme, syntaxHighlighting(colours)];
