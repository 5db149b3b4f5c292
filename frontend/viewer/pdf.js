// A PDF, one page at a time: the picture for the eye, its text above it for screen readers, searching and copying.
import { GlobalWorkerOptions, TextLayer, getDocument } from "/vendor/pdfjs/pdf.js";
import { address } from "./server.js";
import { block, element, knob, onKeys, say, show, zoom } from "./tools.js";
import { number, t } from "./words.js";

const VENDOR = "/vendor/pdfjs";
/** CSS pixels in a point. */
const PER_POINT = 96 / 72;
/** More pixels in one canvas some phones refuse to draw. */
const MOST_PIXELS = 16_000_000;

GlobalWorkerOptions.workerSrc = `${VENDOR}/pdf.worker.js`;

/** Draws the document into `view`; throws when it is none. */
export async function showPdf(view, id) {
  const loading = getDocument({
    url: address(`/evidence/${id}/content`),
    cMapUrl: `${VENDOR}/cmaps/`,
    standardFontDataUrl: `${VENDOR}/fonts/`,
    wasmUrl: `${VENDOR}/wasm/`,
    iccUrl: `${VENDOR}/iccs/`,
    // Large files come in pieces, as they are looked at.
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    // The fonts of every PDF reader come along: the same look on every device.
    useSystemFonts: false,
    verbosity: 0,
  });
  loading.onPassword = (unlock, reason) => askPassword(view, unlock, reason === 2);
  const pdf = await loading.promise;
  new Pages(view, pdf).open(1);
}

function askPassword(view, unlock, wasWrong) {
  const input = element("input", { id: "password", type: "password", autocomplete: "off", required: true });
  const form = element(
    "form",
    { class: "notice" },
    element("label", { for: "password" }, t("viewer.password")),
    ...(wasWrong ? [element("p", { role: "alert" }, t("viewer.password_wrong"))] : []),
    input,
    element("button", { type: "submit", class: "knob is-main" }, t("viewer.unlock")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    view.replaceChildren(element("p", { class: "notice" }, t("viewer.loading")));
    unlock(input.value);
  });
  view.removeAttribute("aria-busy");
  view.replaceChildren(form);
  input.focus();
}

class Pages {
  constructor(view, pdf) {
    this.view = view;
    this.pdf = pdf;
    this.page = 1;
    /** Number of the latest drawing; earlier ones stop. */
    this.drawing = 0;
    this.paper = element("div", { class: "paper" });
    view.replaceChildren(this.paper);
    this.tools();
    let width = view.clientWidth;
    new ResizeObserver(() => {
      if (view.clientWidth === width) return;
      width = view.clientWidth;
      this.open(this.page);
    }).observe(view);
  }

  tools() {
    const go = (page) => () => this.open(typeof page === "function" ? page() : page);
    const previous = go(() => this.page - 1);
    const next = go(() => this.page + 1);
    this.zoom = zoom(() => this.open(this.page));
    this.previous = knob("previous", t("viewer.previous"), previous);
    this.next = knob("next", t("viewer.next"), next);
    this.input = element("input", { class: "page", inputmode: "numeric", "aria-label": t("viewer.page") });
    this.input.addEventListener("change", () => this.open(Number.parseInt(this.input.value, 10) || this.page));
    const all = element("span", {}, t("viewer.of", { count: number(this.pdf.numPages) }));
    show([this.previous, this.input, all, this.next, element("span", { class: "gap" }), ...this.zoom.buttons]);
    onKeys({
      ArrowLeft: previous,
      PageUp: previous,
      ArrowRight: next,
      PageDown: next,
      Home: go(1),
      End: go(this.pdf.numPages),
      ...this.zoom.keys,
    });
  }

  async open(wanted) {
    const page = Math.min(Math.max(wanted, 1), this.pdf.numPages);
    const turned = page !== this.page;
    this.page = page;
    this.input.value = String(page);
    block(this.previous, page === 1);
    block(this.next, page === this.pdf.numPages);
    const drawing = ++this.drawing;
    this.rendering?.cancel();
    this.view.setAttribute("aria-busy", "true");
    try {
      await this.draw(await this.pdf.getPage(page), drawing);
    } catch (error) {
      if (error?.name !== "RenderingCancelledException" && drawing === this.drawing) {
        this.paper.replaceChildren(element("p", { class: "notice", role: "alert" }, t("viewer.page_damaged")));
      }
    }
    if (drawing !== this.drawing) return;
    this.view.removeAttribute("aria-busy");
    if (turned) {
      this.view.scrollTo(0, 0);
      say(t("viewer.page_of", { page: number(page), count: number(this.pdf.numPages) }));
    }
  }

  async draw(page, drawing) {
    const natural = page.getViewport({ scale: PER_POINT });
    const factor = this.zoom.factor(Math.min((this.view.clientWidth - 32) / natural.width, 1.5));
    const viewport = page.getViewport({ scale: factor * PER_POINT });
    const sharpness = Math.min(
      globalThis.devicePixelRatio || 1,
      Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)),
    );
    const canvas = element("canvas", { "aria-hidden": "true" });
    canvas.width = Math.floor(viewport.width * sharpness);
    canvas.height = Math.floor(viewport.height * sharpness);
    const text = element("div", { class: "textLayer", role: "document", tabindex: "0", "aria-label": t("viewer.page_of", { page: number(this.page), count: number(this.pdf.numPages) }) });
    this.rendering = page.render({
      canvas,
      viewport,
      transform: sharpness === 1 ? undefined : [sharpness, 0, 0, sharpness, 0, 0],
    });
    await this.rendering.promise;
    if (drawing !== this.drawing) return;
    this.paper.style.setProperty("--total-scale-factor", String(viewport.scale));
    this.paper.style.setProperty("--scale-round-x", "1px");
    this.paper.style.setProperty("--scale-round-y", "1px");
    this.paper.style.width = `${Math.floor(viewport.width)}px`;
    this.paper.style.height = `${Math.floor(viewport.height)}px`;
    this.paper.replaceChildren(canvas, text);
    const layer = new TextLayer({ textContentSource: page.streamTextContent({ includeMarkedContent: true }), container: text, viewport });
    await layer.render();
    if (!text.textContent.trim()) text.append(element("p", { class: "unseen" }, t("viewer.no_text")));
  }
}
