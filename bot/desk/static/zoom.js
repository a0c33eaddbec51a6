// A picture as large as the window, with those beside it one key away. With Ctrl or the middle button it opens by itself.

import { byId, say } from "../chat/dom.js";

const dialog = byId("zoom");
let pictures = [];
let at = 0;

function show(next) {
  at = (next + pictures.length) % pictures.length;
  const { href, alt } = pictures[at];
  byId("zoom-picture").src = href;
  byId("zoom-picture").alt = alt;
  byId("zoom-which").textContent = say("zoom_which", { number: at + 1, count: pictures.length });
  byId("zoom-before").hidden = byId("zoom-after").hidden = pictures.length < 2;
  byId("zoom-open").href = href;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#log a.photo, #panel a.photo");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const all = [...link.closest("#log, #panel").querySelectorAll("a.photo")];
  pictures = all.map((one) => ({ href: one.href, alt: one.querySelector("img").alt }));
  show(all.indexOf(link));
  dialog.showModal();
});

dialog.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by) show(at + by);
});
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
dialog.addEventListener("close", () => byId("zoom-picture").removeAttribute("src"));
byId("zoom-before").addEventListener("click", () => show(at - 1));
byId("zoom-after").addEventListener("click", () => show(at + 1));
