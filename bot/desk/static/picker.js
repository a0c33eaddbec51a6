// A dialog to choose from a list by typing: a combobox over a listbox, for mouse and keyboard alike.

import { byId, el, say } from "../chat/dom.js";

const PAUSE = 150; // milliseconds without a key before what is typed is looked up

export class Picker {
  #dialog;
  #input;
  #list;
  #find;
  #shown;
  #found = [];
  #at = 0;
  #asked = 0;
  #timer = 0;

  // `find(words)` answers with what there is to choose: [{group, label, detail, off, run}], perhaps later.
  // `shown(one)` is told what is marked now, if anything.
  constructor(id, find, shown = () => {}) {
    this.#dialog = byId(id);
    this.#input = byId(`${id}-words`);
    this.#list = byId(`${id}-list`);
    this.#find = find;
    this.#shown = shown;
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.refresh(), PAUSE);
    });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    byId(`${id}-form`).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run(this.#at);
    });
  }

  open() {
    this.#input.value = "";
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#input.focus();
    return this.refresh();
  }

  close() {
    this.#dialog.close();
  }

  async refresh() {
    const asked = ++this.#asked;
    const found = await this.#find(this.#input.value.trim());
    if (asked !== this.#asked) return;
    this.#found = found;
    let group = "";
    this.#list.replaceChildren(...found.flatMap((one, at) => {
      const head = one.group !== group ? [el("li", { class: "picker-group", role: "presentation" }, (group = one.group))] : [];
      return [...head, this.#option(one, at)];
    }));
    byId(`${this.#dialog.id}-none`).textContent = found.length ? "" : say("nothing_found");
    this.#mark(found.findIndex((one) => !one.off));
  }

  #option(one, at) {
    const id = `${this.#dialog.id}-${at}`;
    const option = el(
      "li",
      { id, role: "option", class: "picker-option", "aria-selected": "false", "aria-disabled": one.off ? "true" : undefined },
      el("span", {}, one.label),
      one.detail ? el("span", { class: "soft", dir: "auto" }, one.detail) : "",
    );
    option.addEventListener("click", () => this.#run(at));
    option.addEventListener("pointermove", () => at !== this.#at && this.#mark(at));
    return option;
  }

  #mark(at) {
    this.#at = at;
    for (const option of this.#list.querySelectorAll("[role=option]")) {
      const marked = option.id === `${this.#dialog.id}-${at}`;
      option.setAttribute("aria-selected", String(marked));
      if (marked) option.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `${this.#dialog.id}-${at}`);
    this.#shown(this.#found[at]);
  }

  #key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.isComposing || !this.#found.length) return;
    event.preventDefault();
    this.#mark((this.#at + by + this.#found.length) % this.#found.length);
  }

  #run(at) {
    const one = this.#found[at];
    if (!one || one.off) return;
    this.close();
    one.run();
  }
}
