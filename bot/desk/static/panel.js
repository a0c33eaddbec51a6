// Beside the conversation: the buyer's orders and cases, and the acts the transition table allows.

import { el, language, moment, named, say } from "../chat/dom.js";
import { file } from "../chat/log.js";

export const title = (one) => one.name || say("unnamed", { id: one.id });

export function money({ amount, currency }) {
  return new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(amount);
}

const about = (...parts) => parts.filter(Boolean).join(" · ");
const withAmount = (one) => one.amount && money(one.amount);

// What an act is about, in one line: a case, or money that leaves for one.
export const acting = (one) =>
  one.key
    ? about(one.case, named("purpose", one.purpose), withAmount(one))
    : about(one.number, named("kind", one.kind), withAmount(one));

const unreturned = (wish) => wish.does?.endsWith("_unreturned");

// What an act is called: agreeing to what should come back first is told from agreeing to what need not.
export const called = (wish) => say(unreturned(wish) ? `act_${wish.act}_unreturned` : `act_${wish.act}`);

const STRONG = new Set(["agree", "agree_return", "goods_intact", "send_goods", "answer", "approve", "succeed"]);
const OPENED = new Set();

// Minutes in the unit a person would use.
export function span(minutes) {
  if (minutes < 120) return [minutes, "minute"];
  return minutes < 2880 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
}

export function left(at) {
  const minutes = Math.round((new Date(at) - Date.now()) / 60000);
  if (minutes <= 0) return say("due_now");
  const [value, unit] = span(minutes);
  return say("due_in", { time: new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value) });
}

export const soon = (at) => new Date(at) - Date.now() < 12 * 3600000;

const fact = (name, ...value) => [el("dt", {}, name), el("dd", {}, ...value)];

const money_fact = (key, amount) => (amount ? fact(say(key), el("strong", {}, money(amount))) : []);
const text_fact = (key, words) => (words ? fact(say(key), el("span", { dir: "auto" }, words)) : []);

function deadline(one) {
  if (!one.dueAt) return [];
  const words = `${moment(one.dueAt)} · ${left(one.dueAt)}`;
  const then = one.then ? say("agreed_by_itself", { state: named("state", one.then) }) : named("event", one.clock);
  return [...fact(say("deadline"), el("span", { class: soon(one.dueAt) ? "soon" : "" }, words)), ...fact(say("then"), then)];
}

function caseCard(one, ask) {
  const details = el("details", { open: OPENED.has(one.number) }, el("summary", {}, say("history")), history(one));
  details.addEventListener("toggle", () => (details.open ? OPENED.add(one.number) : OPENED.delete(one.number)));
  return el(
    "article",
    { class: `card${one.open ? "" : " over"}`, "aria-label": one.number },
    el(
      "header",
      {},
      el("strong", {}, one.number),
      one.locked ? el("span", { class: "badge flag" }, say("locked")) : "",
      el("span", { class: `badge ${one.open ? "queued" : ""}` }, named("state", one.state)),
    ),
    el(
      "dl",
      {},
      fact(say("kind"), named("kind", one.kind)),
      text_fact("score", one.score && say("stars", { score: one.score })),
      money_fact("amount", one.amount),
      money_fact("promised", one.promised),
      money_fact("offered", one.offer),
      fact(say("reason"), named("reason", one.reason)),
      text_fact("about", one.subject),
      fact(say("goods"), named("goods", one.goods)),
      fact(say("at_fault"), named("responsibility", one.responsibility)),
      fact(say("order"), one.order),
      text_fact("waybill", one.waybill),
      money_fact("return_postage", one.freight),
      text_fact("sent_waybill", one.sentWaybill),
      deadline(one),
    ),
    one.evidence.map((album) => el("div", { class: album.length > 1 ? "files small album" : "files small" }, album.map(file))),
    choices(one, ask),
    el("p", {}, el("a", { class: "link", href: `${one.dossier}?language=${language}`, download: "" }, say("dossier"))),
    details,
  );
}

function choices(one, ask) {
  if (one.elsewhere) return el("p", {}, el("a", { class: "link", href: `#${one.elsewhere}` }, say("acted_on_elsewhere")));
  return one.acts.length ? el("div", { class: "choices" }, one.acts.map((wish) => actButton(one, wish, ask))) : "";
}

const settled = (one) => one.state === "done" || one.state === "cancelled";

// Money that leaves, or has. What is said about it stays among colleagues, but for the payment's own number.
function refundCard(one, ask) {
  const acts = one.acts.map((wish) => ({ ...wish, words: wish.words && "note", may: wish.act === "succeed" ? "reference" : "" }));
  return el(
    "article",
    { class: `card pay${settled(one) ? " over" : ""}`, "aria-label": one.key },
    el("header", {}, el("span", {}, one.case), el("strong", {}, money(one.amount))),
    el(
      "dl",
      {},
      fact(say("purpose"), named("purpose", one.purpose)),
      fact(say("state"), el("span", { class: `badge ${REFUND_LOOK[one.state] ?? ""}` }, named("refund", one.state))),
      approvals(one),
      text_fact("reference", one.reference),
      text_fact("problem", one.problem),
    ),
    choices({ ...one, acts }, ask),
  );
}

