// The transcript on the page: bubbles, time marks, buttons, lines still on their way.

import { byId, clock, day, el, rich, say, size, words_of } from "./dom.js";

const PAUSE = 15 * 60000; // a longer silence gets a time mark
const NAMED = new Set(["agent", "note"]);
const BREATH = 3 * 60000; // lines closer than this stand together

export class Log {
  #list;
  #scroll;
  #mine;
  #tapped;
  #below;
  #lines = new Map();
  #pending = [];
  #last = null;
  #choices = [];
  #back = null; // the newest button that leads back to the bot
  #held = false;
  #live = false;
  #dots = null;
  #dotsTimer = 0;
  buyer = ""; // the buyer's name, for the desk

  // `mine`: the speakers on the right. `tapped(data, label)`: a button was used; without it buttons only show.
  // `below(line)`: what stands under a line besides, if anything.
  constructor(list, scroll, mine, tapped, below = () => null) {
    this.#list = list;
    this.#scroll = scroll;
    this.#mine = new Set(mine);
    this.#tapped = tapped;
    this.#below = below;
  }

  get empty() {
    return this.#lines.size === 0 && this.#pending.length === 0;
  }

  get waiting() {
    return this.#pending.filter((entry) => !entry.failed).length;
  }

  clear() {
    this.#list.replaceChildren();
    this.#lines.clear();
    this.#pending = [];
    this.#choices = [];
    this.#back = null;
    this.#last = null;
    this.#dots = null;
  }

  // Whether new lines are read out: not those that were there before.
  live(on) {
    this.#live = on;
    this.#list.closest("[role=log]").setAttribute("aria-live", on ? "polite" : "off");
  }

