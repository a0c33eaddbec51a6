// Reads on in the store through server-sent events, from the last line this page has.

const SLOWEST = 20000;

// `heard` maps event names to handlers; `changed` is told "open", "lost" or "parted". Returns a function that ends it.
export function listen(url, heard, changed) {
  let source;
  let last = 0;
  let delay = 1000;
  let timer = 0;
  let over = false;

  const open = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`${url}${url.includes("?") ? "&" : "?"}after=${last}`);
    source.onopen = () => {
      delay = 1000;
      changed("open");
    };
    source.onerror = () => {
      changed("lost");
      if (source.readyState === EventSource.CLOSED) later();
    };
    source.addEventListener("parted", () => {
      source.close();
      changed("parted");
    });
    for (const [name, handle] of Object.entries(heard)) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) last = Number(event.lastEventId);
        handle(JSON.parse(event.data));
      });
    }
  };

  // The browser tries again by itself after a broken line, but not after an answer such as 503.
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(open, delay);
    delay = Math.min(delay * 2, SLOWEST);
  };
  const awake = () => {
    const closed = source.readyState === EventSource.CLOSED;
    if (!over && closed && document.visibilityState === "visible") open();
  };

  document.addEventListener("visibilitychange", awake);
  addEventListener("focus", awake);
  addEventListener("online", awake);
  open();
  return () => {
    over = true;
    clearTimeout(timer);
    source.close();
    document.removeEventListener("visibilitychange", awake);
    removeEventListener("focus", awake);
    removeEventListener("online", awake);
  };
}
