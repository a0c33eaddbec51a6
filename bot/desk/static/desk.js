// The agents' side: the list, one conversation, what may be done. All of it is told by one stream.

import { byId, el, language, moment, named, post, say, settings, uuid } from "../chat/dom.js";
import { Log } from "../chat/log.js";
import { listen } from "../chat/stream.js";
import { acting, left, pressing, showPanel, soon, span, title } from "./panel.js";
import { understood } from "./understood.js";

const log = new Log(byId("log"), byId("scroll"), ["bot", "agent"], undefined, (line) => understood(line.understood));
const text = byId("text");
const notice = byId("notice");
const panes = byId("panes");
const TITLE = document.title;
let chosen = 0;
let shown = null;
let end = null;

// -- the list

const AGO = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "narrow" });

function ago(at) {
  const minutes = Math.round((Date.now() - new Date(at)) / 60000);
  if (minutes < 1) return say("just_now");
  const [value, unit] = span(minutes);
  return AGO.format(-value, unit);
}

function waited(at) {
  const [value, unit] = span(Math.max(1, Math.round((Date.now() - new Date(at)) / 60000)));
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value);
}

const badge = (words, kind) => el("span", { class: `badge ${kind}` }, words);

function row(one) {
  const waits = one.holder === "queued" && one.since;
  const held = one.holder === "agent" ? say("held_by", { name: one.agent || say("who_agent") }) : say(`held_${one.holder}`);
  return el("li", {}, el(
    "a",
    { class: "row", href: `#${one.id}`, "aria-current": one.id === chosen ? "true" : false, "data-holder": one.holder },
    el("span", { class: "row-top" }, el("strong", {}, title(one)), el("time", { class: "soft", datetime: one.lastAt }, one.lastAt && ago(one.lastAt))),
    el("span", { class: "row-last", dir: "auto" }, one.last),
    el(
      "span",
      { class: "row-badges" },
      one.reason ? badge(named("flag", one.reason), pressing(one) ? "urgent" : "flag") : "",
      one.state ? badge(`${named("state", one.state)} · ${left(one.dueAt)}`, soon(one.dueAt) ? "urgent owed" : "flag owed") : "",
      badge(waits ? say("waits_since", { time: waited(one.since) }) : held, one.holder),
      badge(named("channel", one.channel), ""),
    ),
  ));
}

let listed = [];
function list(rows) {
  listed = rows;
  const focused = document.activeElement?.closest(".row")?.getAttribute("href");
  byId("list").replaceChildren(...rows.map(row));
  if (focused) byId("list").querySelector(`[href="${focused}"]`)?.focus();
  const queued = rows.filter((one) => one.holder === "queued").length;
  byId("none").hidden = rows.length > 0;
  byId("count").textContent = queued ? say("queued_count", { count: queued }) : "";
  document.title = queued ? `(${queued}) ${TITLE}` : TITLE;
}

// -- one conversation

function panel(given) {
  shown = given;
  if (!given.id) return;
  const stick = log.atEnd();
  byId("who").textContent = log.buyer = title(given);
  const held = byId("held");
  held.dataset.holder = given.holder;
  held.textContent = given.holder === "agent" ? say("held_by", { name: given.agent }) : say(`held_${given.holder}`);
  const mine = given.holder === "agent" && given.agent === settings.agent;
  byId("claim").hidden = given.holder === "agent";
  byId("release").hidden = given.holder === "bot" && !given.reason;
  byId("release").classList.toggle("strong", mine);
  byId("close").hidden = !mine;
  byId("claim").disabled = byId("release").disabled = byId("close").disabled = false;
  waits();
  draft(mine ? given.draft : null);
  if (stick) log.toEnd();
  showPanel(byId("panel"), given, ask);
}

// What the bot would answer: to be sent as it is, or put into the box and changed.
let drafted = null;
let taken = "";
function draft(given) {
  drafted = given && given.id !== taken ? given : null;
  byId("draft").hidden = !drafted;
  byId("draft-text").textContent = drafted?.text ?? "";
  byId("draft-send").disabled = false;
}

byId("draft-send").addEventListener("click", async () => {
  byId("draft-send").disabled = true;
  if (!(await act({ act: "send_draft", case: drafted.id }))) byId("draft-send").disabled = false;
  text.focus();
});

byId("draft-edit").addEventListener("click", () => {
  text.value = [text.value.trim(), drafted.text].filter(Boolean).join("\n");
  taken = drafted.id;
  draft(null);
  fit();
  text.focus();
});