  // A line of the store. False when the page has it already.
  add(line) {
    if (this.#lines.has(line.id)) return false;
    const stick = this.atEnd();
    if (line.who === "buyer") {
      this.#settle(words_of(line.body));
      this.#answer(words_of(line.body));
      this.#choices = [];
    }
    const item = this.#item(line, new Date(line.at));
    item.dataset.id = line.id;
    this.#lines.set(line.id, item);
    this.delivery(line.id, line.delivery);
    if (stick) this.toEnd();
    return true;
  }

  // A line of this page that the store does not have yet.
  pend(text, previews) {
    const line = { who: "buyer", name: "", body: text ? [text] : [], buttons: [], files: previews };
    const entry = { text, failed: false, item: null, mark: null };
    this.#answer(text);
    this.#pending.push(entry);
    entry.item = this.#item(line, new Date(), entry);
    this.toEnd();
    return {
      sending: () => this.#mark(entry, "sending", say("sending")),
      sent: () => this.#mark(entry, "sent", say("sent")),
      failed: (why, again) => this.#mark(entry, "failed", why, again),
      drop: () => this.#drop(entry),
    };
  }

  typing(on) {
    clearTimeout(this.#dotsTimer);
    this.#dots?.remove();
    this.#dots = null;
    if (!on) return;
    const stick = this.atEnd();
    const dots = el("div", { class: "bubble dots" }, el("span"), el("span"), el("span"));
    const stack = el("div", { class: "stack" }, dots, el("span", { class: "unseen" }, say("typing")));
    this.#dots = el("li", { class: "line theirs typing" }, face("bot", ""), stack);
    this.#list.append(this.#dots);
    this.#dotsTimer = setTimeout(() => this.typing(false), 30000);
    if (stick) this.toEnd();
  }

  // A file that was being fetched is here, or can't be had.
  file(one) {
    const stick = this.atEnd();
    for (const shown of this.#list.querySelectorAll(`[data-file="${CSS.escape(one.key)}"]`)) shown.replaceWith(file(one));
    if (stick) this.toEnd();
  }

  // A line that was taken back, off the page; it is remembered, lest it comes again.
  gone(id) {
    this.#lines.get(id)?.remove();
  }

  // A line that was taken back, where it stays to be read.
  strike(id) {
    const item = this.#lines.get(id);
    const bubble = item?.querySelector(".bubble");
    if (!item || item.classList.contains("taken-back")) return;
    const stick = this.atEnd();
    item.classList.add("taken-back");
    bubble?.replaceChildren(el("del", {}, [...bubble.childNodes]));
    item.querySelector(".stack").firstElementChild.after(el("span", { class: "taken" }, say("taken_back")));
    if (stick) this.toEnd();
  }

  // What became of a line that was sent out.
  delivery(id, state) {
    const mark = this.#lines.get(id)?.querySelector(".tick");
    if (!mark) return;
    mark.dataset.state = state;
    mark.textContent = ["blocked", "failed", "queued", "sending"].includes(state) ? say(`delivery_${state}`) : "";
  }

  // The buttons of an answer that could not be sent may be used again.
  reopen() {
    for (const button of this.#choices) button.disabled = !this.#tapped;
    if (this.#back && this.#held) this.#back.disabled = !this.#tapped;
  }

  // While a person is waited for, the way back to the bot stays open; once one has come, only they open it.
  hold(held) {
    this.#held = held;
    if (!this.#back || this.#choices.includes(this.#back)) return;
    this.#back.disabled = !this.#mayGoBack(this.#back);
  }

  atEnd() {
    const box = this.#scroll;
    return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  }

  toEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  // Lines of the store stand before those on their way, and these before the dots.
  #item(line, at, pending = null) {
    const tail = pending ? null : this.#pending[0];
    const before = tail?.mark ?? tail?.item ?? this.#dots;
    const gap = this.#last ? at - this.#last.at : Infinity;
    if (gap > PAUSE || day(at) !== day(this.#last.at)) {
      const mark = el("li", { class: "mark" }, el("time", { datetime: at.toISOString() }, `${day(at)} ${clock(at)}`));
      this.#list.insertBefore(mark, before);
      if (pending) pending.mark = mark;
    }
    const joined = gap < BREATH && this.#last.who === line.who && this.#last.name === line.name;
    const item = this.#line(line, at, joined);
    item.classList.toggle("fresh", this.#live);
    this.#list.insertBefore(item, before);
    if (!pending) this.#last = { at, who: line.who, name: line.name };
    return item;
  }

  #line(line, at, joined) {
    const system = line.who === "system";
    const side = system ? "system" : this.#mine.has(line.who) ? "mine" : "theirs";
    const meta = el("span", { class: "meta" }, el("time", { datetime: at.toISOString() }, clock(at)), el("span", { class: "tick" }));
    const stack = el(
      "div",
      { class: "stack" },
      el("span", { class: joined || !NAMED.has(line.who) ? "unseen" : "name" }, called(line)),
      line.body.length ? el("div", { class: "bubble", dir: "auto" }, rich(line.body)) : null,
      line.files.length ? el("div", { class: "files" }, line.files.map(file)) : null,
      this.#buttons(line),
      meta,
      this.#below(line),
    );
    const classes = `line ${side} from-${line.who}${joined ? " joined" : ""}`;
    return el("li", { class: classes }, side === "theirs" ? face(line.who, line.name || (line.who === "buyer" ? this.buyer : "")) : null, stack);
  }

  #buttons(line) {
    if (!line.buttons.length) return null;
    const buttons = line.buttons.map(([label, data]) =>
      el("button", { type: "button", class: "choice", disabled: !this.#tapped, onclick: () => this.#tapped(data, label) }, label),
    );
    this.#choices.push(...buttons);
    const back = buttons.findLast((_, index) => line.buttons[index][1].split("|")[2] === "bot");
    if (back) {
      if (this.#back && !this.#choices.includes(this.#back)) this.#back.disabled = true;
      this.#back = back;
    }
    return el("div", { class: "choices" }, buttons);
  }

  // The buyer said something: what was offered before is settled.
  #answer(text) {
    const offered = new Set(this.#choices);
    if (this.#back) offered.add(this.#back);
    for (const button of offered) {
      if (button.textContent === text && !button.classList.contains("chosen")) {
        button.classList.add("chosen");
        button.setAttribute("aria-pressed", "true");
      }
      button.disabled = button !== this.#back || !this.#mayGoBack(button);
    }
  }

  #mayGoBack(button) {
    return this.#tapped && this.#held && !button.classList.contains("chosen");
  }

  #settle(text) {
    const open = this.#pending.filter((entry) => !entry.failed);
    const entry = open.find((one) => one.text.trim() === text.trim()) ?? open[0];
    if (entry) this.#drop(entry);
  }

  #drop(entry) {
    this.#pending = this.#pending.filter((one) => one !== entry);
    entry.mark?.remove();
    entry.item.remove();
  }

  #mark(entry, state, text, again) {
    entry.failed = state === "failed";
    const tick = entry.item.querySelector(".tick");
    entry.item.classList.toggle("failed", entry.failed);
    tick.dataset.state = state;
    tick.replaceChildren(text);
    if (again) tick.append(" ", el("button", { type: "button", class: "link", onclick: again }, say("again")));
  }
}

// Notes say that they are some: their colour alone would not tell everybody. What is recorded names in its own words who did it.
function called(line) {
  const role = say(`who_${line.who}`);
  if (line.who === "system") return role;
  return line.who === "note" && line.name ? `${line.name} · ${role}` : line.name || role;
}

function face(who, name) {
  if (who === "bot") return byId("avatar").content.firstElementChild.cloneNode(true);
  return el("span", { class: "initial", "aria-hidden": "true" }, (name || say(`who_${who}`)).slice(0, 1));
}

export function file(one) {
  const label = one.name || say(`medium_${one.medium}`);
  if (!one.url) {
    const why = one.state ? [" ", el("span", { class: "soft" }, say(`file_${one.state}`))] : [];
    return el("span", { class: "file", "data-file": one.key, "data-state": one.state }, label, why);
  }
  if (one.image) {
    const picture = el("img", { src: one.url, alt: label, loading: "lazy", width: 148, height: 148 });
    return el("a", { class: "photo", href: one.url, target: "_blank", rel: "noopener" }, picture);
  }
  const blob = one.url.startsWith("blob:");
  return el("a", { class: "file", href: blob ? undefined : one.url, download: blob ? undefined : label }, label, " ", el("span", { class: "soft" }, size(one.size)));
}
