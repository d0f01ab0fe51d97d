// The supervisor's page, drawn anew by the server while calls come and go.

import { alarmsDrawn } from "./alarms.js";
import { listen } from "./live.js";
import { HEARTBEAT, line, trouble } from "./told.js";

// The records follow what happens within two seconds, and who waits has waited longer by then.
const AGAIN = 3000;
// Nobody tells that a caller came to the greeting or went from it.
const SELDOM = 10000;

let later = 0;
let refreshing = false;
let refreshAgain = false;
let follow = false;

async function refresh() {
  refreshAgain = refreshing;
  if (refreshing) return;
  refreshing = true;
  clearTimeout(later);
  try {
    const answer = await fetch("/calls", { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (answer.status === 401) trouble("ended");
    if (answer.ok) draw(await answer.text());
  } catch {
    // The stream tells that the line is lost, and asks again when it is back.
  }
  refreshing = false;
  if (refreshAgain) {
    refresh();
  } else {
    const soon = follow || document.querySelector("#waiting li");
    follow = false;
    later = setTimeout(refresh, soon ? AGAIN : SELDOM);
  }
}

function draw(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const chosen = getSelection();
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    const copying = !chosen.isCollapsed && part.contains(chosen.anchorNode);
    if (!now || copying || now.innerHTML === part.innerHTML) continue;
    const frame = part.querySelector(".scroll");
    const [focused, left] = [document.activeElement === frame, frame?.scrollLeft ?? 0];
    const held = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.replaceChildren(...now.childNodes);
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
    const drawn = part.querySelector(".scroll");
    if (frame && drawn) {
      drawn.scrollLeft = left;
      if (focused) drawn.focus({ preventScroll: true });
    }
  }
  alarmsDrawn();
}

listen("/events", HEARTBEAT, {
  up: (phones) => {
    line(phones ? "on" : "phones");
    refresh();
  },
  down: () => line("off"),
  refused: () => trouble("ended"),
  happened: () => {
    follow = true;
    refresh();
  },
});