const REFUND_LOOK = { created: "queued", sent: "agent", failed: "urgent" };

function approvals(one) {
  if (!one.people) return [];
  const counted = say("approvals", { count: one.approved.length, people: one.people });
  return fact(say("approved_by"), about(counted, ...one.approved));
}

function actButton(one, wish, ask) {
  const kind = STRONG.has(wish.act) && !unreturned(wish) ? "act strong" : "act";
  return el("button", { type: "button", class: kind, "data-act": wish.act, onclick: () => ask(one, wish) }, called(wish));
}

function history(one) {
  return el("ol", { class: "history" }, one.history.map((entry) => el(
    "li",
    {},
    el("time", { class: "soft", datetime: entry.at }, moment(entry.at)),
    el("span", {}, `${entry.who || named("role", entry.by)} · ${named("event", entry.event)}`),
    entry.why ? el("span", { class: "soft", dir: "auto" }, entry.event === "apply" ? named("reason", entry.why) : entry.why) : "",
  )));
}

function parcel(one) {
  const number = one.link ? el("a", { href: one.link, target: "_blank", rel: "noopener noreferrer" }, one.number) : one.number;
  return el(
    "li",
    {},
    el("span", {}, `${named("carrier", one.carrier)} `, number, " ", el("span", { class: "badge" }, named("parcel", one.state))),
    one.last ? el("span", { class: "soft" }, `${moment(one.last.at)} ${one.last.text}`) : "",
    one.eta && one.state !== "delivered" ? el("span", { class: "soft" }, say("eta", { time: moment(one.eta) })) : "",
  );
}

function orderCard(one) {
  return el(
    "article",
    { class: "card", "aria-label": one.number },
    el("header", {}, el("strong", {}, one.number), el("span", {}, money(one.paid))),
    el("ul", { class: "goods" }, one.lines.map((line) => el("li", {}, el("span", {}, `${line.title} × ${line.quantity}`), el("span", { class: "soft" }, money(line.paid))))),
    el("p", { class: "soft" }, say("placed_at", { time: moment(one.placedAt) })),
    one.parcels.length ? el("ul", { class: "parcels" }, one.parcels.map(parcel)) : el("p", { class: "soft" }, say(one.paidAt ? "not_shipped" : "not_paid")),
  );
}

// How much the buyer has bought and asked for here, and how well they were served.
function dealings({ orders, cases, scores }) {
  const sums = Object.values(scores);
  const score = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(sums.reduce((sum, one) => sum + one, 0) / sums.length);
  return [
    ...(orders.length ? fact(say("buyer_orders"), say("counted", { count: orders.length, amount: spent(orders) })) : []),
    ...(cases.length ? fact(say("buyer_cases"), say("counted_cases", { count: cases.length, open: cases.filter((one) => one.open).length })) : []),
    ...(sums.length ? fact(say("buyer_score"), say("scored", { score, count: sums.length })) : []),
  ];
}

// What was paid, by currency.
function spent(orders) {
  const sums = new Map();
  for (const { paid } of orders) sums.set(paid.currency, (sums.get(paid.currency) ?? 0) + Number(paid.amount));
  return [...sums].map(([currency, amount]) => money({ amount, currency })).join(" + ");
}

function otherCard(one) {
  return el(
    "article",
    { class: "card", "aria-label": title(one) },
    el("header", {}, el("a", { href: `#${one.id}` }, title(one)), el("span", { class: "badge" }, named("channel", one.channel))),
    el("p", { dir: "auto" }, one.last),
    el("p", { class: "soft" }, moment(one.lastAt)),
  );
}

export const pressing = (one) => one.priority === "high" || one.priority === "urgent";

const section = (key, cards) => (cards.length ? el("section", {}, el("h3", {}, say(key)), cards) : "");

export function showPanel(place, shown, ask) {
  const focused = document.activeElement?.closest("#panel [data-act]");
  const again = focused && [focused.closest("article").getAttribute("aria-label"), focused.dataset.act];
  const scrolled = place.parentElement.scrollTop;
  const buyer = el(
    "dl",
    { class: "card" },
    fact(say("buyer"), title(shown)),
    fact(say("channel"), named("channel", shown.channel)),
    shown.language ? fact(say("language"), named("language", shown.language)) : [],
    dealings(shown),
    shown.reason ? fact(say("flagged"), el("span", { class: `badge ${pressing(shown) ? "urgent" : "flag"}` }, named("flag", shown.reason))) : [],
  );
  const cases = shown.cases.map((one) => ({ ...one, score: shown.scores[one.number] }));
  const refunds = [...shown.refunds].sort((one, other) => settled(one) - settled(other));
  place.replaceChildren(
    ...[
      section("buyer", [buyer]),
      section("cases", cases.map((one) => caseCard(one, ask))),
      section("money", refunds.map((one) => refundCard(one, ask))),
      section("orders", shown.orders.map(orderCard)),
      section("others", shown.others.map(otherCard)),
    ].filter(Boolean),
  );
  place.parentElement.scrollTop = scrolled;
  if (again) place.querySelector(`[aria-label="${CSS.escape(again[0])}"] [data-act="${again[1]}"]`)?.focus();
}
