// What the agent does goes to the server; what is missing for it is asked first.

import { byId, el, post, say, uuid } from "../chat/dom.js";
import { now } from "./now.js";
import { acting, called } from "./panel.js";

const notice = byId("notice");

// Posts an act; the answer's `ok` says whether it was taken. `trouble` is where it is told that it was not.
export async function act(body, files = [], trouble = notice) {
  const done = { id: uuid(), conversation: now.id, ...body };
  const answer = await post("/desk/acts", files.length ? withFiles(done, files) : done);
  trouble.hidden = answer.ok;
  if (answer.ok) return answer;
  const stale = answer.status === 401 || answer.status === 403;
  const reload = stale && el("button", { type: "button", class: "link", onclick: () => location.reload() }, say("reload"));
  trouble.replaceChildren(...[answer.message, " ", reload].filter(Boolean));
  return answer;
}

function withFiles(done, files) {
  const form = new FormData();
  form.set("act", JSON.stringify(done));
  for (const file of files) form.append("files", file, file.name);
  return form;
}

for (const name of ["claim", "release", "close"]) {
  byId(name).addEventListener("click", async () => {
    if (name === "release" && now.shown?.waitsSince) return ask({ title: say("release_unanswered") }, { act: name });
    byId(name).disabled = true;
    byId("text").focus();
    if (!(await act({ act: name })).ok) byId(name).disabled = false;
  });
}

let asked = null;

// Shows the dialog for an act of a case, a refund or, told by its `title`, the conversation, with the words it needs.
export function ask(one, wish) {
  asked = { one, wish, id: now.id };
  byId("ask-title").textContent = called(wish);
  byId("ask-about").textContent = one.title ?? acting(one);
  byId("ask-does").textContent = wish.does ? say(`does_${wish.does}`) : "";
  byId("ask-does").hidden = !wish.does;
  const words = wish.words || wish.may;
  byId("ask-label").hidden = !words;
  byId("ask-words").textContent = words ? say(`ask_${words}`) : "";
  byId("ask-text").value = "";
  byId("ask-text").required = !!wish.words;
  byId("ask-trouble").hidden = true;
  byId("ask-do").textContent = called(wish);
  byId("ask").showModal();
}

byId("ask-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { one, wish, id } = asked;
  if (id !== now.id) return byId("ask").close();
  byId("ask-do").disabled = true;
  const done = { act: wish.act, case: one.key ?? one.number, version: one.version, text: byId("ask-text").value.trim() };
  const answer = await act(done, [], byId("ask-trouble"));
  byId("ask-do").disabled = false;
  if (!answer.ok) return byId("ask-text").focus();
  byId("ask").close();
  byId("panes").dataset.pane = "talk";
});
