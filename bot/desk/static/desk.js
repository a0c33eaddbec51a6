// The agents' side: the list, one conversation, what may be done. All of it is told by one stream.

import { byId, say } from "../chat/dom.js";
import { listen } from "../chat/stream.js";
import "./acts.js";
import { heardOf } from "./composer.js";
import "./keyboard.js";
import { showList } from "./list.js";
import "./macros.js";
import { notice } from "./notify.js";
import { now, tell } from "./now.js";
import "./palette.js";
import "./prefs.js";
import { begin, line, log, others, panel, ready } from "./talk.js";
import "./zoom.js";

const panes = byId("panes");
let end = null;

function list(rows) {
  notice(rows);
  showList(rows);
}

// What is new or otherwise in the list, and the order of all of it.
function changed({ order, rows }) {
  const known = new Map([...now.rows, ...rows].map((one) => [one.id, one]));
  list(order.map((id) => known.get(id)));
}

function choose() {
  const id = Number(location.hash.slice(1)) || 0;
  if (end && id === now.id) return;
  end?.();
  now.id = id;
  now.shown = null;
  begin();
  tell("chosen");
  panes.dataset.pane = id ? "talk" : "list";
  showList();
  const heard = { list, changed, line: said, panel, others, delivery, gone, file, ready };
  end = listen(`/desk/stream?conversation=${id}`, heard, connection);
}

function said(given) {
  line(given);
  heardOf(given);
}

const file = (one) => log.file(one);
const delivery = ({ id, state }) => log.delivery(id, state);
const gone = ({ id }) => log.strike(id);

let lost = 0;
function connection(how) {
  clearTimeout(lost);
  if (how === "open") {
    byId("notice").hidden = true;
    return;
  }
  const told = () => {
    byId("notice").textContent = say(how === "parted" ? "stream_parted" : "stream_lost");
    byId("notice").hidden = false;
  };
  lost = setTimeout(told, how === "parted" ? 0 : 1500);
}

for (const button of document.querySelectorAll("[data-to]")) {
  button.addEventListener("click", () => {
    panes.dataset.pane = button.dataset.to;
    if (button.dataset.to === "list") history.replaceState(null, "", "#");
    if (button.dataset.to === "list") choose();
  });
}
for (const button of document.querySelectorAll("[data-closes]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
addEventListener("hashchange", choose);
choose();
