// One conversation: who holds it, what was said, how long the buyer has waited, who else looks.

import { byId, language, moment, say, settings } from "../chat/dom.js";
import { Log } from "../chat/log.js";
import { ask } from "./acts.js";
import { look, now, tell } from "./now.js";
import { showPanel, title } from "./panel.js";
import { understood } from "./understood.js";

const NAMES = new Intl.ListFormat(language, { type: "conjunction" });
const MINE = ["bot", "agent", "note"];
export const log = new Log(byId("log"), byId("scroll"), MINE, undefined, (line) => understood(line.understood));

export const mine = () => now.shown?.holder === "agent" && now.shown.agent === settings.agent;

export function panel(given) {
  now.shown = given;
  if (!given.id) return;
  const stick = log.atEnd();
  head(given);
  byId("claim").hidden = given.holder === "agent";
  byId("release").hidden = given.holder === "bot" && !given.reason;
  byId("claim").classList.toggle("strong", given.holder === "queued");
  byId("release").classList.toggle("strong", mine());
  byId("close").hidden = !mine();
  byId("claim").disabled = byId("release").disabled = byId("close").disabled = false;
  waits();
  tell("panel");
  if (stick) log.toEnd();
  showPanel(byId("panel"), given, ask);
}

function head(one) {
  byId("who").textContent = log.buyer = title(one);
  byId("held").dataset.holder = one.holder;
  byId("held").textContent = one.holder === "agent" ? say("held_by", { name: one.agent }) : say(`held_${one.holder}`);
}

// How long the buyer has waited for a person, and until when an agent holds the conversation.
function waits() {
  const { waitsSince, answerBy, leaseUntil, holder } = now.shown ?? {};
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

// Colleagues who have it open, and those of them who are writing.
export function others(found) {
  const writing = found.filter((one) => one.typing).map((one) => one.agent);
  const looking = found.filter((one) => !one.typing).map((one) => one.agent);
  const words = [
    writing.length ? say("others_typing", { names: NAMES.format(writing) }) : "",
    looking.length ? say("others_viewing", { names: NAMES.format(looking) }) : "",
  ];
  byId("others").textContent = words.filter(Boolean).join(" · ");
  byId("others").hidden = !found.length;
  byId("others").classList.toggle("writing", writing.length > 0);
}

export function line(given) {
  const atEnd = log.atEnd();
  if (!log.add(given)) return;
  const read = now.seen === now.newest && !document.hidden && !byId("text").value && atEnd;
  now.newest = Math.max(now.newest, given.id);
  if (read) look();
  if (!log.atEnd()) byId("newer").hidden = false;
}

// Another conversation, or none. Nothing of the one before it may be taken for its own, nor be done to it.
export function begin() {
  log.clear();
  const known = now.rows.find((one) => one.id === now.id);
  if (known) head(known);
  for (const act of ["claim", "release", "close"]) byId(act).disabled = true;
  waits();
  others([]);
  now.newest = now.seen = 0;
  byId("panel").replaceChildren();
  log.live(false);
  byId("talk").hidden = !now.id;
  byId("nothing").hidden = !!now.id;
  byId("newer").hidden = true;
}

export function ready() {
  log.toEnd();
  look();
  if (now.id && matchMedia("(hover: hover)").matches) byId("text").focus();
  setTimeout(() => log.live(true), 500);
}

// Where the reader stands; who stands at the end stays there when the box below grows.
let stood = true;
byId("scroll").addEventListener("scroll", () => {
  stood = log.atEnd();
  if (stood) byId("newer").hidden = true;
});
new ResizeObserver(() => stood && log.toEnd()).observe(byId("scroll"));
byId("scroll").addEventListener("pointerdown", look);
byId("newer").addEventListener("click", () => log.toEnd());
setInterval(waits, 30000);
setInterval(() => now.shown?.id && showPanel(byId("panel"), now.shown, ask), 60000);
