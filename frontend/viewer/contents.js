// What the server read out of a spreadsheet or a document: tables and paragraphs, as text only.
import { element } from "./tools.js";
import { t } from "./words.js";

export function showSheets(view, { sheets, truncated }) {
  const parts = sheets.map((sheet) => {
    const rows = sheet.rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell))));
    const widest = Math.max(...sheet.rows.map((row) => row.length), 0);
    const table = element("table", {}, element("tbody", {}, ...rows));
    const region = element("div", { class: "frame", role: "region", tabindex: "0", "aria-label": sheet.name }, table);
    return element(
      "section",
      { class: "sheet" },
      element("h2", {}, sheet.name),
      widest === 0 ? element("p", { class: "faint" }, t("viewer.empty_sheet")) : region,
      ...(sheet.truncated ? [element("p", { class: "faint" }, t("viewer.cut"))] : []),
    );
  });
  view.replaceChildren(element("p", { class: "faint" }, t("viewer.values_only")), ...parts, ...cut(truncated));
}

export function showParagraphs(view, { paragraphs, truncated }) {
  const text = paragraphs.map((paragraph) => element("p", {}, paragraph));
  const body = text.length > 0 ? text : [element("p", { class: "faint" }, t("viewer.empty_text"))];
  const article = element("article", { class: "prose" }, ...body);
  view.replaceChildren(element("p", { class: "faint" }, t("viewer.text_only")), article, ...cut(truncated));
}

function cut(truncated) {
  return truncated ? [element("p", { class: "faint" }, t("viewer.cut"))] : [];
}
