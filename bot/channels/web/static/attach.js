// Files that are about to be sent: chosen, pasted or dropped, each with its preview.

import { byId, el, say, settings, size } from "./dom.js";
import { file } from "./log.js";

const TAKEN = /^(image\/|video\/(mp4|quicktime)$|application\/pdf$)/;

export class Attachments {
  #chosen = [];
  #changed;

  // `changed()` is told when one came or went.
  constructor(changed) {
    this.#changed = changed;
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", () => {
      this.add(byId("file").files);
      byId("file").value = "";
    });
    byId("text").addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.add(event.clipboardData.files);
    });
    this.#dropped();
  }

  get some() {
    return this.#chosen.length > 0;
  }

  get files() {
    return this.#chosen.map((one) => one.file);
  }

  // All of them, to be sent: none is left here, and their previews are the taker's.
  take() {
    const taken = this.#chosen;
    this.#chosen = [];
    this.#show();
    return taken;
  }

  // None is sent.
  clear() {
    for (const one of this.take()) URL.revokeObjectURL(one.shown.url);
  }

  trouble(words) {
    byId("trouble").textContent = words;
    byId("trouble").hidden = !words;
  }

  add(files) {
    this.trouble("");
    for (const one of files) {
      if (this.#chosen.length >= settings.files) {
        this.trouble(say("error_too_many_files", { count: settings.files }));
        break;
      }
      if (one.size > settings.fileBytes) this.trouble(say("error_file_too_big", { size: size(settings.fileBytes) }));
      else if (!TAKEN.test(one.type)) this.trouble(say("error_file_type"));
      else this.#chosen.push({ file: one, shown: preview(one) });
    }
    this.#show();
  }

  #show() {
    byId("previews").replaceChildren(...this.#chosen.map((one) => {
      const label = say("remove", { name: one.file.name });
      const remove = () => {
        this.#chosen = this.#chosen.filter((other) => other !== one);
        URL.revokeObjectURL(one.shown.url);
        this.#show();
        byId("text").focus();
      };
      return el("li", {}, file(one.shown), el("button", { type: "button", class: "remove", "aria-label": label, title: label, onclick: remove }, "×"));
    }));
    this.#changed();
  }

  #dropped() {
    const carries = (event) => event.dataTransfer?.types.includes("Files") && byId("composer").checkVisibility();
    addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      byId("drop").hidden = false;
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) byId("drop").hidden = true;
    });
    addEventListener("drop", (event) => {
      byId("drop").hidden = true;
      if (!carries(event)) return;
      event.preventDefault();
      this.add(event.dataTransfer.files);
    });
  }
}

function preview(one) {
  const image = /^image\/(jpeg|png|gif|webp)$/.test(one.type);
  return { url: URL.createObjectURL(one), name: one.name, size: one.size, medium: image ? "photo" : "document", image };
}
