// What a page tells of itself: whether it is live, and what went wrong. The words stand in the page, in its language.

export const HEARTBEAT = 10000;
const $ = (id) => document.getElementById(id);

/** @param {"on" | "phones" | "off"} state */
export function line(state) {
  const chip = $("line");
  if (chip.dataset.state === state) return;
  chip.dataset.state = state;
  chip.querySelector(".chip-text").textContent = chip.dataset[state];
  chip.title = chip.dataset[`${state}Hint`] ?? "";
}

/** Show the bar of that trouble, in the server's words if it had any; null takes it away. */
export function trouble(kind, words = "") {
  const bar = $("trouble");
  bar.hidden = kind === null;
  bar.dataset.shown = kind ?? "";
  bar.replaceChildren();
  if (kind === null) return;
  bar.append(words || bar.dataset[kind]);
  if (kind === "ended") {
    const link = document.createElement("a");
    const here = location.pathname + location.search;
    link.href = here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`;
    link.textContent = bar.dataset.login;
    bar.append(" ", link);
  }
}

export const troubleShown = () => $("trouble").dataset.shown;