// How long the buyer has waited for a person, and until when an agent holds the conversation.
function waits() {
  const { waitsSince, answerBy, leaseUntil, holder } = shown ?? {};
  const late = waitsSince && (!answerBy || new Date(answerBy) <= Date.now());
  const words = late
    ? say("waits_too_long", { time: moment(waitsSince) })
    : waitsSince
      ? say("answer_by", { time: moment(answerBy) })
      : holder === "agent" && leaseUntil
        ? say("held_until", { time: moment(leaseUntil) })
        : "";
  byId("waits").textContent = words;
  byId("waits").hidden = !words;
  byId("waits").classList.toggle("soon", !!late);
}
setInterval(waits, 30000);

function line(given) {
  if (log.add(given) && !log.atEnd()) byId("newer").hidden = false;
}

function choose() {
  const id = Number(location.hash.slice(1)) || 0;
  if (end && id === chosen) return;
  chosen = id;
  shown = null;
  end?.();
  log.clear();
  byId("panel").replaceChildren();
  byId("log").setAttribute("aria-live", "off");
  byId("talk").hidden = !id;
  byId("nothing").hidden = !!id;
  byId("newer").hidden = true;
  panes.dataset.pane = id ? "talk" : "list";
  list(listed);
  end = listen(`/desk/stream?conversation=${id}`, { list, line, panel, delivery, file, ready }, connection);
}

const file = (one) => log.file(one);
const delivery = ({ id, state }) => log.delivery(id, state);

function ready() {
  log.toEnd();
  if (chosen && matchMedia("(hover: hover)").matches) text.focus();
  setTimeout(() => byId("log").setAttribute("aria-live", "polite"), 500);
}

let lost = 0;
function connection(how) {
  clearTimeout(lost);
  if (how === "open") {
    notice.hidden = true;
    return;
  }
  const tell = () => {
    notice.textContent = say(how === "parted" ? "stream_parted" : "stream_lost");
    notice.hidden = false;
  };
  lost = setTimeout(tell, how === "parted" ? 0 : 1500);
}

// -- acts

async function act(body, trouble = notice) {
  const answer = await post("/desk/acts", { id: uuid(), conversation: chosen, ...body });
  trouble.hidden = answer.ok;
  if (answer.ok) return true;
  const stale = answer.status === 401 || answer.status === 403;
  const reload = stale && el("button", { type: "button", class: "link", onclick: () => location.reload() }, say("reload"));
  trouble.replaceChildren(...[answer.message, " ", reload].filter(Boolean));
  return false;
}

for (const name of ["claim", "release", "close"]) {
  byId(name).addEventListener("click", async () => {
    byId(name).disabled = true;
    if (!(await act({ act: name }))) byId(name).disabled = false;
    text.focus();
  });
}

let asked = null;
function ask(one, wish) {
  asked = { one, wish, chosen };
  byId("ask-title").textContent = say(`act_${wish.act}`);
  byId("ask-about").textContent = acting(one);
  const words = wish.words || wish.may;
  byId("ask-label").hidden = !words;
  byId("ask-words").textContent = words ? say(`ask_${words}`) : "";
  byId("ask-text").value = "";
  byId("ask-text").required = !!wish.words;
  byId("ask-trouble").hidden = true;
  byId("ask-do").textContent = say(`act_${wish.act}`);
  byId("ask").showModal();
}

byId("ask-cancel").addEventListener("click", () => byId("ask").close());
byId("ask-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { one, wish } = asked;
  if (asked.chosen !== chosen) return byId("ask").close();
  byId("ask-do").disabled = true;
  const done = { act: wish.act, case: one.key ?? one.number, version: one.version, text: byId("ask-text").value.trim() };
  const taken = await act(done, byId("ask-trouble"));
  byId("ask-do").disabled = false;
  if (!taken) return byId("ask-text").focus();
  byId("ask").close();
  panes.dataset.pane = "talk";
});

byId("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words || text.readOnly) return;
  text.readOnly = true;
  const taken = await act({ act: "say", text: words });
  text.readOnly = false;
  if (taken) text.value = "";
  fit();
  text.focus();
});

function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  byId("composer").classList.toggle("ready", text.value.trim() !== "");
}

text.addEventListener("input", fit);
text.addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});

// -- around it

for (const button of document.querySelectorAll("[data-to]")) {
  button.addEventListener("click", () => {
    panes.dataset.pane = button.dataset.to;
    if (button.dataset.to === "list") history.replaceState(null, "", "#");
    if (button.dataset.to === "list") choose();
  });
}

byId("list").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = [...byId("list").querySelectorAll(".row")];
  if (!step || !rows.length) return;
  event.preventDefault();
  rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length].focus();
});
byId("scroll").addEventListener("scroll", () => {
  if (log.atEnd()) byId("newer").hidden = true;
});
byId("newer").addEventListener("click", () => log.toEnd());
addEventListener("hashchange", choose);
setInterval(() => list(listed), 30000);
setInterval(() => shown && showPanel(byId("panel"), shown, ask), 60000);
choose();
