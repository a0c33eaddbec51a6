// Answers and notes: what is written is kept until it is sent, and held back when the buyer wrote more meanwhile.

import { Attachments } from "../chat/attach.js";
import { byId, el, post, rich, say, settings, words_of } from "../chat/dom.js";
import { act } from "./acts.js";
import { forgetUnsent, keepUnsent, prefs, unsent } from "./kept.js";
import { log, mine } from "./talk.js";
import { look, now, on } from "./now.js";

const text = byId("text");
const attached = new Attachments(fit);
const SAYING = 3000; // milliseconds between two words to colleagues that one is writing
let then = null; // what is done once it is sent: {act, case}
let drafted = null;
let taken = "";
let told = 0;
const onTheirWay = new Map(); // answers that were sent and are no line yet, by conversation

const noting = () => byId("mode-note").checked;

// -- what is written

function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 240)}px`;
  byId("composer").classList.toggle("ready", text.value.trim() !== "" || attached.some);
}

function mode() {
  const note = noting();
  byId("composer").classList.toggle("note", note);
  text.placeholder = say(note ? "write_note" : mine() ? "mode_say" : "answer_buyer");
  byId("text-label").textContent = text.placeholder;
  byId("send").setAttribute("aria-label", say(note ? "keep_note" : "send"));
  byId("send").title = byId("send").getAttribute("aria-label");
  byId("send-close").hidden = note;
  byId("then").hidden = note || !then;
}

export function write(note) {
  byId(note ? "mode-note" : "mode-say").checked = true;
  mode();
  text.focus();
}

// Words from elsewhere, behind what is there already; `after` is what is done once they are sent.
export function put(words, after = null) {
  write(false);
  text.value = [text.value.trim(), words].filter(Boolean).join("\n");
  if (after) follow(after);
  changed();
  text.focus();
}

function follow(after) {
  then = after;
  if (after) byId("then-what").textContent = say("then_after", { what: worded(after.act) });
  byId("then").hidden = !after || noting();
}

function worded(what) {
  const [name, ...rest] = what.split(" ");
  return [say(`then_${name}`), ...rest].join(" ");
}

function changed() {
  if (!text.value.trim()) follow(null);
  look();
  keep();
  fit();
  saying();
}

function keep() {
  const words = text.value.trim() && { text: text.value, note: noting(), then };
  keepUnsent(now.id, words || null);
}

function saying() {
  const still = text.value !== "";
  if (!now.id || (still && Date.now() - told < SAYING)) return;
  told = still ? Date.now() : 0;
  post("/desk/typing", { conversation: now.id, still });
}

function empty() {
  text.value = "";
  attached.clear();
  follow(null);
  keep();
  saying();
  fit();
}

on("chosen", () => {
  const words = unsent(now.id);
  text.value = words?.text ?? "";
  attached.clear();
  attached.trouble("");
  byId(words?.note ? "mode-note" : "mode-say").checked = true;
  follow(words?.then ?? null);
  draft(null);
  mode();
  fit();
});

// -- sending

async function send(after = then) {
  const words = text.value.trim();
  const files = attached.files;
  if (!now.id || text.readOnly || (!words && !files.length)) return;
  const body = noting() ? { act: "note", text: words } : { act: "say", text: words, seen: now.seen };
  if (!noting() && after) Object.assign(body, { then: after.act, case: after.case });
  const id = now.id;
  const answering = noting() ? null : { words, files, then: after, after: now.newest, posting: true, unsaid: false };
  if (answering) onTheirWay.set(id, [...(onTheirWay.get(id) ?? []), answering]);
  text.readOnly = true;
  text.focus(); // now: who goes elsewhere before the answer is there stays there
  const answer = await act(body, files, byId("trouble"));
  text.readOnly = false;
  if (answering) answering.posting = false;
  if (!answer.ok) arrived(id, [answering]);
  if (answer.told?.error === "error_said_meanwhile") {
    byId("trouble").hidden = true;
    if (id === now.id) hold(answer.told.lines, after);
    return;
  }
  if (answer.ok && id === now.id) empty();
  else if (answer.ok) keepUnsent(id, null);
  if (answering?.unsaid && id === now.id) giveBack(answering);
  else if (answering?.unsaid) keepUnsent(id, { text: words, note: false, then: after });
}

function arrived(id, those) {
  onTheirWay.set(id, (onTheirWay.get(id) ?? []).filter((one) => !those.includes(one)));
}

// A line of the store: an answer of ours, or that it was not said because a colleague had taken the conversation meanwhile.
export function heardOf(line) {
  if (line.name !== settings.agent || !(line.unsaid || line.who === "agent")) return;
  const sent = (onTheirWay.get(now.id) ?? []).filter((one) => line.id > one.after);
  if (!sent.length) return;
  if (!line.unsaid) {
    const said = sent.findIndex((one) => one.words === words_of(line.body).trim());
    return arrived(now.id, sent.slice(0, Math.max(said, 0) + 1)); // and what was sent before it
  }
  const answering = sent.at(-1);
  arrived(now.id, [answering]);
  answering.unsaid = true;
  if (!answering.posting) giveBack(answering);
}

// What was not said is in the box again, before what was begun since; that stays a note if it is one.
function giveBack({ words, files, then: after }) {
  if (!text.value.trim()) write(false);
  text.value = [words, text.value.trim()].filter(Boolean).join("\n");
  if (after && !noting()) follow(after);
  attached.add(files);
  changed();
  attached.trouble(say("error_claimed_meanwhile", { name: now.shown?.agent || say("who_agent") }));
}

let heldBack = null;
function hold(lines, after) {
  heldBack = { after };
  byId("meanwhile-lines").replaceChildren(...lines.map((line) => el(
    "li",
    { dir: "auto" },
    rich(line.body),
    line.files.length ? el("span", { class: "soft" }, say("with_files", { count: line.files.length })) : "",
  )));
  now.newest = Math.max(now.newest, ...lines.map((line) => line.id));
  byId("meanwhile").showModal();
}

byId("meanwhile-form").addEventListener("submit", (event) => {
  event.preventDefault();
  look();
  byId("meanwhile").close();
  send(heldBack.after);
});
byId("meanwhile").addEventListener("close", () => {
  look();
  text.focus();
});

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
byId("send-close").addEventListener("click", () => send({ act: "close", case: "" }));
byId("then-drop").addEventListener("click", () => {
  follow(null);
  changed();
  text.focus();
});
for (const name of ["say", "note"]) {
  byId(`mode-${name}`).addEventListener("change", () => {
    mode();
    keep();
  });
}
text.addEventListener("input", changed);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  const ctrl = event.ctrlKey || event.metaKey;
  if (prefs.ctrlEnter && !ctrl) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});
for (const form of document.querySelectorAll("[data-leaves]")) form.addEventListener("submit", forgetUnsent);

// -- what the bot would answer: to be sent as it is, or put into the box and changed

function draft(given) {
  drafted = given && given.id !== taken ? given : null;
  byId("draft").hidden = !drafted;
  byId("draft-text").textContent = drafted?.text ?? "";
  byId("draft-send").disabled = false;
}

on("panel", () => {
  const stick = log.atEnd();
  draft(mine() ? now.shown.draft : null);
  mode();
  if (stick) log.toEnd();
});

byId("draft-send").addEventListener("click", async () => {
  byId("draft-send").disabled = true;
  text.focus();
  if (!(await act({ act: "send_draft", case: drafted.id })).ok) byId("draft-send").disabled = false;
});
byId("draft-edit").addEventListener("click", () => {
  const { id, text: words } = drafted;
  taken = id;
  draft(null);
  put(words);
});
