// Answers given often: found by name or tag, read as they would be sent, put into the box to be changed.

import { byId, el, say } from "../chat/dom.js";
import { put } from "./composer.js";
import { now, on } from "./now.js";
import { Picker } from "./picker.js";

let known = [];
let order = "";

const picker = new Picker("macros", find, preview);

async function load() {
  const asked = new URLSearchParams({ conversation: now.id, order });
  const answer = await fetch(`/desk/macros?${asked}`, { headers: { Accept: "application/json" } }).catch(() => null);
  known = answer?.ok ? await answer.json() : [];
}

function find(words) {
  const wanted = words.toLowerCase().split(/\s+/);
  const holds = (one) => {
    const all = [one.title, one.name, ...one.tags].join(" ").toLowerCase();
    return wanted.every((word) => all.includes(word));
  };
  return known.filter(holds).map((one) => ({
    group: "",
    label: one.title,
    detail: [one.name, ...one.tags].join(" · "),
    off: !!one.problem,
    macro: one,
    run: () => put(one.text, one.then ? { act: one.then, case: one.case } : null),
  }));
}

function preview(option) {
  const one = option?.macro;
  byId("macros-text").textContent = one?.problem ? say("macro_broken", { problem: one.problem }) : (one?.text ?? "");
  byId("macros-text").classList.toggle("trouble", !!one?.problem);
  const [act, ...rest] = (one?.then ?? "").split(" ");
  byId("macros-then").textContent = act ? say("then_after", { what: [say(`then_${act}`), ...rest].join(" ") }) : "";
}

export async function chooseMacro() {
  if (!now.id) return;
  await load();
  const orders = now.shown?.orders ?? [];
  byId("macros-order").replaceChildren(
    ...orders.map((one) => el("option", { value: one.number }, `${one.number} ${one.lines[0]?.title ?? ""}`)),
  );
  byId("macros-order").value = known.find((one) => one.order)?.order ?? "";
  byId("macros-orders").hidden = orders.length < 2;
  picker.open();
}

on("chosen", () => (order = ""));
byId("macros-order").addEventListener("change", async () => {
  order = byId("macros-order").value;
  await load();
  picker.refresh();
});
byId("macro").addEventListener("click", chooseMacro);
