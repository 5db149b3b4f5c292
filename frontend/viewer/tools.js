// The row of buttons above what is shown: pages and size, by mouse, touch and keyboard.
import { t } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  back: ["m12 19-7-7 7-7", "M19 12H5"],
  download: ["M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4", "m7 10 5 5 5-5", "M12 15V3"],
  previous: ["m15 18-6-6 6-6"],
  next: ["m9 18 6-6-6-6"],
  smaller: ["M5 12h14"],
  larger: ["M5 12h14", "M12 5v14"],
  fit: ["m18 8 4 4-4 4", "M2 12h20", "m6 8-4 4 4 4"],
};

/** A picture for a button; its words say what it does. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const looks = { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(looks)) svg.setAttribute(key, value);
  for (const line of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

/** An element with attributes and contents. */
export function element(tag, attributes = {}, ...contents) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...contents);
  return made;
}

/** A button with a picture; the words are its name and its hint. */
export function knob(name, words, act) {
  const button = element("button", { type: "button", class: "knob", title: words, "aria-label": words }, icon(name));
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") act();
  });
  return button;
}

/** A blocked button can still be reached, as everywhere in the app. */
export function block(button, isBlocked) {
  button.setAttribute("aria-disabled", String(isBlocked));
}

export function say(words) {
  document.getElementById("status").textContent = words;
}

export function show(tools) {
  const row = document.getElementById("tools");
  row.setAttribute("aria-label", t("viewer.tools"));
  row.replaceChildren(...tools);
  row.hidden = false;
}

/** Keys by name; silent while somebody types, and with Ctrl, Alt or Cmd, which belong to the browser. */
export function onKeys(keys) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const STEPS = [0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];

/** Size of what is shown: `undefined` fits the width of the window, else a factor. Calls back with each change. */
export function zoom(changed) {
  let factor;
  let shown = 1;
  const label = element("output", { class: "size", "aria-label": t("viewer.size") });
  const step = (direction) => {
    const wanted = direction > 0 ? STEPS.find((other) => other > shown + 0.01) : STEPS.findLast((other) => other < shown - 0.01);
    if (wanted === undefined) return;
    factor = wanted;
    changed();
  };
  const fit = () => {
    factor = undefined;
    changed();
  };
  const buttons = [
    knob("smaller", t("viewer.smaller"), () => step(-1)),
    label,
    knob("larger", t("viewer.larger"), () => step(1)),
    knob("fit", t("viewer.fit"), fit),
  ];
  const keys = { "+": () => step(1), "-": () => step(-1), 0: fit };
  return {
    buttons,
    keys,
    /** The factor to draw with, where `fitting` would fill the width; shows it. */
    factor(fitting) {
      shown = factor ?? fitting;
      label.value = `${Math.round(shown * 100)} %`;
      return shown;
    },
  };
}
