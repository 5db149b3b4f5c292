// A picture, drawn anew by the server, so that nothing hidden in the file reaches the browser.
import { Refused, address } from "./server.js";
import { element, onKeys, show, zoom } from "./tools.js";

export async function showPicture(view, file) {
  const picture = element("img", {
    class: "picture",
    alt: file.description || file.name,
    src: address(`/evidence/${file.id}/preview?as=image`),
  });
  await picture.decode().catch(() => {
    throw new Refused(422);
  });
  const frame = element("div", { class: "frame", tabindex: "0", role: "region", "aria-label": file.name }, picture);
  const size = zoom(() => draw());
  const draw = () => {
    const fitting = Math.min((view.clientWidth - 32) / picture.naturalWidth, 1);
    picture.style.width = `${Math.round(picture.naturalWidth * size.factor(fitting))}px`;
  };
  view.replaceChildren(frame);
  show(size.buttons);
  onKeys(size.keys);
  draw();
  new ResizeObserver(draw).observe(view);
}
