// What a rule can name, offered while it is typed and explained where the pointer rests. The page hands the vocabulary over:
// `{fields: [{path, type, about}], functions: [{name, signature, about, example}], snippets: [{label, insert, about}]}`.
import { snippetCompletion } from "@codemirror/autocomplete";
import { StateEffect, StateField } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import { WORDS } from "./rhai.js";

const NOTHING = { fields: [], functions: [], snippets: [] };

const setKnown = StateEffect.define();
const vocabulary = StateField.define({
  create: () => NOTHING,
  update: (now, step) => step.effects.find((effect) => effect.is(setKnown))?.value ?? now,
});

export const known = Object.assign([vocabulary], { reconfigure: (given) => setKnown.of({ ...NOTHING, ...given }) });

const PATH = /((?:[A-Za-z_]\w*(?:\[[^\]]*\])?\??\.)*)([A-Za-z_]\w*)?$/;

/** Offers fields behind a dot, everything else elsewhere. */
export function complete({ state, pos, explicit }) {
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  if (/^[^"`]*\/\//.test(before) || isInText(before)) return null;
  const [, path, start = ""] = PATH.exec(before) ?? [];
  const { fields, functions, snippets } = state.field(vocabulary);
  const from = pos - start.length;
  const validFor = /^\w*$/;
  if (path) {
    const own = fieldsOf(fields, plain(path));
    const methods = functions.map((entry) => ({ ...call(entry), boost: -20 }));
    return { from, validFor, options: [...own, ...methods] };
  }
  if (!start && !explicit) return null;
  return {
    from,
    validFor,
    options: [
      ...["kpi", "ctx"].map((label) => ({ label, type: "variable", boost: 10 })),
      ...functions.map(call),
      ...snippets.map(({ label, insert, about }) => snippetCompletion(insert, { label, detail: about, type: "text", boost: -5 })),
      ...ownNames(state.doc.toString(), pos),
      ...WORDS.map((label) => ({ label, type: "keyword", boost: -10 })),
    ],
  };
}

/** `kpi.check_ins[0].` as the vocabulary writes it: `kpi.check_ins[]`. */
function plain(path) {
  return path.replace(/\[[^\]]*\]/g, "[]").replace(/\?/g, "").replace(/\.$/, "");
}

function fieldsOf(fields, base) {
  const options = (list, cut) =>
    list.map((field) => ({ label: field.path.slice(cut(field.path)), detail: field.type, info: () => card(field), type: "property" }));
  const inside = fields.filter(({ path }) => path.startsWith(`${base}.`) && /^\w+$/.test(path.slice(base.length + 1)));
  if (inside.length > 0) return options(inside, () => base.length + 1);
  // A variable of the script, most likely an element of a list: what elements have.
  if (base.includes(".")) return [];
  const elements = fields.filter(({ path }) => /\[\]\.\w+$/.test(path));
  const first = elements.filter((field, index) => elements.findIndex((other) => last(other.path) === last(field.path)) === index);
  return options(first, (path) => path.lastIndexOf(".") + 1);
}

const last = (path) => path.slice(path.lastIndexOf(".") + 1);

function call(entry) {
  const takesNone = /\(\s*\)/.test(entry.signature);
  const options = { label: entry.name, detail: entry.signature.slice(entry.name.length), info: () => card(entry), type: "function" };
  return snippetCompletion(takesNone ? `${entry.name}()` : `${entry.name}(\${})`, options);
}

/** Names that the script gives itself, but for the one that is being typed. */
function ownNames(text, pos) {
  const names = new Map();
  for (const found of text.matchAll(/\b(fn|let|const)\s+([A-Za-z_]\w*)/g)) {
    const end = found.index + found[0].length;
    if (end !== pos) names.set(found[2], found[1] === "fn" ? "function" : "variable");
  }
  return [...names].map(([label, type]) => ({ label, type }));
}

function isInText(before) {
  return (before.replace(/\\./g, "").match(/"/g) ?? []).length % 2 === 1;
}

/** Explains the name under the pointer. */
export const explain = hoverTooltip((view, pos) => {
  const line = view.state.doc.lineAt(pos);
  const at = pos - line.from;
  const end = at + /^\w*/.exec(line.text.slice(at))[0].length;
  const [, path = "", name] = PATH.exec(line.text.slice(0, end)) ?? [];
  if (!name) return null;
  const { fields, functions } = view.state.field(vocabulary);
  const full = path ? `${plain(path)}.${name}` : name;
  const found = fields.find((field) => field.path === full) ?? functions.find((entry) => entry.name === name);
  if (!found) return null;
  return { pos: line.from + end - name.length, end: line.from + end, above: true, create: () => ({ dom: card(found) }) };
});

/** What there is to say about a field or a function. */
function card({ path, type, signature, about, example }) {
  const box = document.createElement("div");
  box.className = "cm-card";
  box.append(element("code", path ? `${path}: ${type}` : signature), element("p", about));
  if (example) box.append(element("code", example));
  return box;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
