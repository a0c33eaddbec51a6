// What this page shows now, and whoever wants to hear when that changes.

export const now = {
  id: 0, // the conversation
  shown: null, // all beside it, as the stream told last
  rows: [], // the list, as the stream told last
  newest: 0, // its newest line
  seen: 0, // the newest line the agent has surely seen
};

const heard = { chosen: [], panel: [] };

// `on("chosen", act)`: another conversation is shown; `on("panel", act)`: what is known of it changed.
export const on = (name, act) => heard[name].push(act);
export const tell = (name) => heard[name].forEach((act) => act());

export const look = () => (now.seen = now.newest);
