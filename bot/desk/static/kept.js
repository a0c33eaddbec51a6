// What this browser remembers: an agent's own settings, filters, and words that were not sent. It may refuse to.

const NAME = "shouhou.desk.";
const MOST = 50; // conversations whose unsent words are kept

export function kept(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(NAME + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(NAME + name, JSON.stringify(value));
  } catch {
    // a full or forbidden store costs no more than the memory
  }
}

export const prefs = { ctrlEnter: false, keys: true, sound: true, desktop: false, ...kept("prefs", {}) };

export function unsent(id) {
  return kept("unsent", {})[id] ?? null;
}

export function keepUnsent(id, words) {
  const all = kept("unsent", {});
  delete all[id];
  if (words) all[id] = words;
  keep("unsent", Object.fromEntries(Object.entries(all).slice(-MOST)));
}

export const forgetUnsent = () => keep("unsent", {});
