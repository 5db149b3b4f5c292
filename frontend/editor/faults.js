// What the check found: underlined where it is, and said in words under its line.
import { lintGutter, lintKeymap, linter, setDiagnostics } from "@codemirror/lint";
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, keymap } from "@codemirror/view";

const setMessages = StateEffect.define();

class Message extends WidgetType {
  constructor(severity, message) {
    super();
    Object.assign(this, { severity, message });
  }

  eq(other) {
    return other.severity === this.severity && other.message === this.message;
  }

  // A box in a box: the editor does not see margins, and line numbers would stand beside the wrong lines.
  toDOM() {
    const row = document.createElement("div");
    row.className = "cm-fault-row";
    const line = row.appendChild(document.createElement("div"));
    line.className = `cm-fault cm-fault-${this.severity}`;
    line.textContent = this.message;
    return row;
  }

  ignoreEvent() {
    return true;
  }
}

const messages = StateField.define({
  create: () => ({ list: [], widgets: Decoration.none }),
  update(now, step) {
    const set = step.effects.find((effect) => effect.is(setMessages))?.value;
    if (!set && !step.docChanged) return now;
    const list = set ?? now.list.map((fault) => ({ ...fault, from: step.changes.mapPos(fault.from, -1) }));
    const widgets = list.map(({ from, severity, message }) =>
      Decoration.widget({ widget: new Message(severity, message), block: true, side: 1 }).range(step.state.doc.lineAt(from).to),
    );
    return { list, widgets: Decoration.set(widgets, true) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ widgets }) => widgets),
});

export const faults = [messages, lintGutter({ tooltipFilter: () => [] }), linter(null, { tooltipFilter: () => [] }), keymap.of(lintKeymap)];

/** The change of an editor that shows these and no others. */
export function showFaults(state, list) {
  const placed = list.map((fault) => ({ ...place(state.doc, fault), severity: fault.severity, message: fault.message }));
  const { effects } = setDiagnostics(state, placed);
  return { effects: [...effects, setMessages.of(placed)] };
}

/** The word at a place, else the one sign; a fault without a place belongs to the first line. */
function place(doc, { line, column }) {
  const row = doc.line(Math.min(Math.max(line || 1, 1), doc.lines));
  const start = Math.min(Math.max((column || 1) - 1, 0), row.length);
  const word = /^\w+/.exec(row.text.slice(start));
  const from = word || start < row.length ? row.from + start : Math.max(row.to - 1, row.from);
  return { from, to: Math.min(from + Math.max(word?.[0].length ?? 1, 1), row.to) };
}
