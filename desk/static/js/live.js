// The stream of what happens at this person's phone. Browsers reconnect a stream that breaks, but neither one that
// the server refused nor one whose line died without a word; both are handled here.

const NAMES = ["queued", "ring", "ring-ended", "answered", "ended", "abandoned", "member", "resync", "alarms"];
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;

/**
 * @param {string} url
 * @param {number} heartbeat  milliseconds between signs of life; three missing ones mean a dead line
 * @param {{up(phones: boolean): void, down(): void, happened(name: string, data: object): void, refused(): void}} told
 */
export function listen(url, heartbeat, told) {
  let source = null;
  let heard = 0;
  let pause = FIRST_PAUSE;
  let later = 0;

  function open() {
    clearTimeout(later);
    source?.close();
    source = new EventSource(url);
    heard = Date.now();
    const alive = (message) => {
      heard = Date.now();
      pause = FIRST_PAUSE;
      return JSON.parse(message.data || "{}");
    };
    source.addEventListener("hello", (message) => {
      told.up(alive(message).phones);
      told.happened("hello", {});
    });
    source.addEventListener("beat", (message) => told.up(alive(message).phones));
    for (const name of NAMES) {
      source.addEventListener(name, (message) => told.happened(name, alive(message)));
    }
    source.onerror = () => {
      told.down();
      if (source.readyState === EventSource.CLOSED) again();
    };
  }

  async function again() {
    source?.close();
    clearTimeout(later);
    later = setTimeout(open, pause * (0.5 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    try {
      const answer = await fetch("/panel", { headers: { Accept: "application/json" } });
      if (answer.status === 401) told.refused();
    } catch {
      // No server: the next try will tell.
    }
  }

  setInterval(() => {
    if (source?.readyState === EventSource.OPEN && Date.now() - heard > 3 * heartbeat) {
      told.down();
      again();
    }
  }, heartbeat / 2);
  const now = () => {
    if (source?.readyState !== EventSource.OPEN) open();
  };
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
