// Under a buyer's line: what it was understood to mean, folded away. The words are the pages' own, `understood_…`.

import { el, language, named, say } from "../chat/dom.js";

const PERCENT = new Intl.NumberFormat(language, { style: "percent" });

const signal = ([word, times]) => named("signal", word).replace("{times}", times);
const spoken = (tag) => (tag.includes("-") ? named("script", tag) : named("language", tag));
const fact = ([name, value]) => `${named("slot", name)} ${named(name, value)}`;

function gist({ sureness, guesses, slots }) {
  if (sureness === "unknown" && slots.length) return say("understood_facts", { facts: slots.map(fact).join(" · ") });
  const [best] = guesses;
  const values = best && { intent: named("intent", best.intent), sure: PERCENT.format(best.confidence) };
  return say(`understood_${sureness}`, values ?? {});
}

function guess(one) {
  return el(
    "li",
    {},
    el("span", {}, el("strong", {}, named("intent", one.intent)), " ", PERCENT.format(one.confidence), " ", el("code", {}, one.intent)),
    el("span", { class: "soft", dir: "auto" }, say("understood_by", { phrase: one.phrase, signals: one.by.map(signal).join(" · ") })),
  );
}

// One pair of a list of facts, or none.
const pair = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", { dir: "auto" }, ...value));

export function understood(told) {
  if (!told) return null;
  const facts = told.slots.map(([name, value]) => pair(named("slot", name), named(name, value)));
  const nothing = !facts.length && !told.guesses.length;
  if (told.language) facts.unshift(pair(named("slot", "language"), spoken(told.language)));
  const details = el(
    "details",
    { class: "understood" },
    el("summary", {}, gist(told)),
    nothing ? el("p", {}, say("understood_nothing")) : "",
    told.guesses.length ? el("ol", {}, told.guesses.map(guess)) : "",
    facts.length ? el("dl", {}, facts) : "",
  );
  details.addEventListener("toggle", () => details.open && details.scrollIntoView({ block: "nearest" }));
  return details;
}
