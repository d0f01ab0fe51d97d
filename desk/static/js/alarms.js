// The alarm bar: a new alarm is said aloud, and a key leads to it from wherever the hands are.

let known = new Set(numbers());

function numbers() {
  return [...document.querySelectorAll("#alarms [data-alarm]")].map((each) => each.dataset.alarm);
}

/** After the bar was drawn anew: say what was not there before. */
export function alarmsDrawn() {
  const now = numbers();
  const fresh = now.filter((number) => !known.has(number));
  known = new Set(now);
  if (!fresh.length) return;
  const title = document.querySelector(`#alarms [data-alarm="${CSS.escape(fresh[0])}"] .alarm-title`);
  document.getElementById("alarm-say").textContent = title?.textContent ?? "";
}

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.code !== "KeyQ") return;
  const first = document.querySelector("#alarms button");
  if (!first) return;
  event.preventDefault();
  first.focus();
});
