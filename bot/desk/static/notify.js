// Tells an agent who looks elsewhere that somebody waits: by a sound, and by a note of the system's.

import { named, say, settings } from "../chat/dom.js";
import { prefs } from "./kept.js";
import { title } from "./panel.js";

let known = null; // conversation to since when somebody waits there; null before the first list

const waits = (one) => (one.holder === "queued" ? one.since : one.agent === settings.agent ? one.waitsSince : "");

// Looks at a new list for whom nobody has answered yet, and who did not wait before.
export function notice(rows) {
  const waiting = new Map(rows.filter(waits).map((one) => [one.id, waits(one)]));
  const fresh = known ? rows.filter((one) => waiting.has(one.id) && !known.has(one.id)) : [];
  known = waiting;
  if (!fresh.length) return;
  if (prefs.sound) ring();
  if (prefs.desktop && document.hidden) for (const one of fresh.slice(0, 3)) post(one);
}

let sound = null;

// Two soft tones; browsers let a page make them once somebody has clicked in it.
export function ring() {
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume().catch(() => {});
  for (const [tone, after] of [[660, 0], [880, 0.16]]) {
    const from = sound.currentTime + after;
    const wave = sound.createOscillator();
    const volume = sound.createGain();
    wave.frequency.value = tone;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.12, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.32);
    wave.connect(volume).connect(sound.destination);
    wave.start(from);
    wave.stop(from + 0.34);
  }
}

// The buyer's words stay on the desk: a note of the system's may stand on a locked screen.
function post(one) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const words = one.reason ? named("flag", one.reason) : say("waits_for_you");
  const note = new Notification(title(one), { body: words, tag: `shouhou-${one.id}` });
  note.addEventListener("click", () => {
    focus();
    location.hash = `#${one.id}`;
    note.close();
  });
}

// Whether notes of the system's may be shown; asked only because somebody just clicked for it.
export async function mayPost() {
  if (!("Notification" in window)) return false;
  if (Notification.permission === "default") await Notification.requestPermission();
  return Notification.permission === "granted";
}
