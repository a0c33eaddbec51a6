// The buyer's side: what is written goes to the server one after the other, what is answered comes by the stream.

import { Attachments } from "./attach.js";
import { byId, el, post, say, settings, uuid } from "./dom.js";
import { Log } from "./log.js";
import { listen } from "./stream.js";

const log = new Log(byId("log"), byId("scroll"), ["buyer"], tap);
const text = byId("text");
const notice = byId("notice");
const attached = new Attachments(fit);
const retries = new Set();
let holder = "bot";
let unseen = 0;
let sending = Promise.resolve();

// -- out

function deliver(entry, path, body) {
  sending = sending.then(() => attempt(entry, path, body));
}

async function attempt(entry, path, body) {
  entry.sending();
  const answer = await post(path, body);
  if (answer.ok) return entry.sent();
  if (answer.status === 429) {
    // Those behind it wait too, so that the order stays.
    await new Promise((done) => setTimeout(done, (answer.wait + 0.2) * 1000));
    return attempt(entry, path, body);
  }
  const again = () => {
    retries.delete(again);
    if (holder === "bot") log.typing(true);
    deliver(entry, path, body);
  };
  entry.failed(answer.message, again);
  log.typing(log.waiting > 0);
  if (path === "chat/taps") log.reopen();
  if (answer.status === 0) retries.add(again);
  if (answer.status === 401 || answer.status === 403) stale(answer.message);
}

function out(entry, path, body) {
  byId("welcome").hidden = true;
  if (holder === "bot") log.typing(true);
  deliver(entry, path, body);
}

function write(words) {
  out(log.pend(words, []), "chat/messages", { id: uuid(), text: words });
}

function tap(data, label) {
  out(log.pend(label, []), "chat/taps", { id: uuid(), data, label });
}

function sendFiles(files, words) {
  const body = new FormData();
  body.set("id", uuid());
  body.set("text", words);
  for (const one of files) body.append("files", one.file, one.file.name);
  out(log.pend(words, files.map(({ shown }) => shown)), "chat/files", body);
}

// -- in

function line(given) {
  if (!log.add(given)) return;
  byId("welcome").hidden = true;
  if (given.who === "buyer") return;
  log.typing(holder === "bot" && log.waiting > 0);
  if (document.hidden) title(unseen + 1);
  if (!log.atEnd()) byId("newer").hidden = false;
}

function state({ holder: held = "bot", agent = "" }) {
  holder = held;
  log.hold(holder === "queued");
  if (holder !== "bot") log.typing(false);
  byId("status").textContent = say(`status_${holder}`, { name: agent });
  byId("status").dataset.holder = holder;
}

function ready() {
  log.toEnd();
  byId("welcome").hidden = !log.empty;
  setTimeout(() => log.live(true), 500);
}

let lost = 0;
function connection(how) {
  clearTimeout(lost);
  if (how === "open") {
    notice.hidden = true;
    for (const again of retries) again();
    return;
  }
  const tell = () => {
    notice.textContent = say(how === "parted" ? "stream_parted" : "stream_lost");
    notice.hidden = false;
  };
  lost = setTimeout(tell, how === "parted" ? 0 : 1500);
}

function stale(message) {
  const reload = el("button", { type: "button", class: "link", onclick: () => location.reload() }, say("reload"));
  notice.replaceChildren(message, " ", reload);
  notice.hidden = false;
}

const TITLE = document.title;
function title(count) {
  unseen = count;
  document.title = count ? `(${count}) ${TITLE}` : TITLE;
}

// -- the composer

function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  byId("composer").classList.toggle("ready", text.value.trim() !== "" || attached.some);
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words && !attached.some) return;
  if (attached.some) sendFiles(attached.take(), words);
  else write(words);
  text.value = "";
  attached.trouble("");
  fit();
  text.focus();
});

text.addEventListener("input", fit);
text.addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});
// -- around it

for (const one of byId("suggestions").children) one.addEventListener("click", () => write(one.textContent));

for (const link of document.querySelectorAll("[data-language]")) {
  link.addEventListener("click", async (event) => {
    if (log.empty) return;
    event.preventDefault();
    const data = `|start|language to=${link.dataset.language}`;
    await post("chat/taps", { id: uuid(), data, label: link.textContent });
    location.href = link.href;
  });
}

for (const person of document.querySelectorAll("[data-who]")) {
  person.addEventListener("click", async () => {
    const answer = await post("chat/who", { who: person.dataset.who });
    if (answer.ok) location.reload();
    else stale(answer.message);
  });
}

byId("be-other")?.addEventListener("click", () => {
  const hidden = !byId("chooser").hidden;
  for (const id of ["log", "composer"]) byId(id).hidden = !hidden;
  byId("welcome").hidden = !hidden || !log.empty;
  byId("chooser").hidden = hidden;
  byId("scroll").scrollTop = 0;
});

byId("scroll").addEventListener("scroll", () => {
  if (log.atEnd()) byId("newer").hidden = true;
});
byId("newer").addEventListener("click", () => log.toEnd());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) title(0);
});

// Until here nothing would have sent what was written: Enter would only have begun a new line.
text.readOnly = false;

if (settings.stream) {
  const gone = (one) => log.gone(one.id);
  listen("chat/stream", { line, gone, state, file: (one) => log.file(one), ready }, connection);
  if (matchMedia("(hover: hover)").matches) text.focus();
} else {
  byId("status").textContent = say("tagline");
}
