// The page's sentences, written like the app's in `viewer.<language>.toml`; the language is the one that the app was last
// used in.
const catalogue = await fetch("/viewer/sentences.json").then((answer) => answer.json());
const known = catalogue[document.documentElement.lang.slice(0, 2)] ?? catalogue.en;

/** The sentence of a key with its `%{name}` places filled. */
export function t(key, values = {}) {
  const sentence = known[key] ?? catalogue.en[key] ?? key;
  return sentence.replace(/%\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** A number as people of that language write it. */
export function number(value, options = {}) {
  return new Intl.NumberFormat(document.documentElement.lang || "en", options).format(value);
}
