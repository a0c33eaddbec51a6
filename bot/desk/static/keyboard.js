// The keys of the desk. None works while something is typed, composed, or asked in a dialog; all can be switched off.

import { byId } from "../chat/dom.js";
import { write } from "./composer.js";
import { prefs } from "./kept.js";
import { step } from "./list.js";
import { chooseMacro } from "./macros.js";
import { now } from "./now.js";
import { openPalette } from "./palette.js";

const panes = byId("panes");

function claim() {
  if (now.id && !byId("claim").hidden && !byId("claim").disabled) byId("claim").click();
}

// To what may be done with the buyer's cases.
function toActs() {
  if (!now.id) return;
  panes.dataset.pane = "panel";
  (byId("panel").querySelector("[data-act]") ?? byId("panel")).focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => now.id && write(false),
  n: () => now.id && write(true),
  a: claim,
  s: toActs,
  m: chooseMacro,
  "?": () => byId("keys").showModal(),
};

const typing = (at) => at?.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
const asking = () => document.querySelector("dialog[open]");

addEventListener("keydown", (event) => {
  if (!prefs.keys || event.isComposing || event.keyCode === 229 || event.altKey || asking()) return;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key !== "k" || event.shiftKey) return;
    event.preventDefault();
    openPalette();
    return;
  }
  if (key === "escape" && typing(event.target)) return event.target.blur();
  const does = KEYS[key];
  if (!does || typing(event.target)) return;
  event.preventDefault();
  does();
});

byId("help").addEventListener("click", () => byId("keys").showModal());
