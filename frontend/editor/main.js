// The editor for rules: CodeMirror with the language, the vocabulary and the looks of this app, in one script that only the
// pages with an editor load. Its face is `kpiEditor.create`; what it shows comes from there, it asks nobody itself.
import "./sheets.js";
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { Annotation, Compartment, EditorState, Transaction } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { faults, showFaults } from "./faults.js";
import { looks } from "./looks.js";
import { rhai } from "./rhai.js";
import { complete, explain, known } from "./vocabulary.js";

/** Marks what the page itself put into the editor: that is no typing. */
const fromOutside = Annotation.define();

const ofRules = [
  indentOnInput(),
  closeBrackets(),
  autocompletion({ override: [complete], icons: false }),
  explain,
  known,
  rhai,
];

/**
 * Makes an editor inside `place`.
 * `label`: what it is for, to screen readers. `describedBy`: id of the element that says how to leave it.
 * `isRhai`: whether the text is a rule; otherwise it is text in lines, without words and colours of its own.
 * `phrases`: CodeMirror's own few words in the person's language. `onChange(text)`: called after each change by typing.
 */
function create(place, { text, label, describedBy, isRhai, phrases, onChange }) {
  const locked = new Compartment();
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: text,
      extensions: [
        locked.of([]),
        EditorState.phrases.of(phrases),
        EditorView.contentAttributes.of({
          "aria-label": label,
          "aria-describedby": describedBy,
          spellcheck: "false",
          tabindex: "0",
        }),
        EditorView.lineWrapping,
        lineNumbers(),
        foldGutter(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        history(),
        drawSelection(),
        indentUnit.of("    "),
        bracketMatching(),
        isRhai ? ofRules : [],
        faults,
        looks,
        leaving,
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...foldKeymap, ...historyKeymap]),
        // Escape closes what is open and otherwise makes Tab leave; what stands before it has the first word.
        keymap.of([{ key: "Escape", run: leaveNext }, ...defaultKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          const typed = update.docChanged && update.transactions.some((step) => !step.annotation(fromOutside));
          if (typed) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    /** Puts in another text; what was there can be had back with undo. */
    setText(next) {
      if (next === view.state.doc.toString()) return;
      const changes = { from: 0, to: view.state.doc.length, insert: next };
      view.dispatch({ changes, annotations: [fromOutside.of(true), Transaction.userEvent.of("input.replace")] });
    },
    /** `[{line, column, severity: "error" | "warning", message}]`, lines and columns from 1. */
    setFaults: (list) => view.dispatch(showFaults(view.state, list)),
    setVocabulary: (vocabulary) => view.dispatch({ effects: known.reconfigure(vocabulary) }),
    setLocked: (yes) =>
      view.dispatch({ effects: locked.reconfigure(yes ? [EditorState.readOnly.of(true)] : []) }),
    focus: () => view.focus(),
    /** Moves the cursor there and takes the focus. */
    goTo(line, column) {
      const row = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const anchor = Math.min(row.from + Math.max(column - 1, 0), row.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

// Tab walks through the page as everywhere until something was typed; from then on it indents, until Escape. So nobody who
// only passes by changes the text, and nobody is held inside.
const leaving = [
  EditorView.domEventHandlers({ focus: (_, view) => void view.setTabFocusMode(true) }),
  EditorView.updateListener.of(({ docChanged, transactions, view }) => {
    const typed = docChanged && transactions.some((step) => step.isUserEvent("input") && !step.annotation(fromOutside));
    if (typed) view.setTabFocusMode(false);
  }),
];

function leaveNext(view) {
  view.setTabFocusMode(true);
  return false;
}

window.kpiEditor = { create };
