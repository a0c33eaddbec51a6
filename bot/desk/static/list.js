// The list of conversations: what waits for whom, narrowed down by the agent's filters.

import { byId, el, language, named, say, settings } from "../chat/dom.js";
import { keep, kept } from "./kept.js";
import { now } from "./now.js";
import { left, pressing, soon, span, title } from "./panel.js";

const AGO = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "narrow" });
const TITLE = document.title;
const VIEWS = {
  all: () => true,
  mine: (one) => one.holder === "agent" && one.agent === settings.agent,
  free: (one) => one.holder === "queued",
  risk: (one) => late(one) || (!!one.state && soon(one.dueAt)),
};
const CHOICES = { reason: "flag", language: "language", state: "state" };
const filter = { view: "all", reason: "", language: "", state: "", ...kept("filter", {}) };

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

// The buyer should have an answer soon, or should have had one.
function late(one) {
  if (!one.waitsSince || one.snoozedUntil) return false;
  return !one.warnAt || new Date(one.warnAt) <= Date.now();
}

const badge = (words, kind) => el("span", { class: `badge ${kind}` }, words);

function row(one) {
  const waits = one.holder === "queued" && one.since;
  const held = one.holder === "agent" ? say("held_by", { name: one.agent || say("who_agent") }) : say(`held_${one.holder}`);
  return el("li", {}, el(
    "a",
    { class: "row", href: `#${one.id}`, "aria-current": one.id === now.id ? "true" : false, "data-holder": one.holder },
    el("span", { class: "row-top" }, el("strong", {}, title(one)), el("time", { class: "soft", datetime: one.lastAt }, one.lastAt && ago(one.lastAt))),
    el("span", { class: "row-last", dir: "auto" }, one.last),
    el(
      "span",
      { class: "row-badges" },
      late(one) ? badge(say("answer_late"), "urgent") : "",
      one.reason ? badge(named("flag", one.reason), pressing(one) ? "urgent" : "flag") : "",
      one.state ? badge(`${named("state", one.state)} · ${left(one.dueAt)}`, soon(one.dueAt) ? "urgent owed" : "flag owed") : "",
      badge(waits ? say("waits_since", { time: waited(one.since) }) : held, one.holder),
      badge(named("channel", one.channel), ""),
    ),
  ));
}

// A row stays as long as its conversation is listed, and is moved only where it has to be: one that is replaced between the press
// and the release of a mouse button does not hear the click.
const drawn = new Map();
function draw(shown) {
  const focused = document.activeElement?.closest("#list .row");
  const ids = new Set(shown.map((one) => one.id));
  for (const [id, item] of drawn) {
    if (ids.has(id)) continue;
    item.remove();
    drawn.delete(id);
  }
  let at = byId("list").firstElementChild;
  for (const one of shown) {
    const fresh = row(one);
    const item = drawn.get(one.id) ?? fresh;
    if (item !== fresh) become(item.firstElementChild, fresh.firstElementChild);
    drawn.set(one.id, item);
    if (item === at) at = at.nextElementSibling;
    else byId("list").insertBefore(item, at);
  }
  if (focused?.isConnected) focused.focus();
}

function become(link, fresh) {
  for (const name of ["aria-current", "data-holder"]) {
    if (fresh.hasAttribute(name)) link.setAttribute(name, fresh.getAttribute(name));
    else link.removeAttribute(name);
  }
  if (link.innerHTML !== fresh.innerHTML) link.replaceChildren(...fresh.childNodes);
}

const chosenBy = (one) => Object.keys(CHOICES).every((name) => !filter[name] || one[name] === filter[name]);
export const listed = () => now.rows.filter((one) => VIEWS[filter.view](one) && chosenBy(one));

export function showList(rows = now.rows) {
  now.rows = rows;
  const shown = listed();
  draw(shown);
  const queued = rows.filter(VIEWS.free).length;
  byId("none").hidden = shown.length > 0;
  byId("none").textContent = say(rows.length ? "none_of_these" : "no_conversations");
  byId("count").textContent = queued ? say("queued_count", { count: queued }) : "";
  document.title = queued ? `(${queued}) ${TITLE}` : TITLE;
  showFilters();
}

function showFilters() {
  for (const [view, within] of Object.entries(VIEWS)) {
    const button = byId(`view-${view}`);
    button.setAttribute("aria-pressed", String(filter.view === view));
    button.querySelector("span").textContent = now.rows.filter((one) => within(one) && chosenBy(one)).length;
  }
  for (const [name, group] of Object.entries(CHOICES)) options(byId(`by-${name}`), name, group);
  const narrowed = Object.keys(CHOICES).filter((name) => filter[name]).length;
  byId("narrowed").textContent = narrowed ? ` · ${narrowed}` : "";
}

// What the list holds, each with how often; and what is chosen, although nothing has it now.
function options(select, name, group) {
  if (document.activeElement === select) return;
  const times = new Map(filter[name] ? [[filter[name], 0]] : []);
  for (const one of now.rows) if (one[name]) times.set(one[name], (times.get(one[name]) ?? 0) + 1);
  const found = [...times].map(([value, count]) => el("option", { value }, `${named(group, value)} (${count})`));
  select.replaceChildren(el("option", { value: "" }, say("any")), ...found);
  select.value = filter[name];
}

function change(values) {
  Object.assign(filter, values);
  keep("filter", filter);
  showList();
}

// The conversation after this one in the list, or before it.
export function step(by) {
  const shown = listed();
  if (!shown.length) return;
  const at = shown.findIndex((one) => one.id === now.id);
  const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : at + by;
  if (shown[next]) location.hash = `#${shown[next].id}`;
}

for (const view of Object.keys(VIEWS)) byId(`view-${view}`).addEventListener("click", () => change({ view }));
for (const name of Object.keys(CHOICES)) {
  byId(`by-${name}`).addEventListener("change", () => change({ [name]: byId(`by-${name}`).value }));
}
byId("by-nothing").addEventListener("click", () => change({ view: "all", reason: "", language: "", state: "" }));

byId("list").addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = [...byId("list").querySelectorAll(".row")];
  if (!by || !rows.length) return;
  event.preventDefault();
  rows[(rows.indexOf(document.activeElement) + by + rows.length) % rows.length].focus();
});
setInterval(() => showList(), 30000);
