// Shows one piece of evidence: `/viewer/?evidence=17`. A page of its own, so that what is inside a foreign file stays
// away from the app.
import { showParagraphs, showSheets } from "./contents.js";
import { showPicture } from "./picture.js";
import { Refused, address, ask } from "./server.js";
import { element, icon } from "./tools.js";
import { t } from "./words.js";

const view = document.getElementById("view");
const id = new URLSearchParams(location.search).get("evidence") ?? "";

document.title = t("viewer.title");
await open();

async function open() {
  view.setAttribute("aria-busy", "true");
  view.replaceChildren(element("p", { class: "notice" }, t("viewer.loading")));
  let file;
  try {
    if (!/^[1-9][0-9]{0,17}$/.test(id)) throw new Refused(404);
    file = await (await ask(`/evidence/${id}`)).json();
    head(file);
    await show(file);
  } catch (error) {
    fail(error, file);
  }
  if (!view.querySelector("form")) view.removeAttribute("aria-busy");
}

function head(file) {
  document.title = `${file.name} · ${t("viewer.title")}`;
  document.getElementById("name").textContent = file.name;
  const back = document.getElementById("back");
  back.href = `/kpis/${file.kpi_id}?tab=evidence`;
  back.replaceChildren(icon("back"), element("span", {}, t("viewer.back")));
  back.hidden = false;
  const download = document.getElementById("download");
  download.href = address(`/evidence/${file.id}/content`);
  download.replaceChildren(icon("download"), element("span", {}, t("viewer.download")));
  download.hidden = false;
}

async function show(file) {
  if (file.preview === "image") return showPicture(view, file);
  if (file.preview === "pdf") {
    const { showPdf } = await import("./pdf.js");
    return showPdf(view, file.id);
  }
  if (file.preview === "none") return none("not_supported");
  const found = await (await ask(`/evidence/${file.id}/preview`)).json();
  if (found.kind === "table") return showSheets(view, found);
  if (found.kind === "text") return showParagraphs(view, found);
  return none(found.reason);
}

function none(reason) {
  const sentences = {
    not_supported: t("viewer.not_supported"),
    damaged: t("viewer.damaged"),
    too_large: t("viewer.too_large"),
    took_too_long: t("viewer.took_too_long"),
  };
  notice(sentences[reason] ?? sentences.not_supported, t("viewer.download_instead"));
}

function fail(error, file) {
  if (!document.getElementById("name").textContent) document.getElementById("name").textContent = t("viewer.title");
  const status = error instanceof Refused ? error.status : undefined;
  if (status === 401) {
    notice(t("viewer.logged_out"), "", element("a", { class: "knob is-main", href: "/login" }, t("viewer.log_in")));
  } else if (status === 404 || status === 403) {
    notice(t("viewer.missing"), "", element("a", { class: "knob is-main", href: "/" }, t("viewer.to_app")));
  } else if (status === 0 || status >= 500) {
    const again = element("button", { type: "button", class: "knob is-main" }, t("viewer.again"));
    again.addEventListener("click", open);
    notice(t("viewer.unreachable"), "", again);
  } else {
    notice(t("viewer.damaged"), file ? t("viewer.download_instead") : "");
  }
}

function notice(sentence, next, ...acts) {
  const parts = [element("p", { class: "strong" }, sentence), ...(next ? [element("p", {}, next)] : []), ...acts];
  view.replaceChildren(element("div", { class: "notice", role: "alert" }, ...parts));
}
