// What both pages share: their words, building elements, times. No page ever parses markup.

const given = (id) => JSON.parse(document.getElementById(id).textContent);

export const settings = given("settings");
export const language = document.documentElement.lang;
const words = given("words");

export const say = (key, values = {}) =>
  (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

// A value's word from its own group; a value nobody worded shows itself.
export const named = (group, value) => words[`${group}_${value}`] ?? value;

export const byId = (id) => document.getElementById(id);

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

const TAGS = new Set(["b", "i", "u", "s", "code", "a"]);
const SCHEME = /^(https?:\/\/|mailto:|tel:)/i;

// Reply text arrives as text and {t: tag, c: children}; a tag that is not on the list leaves only its words.
export function rich(nodes) {
  return nodes.flatMap((node) => {
    if (typeof node === "string") return [document.createTextNode(node)];
    const children = rich(node.c ?? []);
    if (!TAGS.has(node.t)) return children;
    if (node.t !== "a") return [el(node.t, {}, children)];
    if (!SCHEME.test(node.h ?? "")) return children;
    return [el("a", { href: node.h, target: "_blank", rel: "noopener noreferrer" }, children)];
  });
}

export const words_of = (nodes) =>
  nodes.map((node) => (typeof node === "string" ? node : words_of(node.c ?? []))).join("");

const format = (options) => new Intl.DateTimeFormat(language, { timeZone: settings.timezone || undefined, ...options });
const TIME = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = format({ month: "long", day: "numeric", weekday: "short" });
const SHORT = format({ month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const clock = (at) => TIME.format(at);
export const moment = (at) => SHORT.format(new Date(at));

const DATE = format({ year: "numeric", month: "numeric", day: "numeric" });

export function day(at) {
  const date = DATE.format(at);
  if (date === DATE.format(Date.now())) return say("today");
  return date === DATE.format(Date.now() - 86400000) ? say("yesterday") : DAY.format(at);
}

export function size(bytes) {
  if (!bytes) return "";
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Post to our own server. Answers {ok, status, message, told}; status 0 when it could not be reached.
export async function post(path, body) {
  const headers = { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  const form = body instanceof FormData;
  if (!form) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, { method: "POST", headers, body: form ? body : JSON.stringify(body) });
    const answer = await response.json().catch(() => ({}));
    const wait = Number(response.headers.get("Retry-After")) || 0;
    return { ok: response.ok, status: response.status, message: answer.message ?? say("error_ours"), told: answer, wait };
  } catch {
    return { ok: false, status: 0, message: say("not_sent"), told: {}, wait: 0 };
  }
}
