// One box for everything: what may be done now, and every conversation, found by what is known of it.

import { byId, moment, named, say } from "../chat/dom.js";
import { ask } from "./acts.js";
import { write } from "./composer.js";
import { chooseMacro } from "./macros.js";
import { now } from "./now.js";
import { acting, called, title } from "./panel.js";
import { Picker } from "./picker.js";

const LEAST = 2; // characters that are looked for at the server

const ASIDE = { snooze: { words: "span" }, transfer: { may: "colleague" } };

const picker = new Picker("palette", find);

async function find(words) {
  const wanted = words.toLowerCase();
  const doing = [...deeds()].filter((one) => `${one.label} ${one.detail}`.toLowerCase().includes(wanted));
  return [...doing, ...(words.length < LEAST ? [] : await search(words))];
}

function* deeds() {
  const group = say("palette_do");
  const button = (id, label) => !byId(id).hidden && { group, label, detail: "", run: () => byId(id).click() };
  if (now.id) {
    yield* ["claim", "release", "close"].map((id) => button(id, byId(id).textContent)).filter(Boolean);
    for (const [name, wish] of Object.entries(ASIDE)) {
      yield { group, label: say(`act_${name}`), detail: "", run: () => ask({ title: title(now.shown) }, { act: name, ...wish }) };
    }
    yield { group, label: say("mode_say"), detail: "R", run: () => write(false) };
    yield { group, label: say("mode_note"), detail: "N", run: () => write(true) };
    yield { group, label: say("macros"), detail: "M", run: chooseMacro };
    for (const one of now.shown?.cases ?? []) {
      for (const wish of one.acts) {
        yield { group, label: called(wish), detail: acting(one), run: () => ask(one, wish) };
      }
    }
  }
  yield { group, label: say("prefs"), detail: "", run: () => byId("prefs").showModal() };
  yield { group, label: say("keys"), detail: "?", run: () => byId("keys").showModal() };
}

async function search(words) {
  const asked = new URLSearchParams({ words });
  const answer = await fetch(`/desk/search?${asked}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return [];
  return (await answer.json()).map((one) => ({
    group: say(`found_${one.kind}`),
    label: one.kind === "buyer" ? title(one) : `${title(one)} · ${one.text}`,
    detail: [named("channel", one.channel), one.at && moment(one.at)].filter(Boolean).join(" · "),
    run: () => (location.hash = `#${one.id}`),
  }));
}

export const openPalette = () => picker.open();
byId("find").addEventListener("click", openPalette);
byId("more").addEventListener("click", openPalette);
