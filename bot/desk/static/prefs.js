// The agent's own settings, kept in this browser.

import { byId } from "../chat/dom.js";
import { keep, prefs } from "./kept.js";
import { mayPost, ring } from "./notify.js";

const BOXES = { keys: "prefs-keys", sound: "prefs-sound", desktop: "prefs-desktop" };

function show() {
  for (const [name, id] of Object.entries(BOXES)) byId(id).checked = prefs[name];
  byId(prefs.ctrlEnter ? "prefs-ctrl" : "prefs-enter").checked = true;
  byId("send").dataset.key = prefs.ctrlEnter ? "Ctrl+Enter" : "Enter";
}

function set(values) {
  Object.assign(prefs, values);
  keep("prefs", prefs);
  show();
}

byId("prefs-keys").addEventListener("change", () => set({ keys: byId("prefs-keys").checked }));
byId("prefs-sound").addEventListener("change", () => {
  set({ sound: byId("prefs-sound").checked });
  if (prefs.sound) ring();
});
byId("prefs-desktop").addEventListener("change", async () => {
  const wanted = byId("prefs-desktop").checked;
  const may = wanted && (await mayPost());
  set({ desktop: may });
  byId("prefs-denied").hidden = !wanted || may;
});
for (const [id, ctrlEnter] of [["prefs-enter", false], ["prefs-ctrl", true]]) {
  byId(id).addEventListener("change", () => set({ ctrlEnter }));
}
byId("settings-open").addEventListener("click", () => byId("prefs").showModal());
show();
