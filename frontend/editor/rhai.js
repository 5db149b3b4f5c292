// Rhai as rules use it: what is a word of the language, a text, a number, a comment; how far a line is indented.
import { LanguageSupport, StreamLanguage } from "@codemirror/language";

const CONTROL = /^(if|else|switch|do|while|loop|until|for|in|continue|break|return|throw|try|catch)$/;
const DEFINITION = /^(let|const|fn|private)$/;

export const WORDS = [
  ...["if", "else", "switch", "do", "while", "loop", "until", "for", "in", "continue", "break", "return", "throw"],
  ...["try", "catch", "let", "const", "fn", "true", "false"],
];

const language = StreamLanguage.define({
  name: "rhai",
  // `open`: the brackets that are open, innermost last; `${` is one that leads back into a text.
  startState: () => ({ comment: 0, quote: "", open: [], word: "" }),
  copyState: (state) => ({ ...state, open: [...state.open] }),
  token,
  indent(state, after, { unit }) {
    if (state.comment > 0 || state.quote) return null;
    const depth = state.open.length - (/^\s*[)\]}]/.test(after) ? 1 : 0);
    return Math.max(depth, 0) * unit;
  },
  languageData: {
    commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["(", "[", "{", '"', "`"] },
    indentOnInput: /^\s*[)\]}]$/,
  },
});

export const rhai = new LanguageSupport(language);

function token(stream, state) {
  if (state.comment > 0) return comment(stream, state);
  if (state.quote) return text(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match("//")) {
    const doc = /^(!|\/(?!\/))/.test(stream.string.slice(stream.pos));
    stream.skipToEnd();
    return doc ? "docComment" : "comment";
  }
  if (stream.match("/*")) {
    state.comment = 1;
    return comment(stream, state);
  }
  const before = state.word;
  state.word = "";
  if (stream.match(/^["`]/)) {
    state.quote = stream.current();
    return text(stream, state);
  }
  if (stream.match(/^'(?:[^'\\]|\\(?:x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|.))'/i)) return "character";
  if (stream.match(/^0(?:x[\da-f_]+|o[0-7_]+|b[01_]+)/i)) return "number";
  if (stream.match(/^\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?/i)) return "number";
  if (stream.match(/^[A-Za-z_]\w*/)) return word(stream, state, before);
  if (stream.match(/^(?:#?\{|[([])/)) {
    state.open.push(stream.current());
    return "bracket";
  }
  if (stream.match(/^[)\]}]/)) {
    if (state.open.pop() === "${") state.quote = "`";
    return state.quote ? "special.bracket" : "bracket";
  }
  state.word = stream.next();
  if (/[.?]/.test(state.word)) {
    // `?.` reads a field as `.` does, `??` does not.
    if (state.word === "?" && stream.eat("?")) state.word = "";
    else if (state.word === "?" && stream.eat(".")) state.word = ".";
    return "operator";
  }
  return /[,;]/.test(state.word) ? "separator" : "operator";
}

function word(stream, state, before) {
  const name = stream.current();
  const isCall = /^\s*\(/.test(stream.string.slice(stream.pos));
  if (before === ".") return isCall ? "propertyName.function" : "propertyName";
  if (before === "fn") return "variableName.function.definition";
  if (CONTROL.test(name)) return "controlKeyword";
  if (DEFINITION.test(name)) {
    state.word = name;
    return "definitionKeyword";
  }
  if (name === "true" || name === "false") return "bool";
  if (name === "this") return "self";
  if (before === "let" || before === "const") return "variableName.definition";
  return isCall ? "variableName.function" : "variableName";
}

function comment(stream, state) {
  while (!stream.eol()) {
    if (stream.match("/*")) state.comment += 1;
    else if (stream.match("*/")) state.comment -= 1;
    else stream.next();
    if (state.comment === 0) break;
  }
  return "blockComment";
}

function text(stream, state) {
  while (!stream.eol()) {
    if (state.quote === "`" && stream.match("${")) {
      state.open.push("${");
      state.quote = "";
      break;
    }
    const next = stream.next();
    if (next === "\\" && state.quote === '"') stream.next();
    else if (next === state.quote) {
      state.quote = "";
      break;
    }
  }
  return "string";
}
