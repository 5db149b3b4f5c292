// CodeMirror brings its styles as a `<style>` element, which the policy `style-src 'self'` forbids. Adopted style sheets are
// made by a script that has been allowed and need no such exception.
import { StyleModule } from "style-mod";

const mounted = new Map();

StyleModule.mount = (root, modules) => {
  for (const module of [modules].flat()) {
    if (mounted.has(module)) continue;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    mounted.set(module, sheet);
  }
  // Later ones win, in the order that is asked for.
  const wanted = [modules].flat().map((module) => mounted.get(module));
  const others = root.adoptedStyleSheets.filter((sheet) => !wanted.includes(sheet));
  root.adoptedStyleSheets = [...others, ...wanted];
};
