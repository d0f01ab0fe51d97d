// What every page does: a form goes out once, and who logs out leaves nothing that he typed behind.

import { dropAll, dropStrangers } from "./drafts.js";

// The second press of a double click, or one made because the line is slow. After this long it is meant.
const ONE_PRESS = 10000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (Date.now() - Number(form.dataset.sentAt ?? 0) < ONE_PRESS) {
    event.preventDefault();
    return;
  }
  form.dataset.sentAt = Date.now();
  if ("logout" in form.dataset) dropAll();
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sentAt;
});

// A recording that cannot be played: the server says why.
document.addEventListener(
  "error",
  async (event) => {
    const audio = event.target;
    if (!(audio instanceof HTMLAudioElement)) return;
    try {
      const answer = await fetch(audio.currentSrc, { headers: { Accept: "text/plain" } });
      if (answer.ok) return;
      const told = document.createElement("p");
      told.className = "error";
      told.setAttribute("role", "alert");
      told.textContent = await answer.text();
      audio.replaceWith(told);
    } catch {
      // No server: the player shows that it does not play.
    }
  },
  true,
);

if (document.body.dataset.user) dropStrangers();
