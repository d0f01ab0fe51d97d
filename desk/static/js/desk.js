// The executive's desk: joins the live stream, the call's panel and the form. The server draws everything; this
// file only decides what to fetch when, and never puts text from outside into the page as HTML.

import { alarmsDrawn } from "./alarms.js";
import { drawn, settleAll, unsettled } from "./combobox.js";
import * as drafts from "./drafts.js";
import { listen } from "./live.js";
import { HEARTBEAT, line, trouble, troubleShown } from "./told.js";

const KEEP_PAUSE = 250;
const htmx = window.htmx;
const $ = (id) => document.getElementById(id);
const title = document.title;

let drawnAt = Date.now();
let announced = "none";
let detached = null;
let keepTimer = 0;

// One request at a time; what happens meanwhile asks for one more when it is done.
let refreshing = false;
let refreshAgain = false;
async function refresh() {
  refreshAgain = refreshing;
  if (refreshing) return;
  refreshing = true;
  try {
    await htmx.ajax("GET", `/panel?beside=${encodeURIComponent(besideWanted())}`, { source: "#panel", target: "#panel", swap: "outerHTML" });
  } catch {
    // Told by htmx's own events below; the stream's next hello asks again.
  }
  refreshing = false;
  if (refreshAgain) refresh();
}

// What stands beside a form belongs to it: the server is told whose form is open. "-": one that was begun and is
// of no call.
function besideWanted() {
  const work = $("work");
  if (!work.matches("form")) return "";
  if (work.elements.call_id.value) return work.elements.call_id.value;
  return drafts.dirty(work) ? "-" : "";
}

function besideChecked() {
  if ($("panel").dataset.beside !== besideWanted()) refresh();
}

async function refreshAlarms() {
  try {
    await htmx.ajax("GET", "/alarms", { source: "#alarms", target: "#alarms", swap: "outerHTML" });
    alarmsDrawn();
  } catch {
    // The stream's next hello asks again.
  }
}

listen("/events", HEARTBEAT, {
  up: (phones) => {
    line(phones ? "on" : "phones");
    if (troubleShown() === "unreachable") trouble(null);
  },
  down: () => line("off"),
  refused: () => trouble("ended"),
  happened: (name) => {
    if (name !== "alarms") refresh();
    if (name === "alarms" || name === "hello" || name === "resync") refreshAlarms();
    if (["hello", "resync", "answered", "ended"].includes(name)) htmx.trigger("#mine", "desk:refresh");
  },
});

document.addEventListener("htmx:sendError", () => trouble("unreachable"));
document.addEventListener("htmx:timeout", () => trouble("unreachable"));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  if (xhr.status === 401) trouble("ended");
  else if (xhr.status !== 404) trouble("internal", plain ? xhr.responseText : "");
});

// The call

function panelDrawn() {
  drawnAt = Date.now();
  const { state, call, number, district } = $("panel").dataset;
  const say = $("say");
  const now = `${state} ${call ?? ""}`;
  if (now !== announced) {
    announced = now;
    say.textContent = (say.dataset[state] ?? "").replace("{number}", number ?? "").replace("{district}", district ?? "");
  }
  document.title = state === "ringing" ? say.dataset.title : title;
  if (otherCall() && state === "talking" && !drafts.dirty($("work"))) openForm(call);
  else besideChecked();
}

/** The bar about a call of which nothing is written yet while something else is open; tells whether there is one. */
function otherCall() {
  const { state, call, number, complaints, answered } = $("panel").dataset;
  const [bar, work] = [$("other-call"), $("work")];
  const over = state === "ended" && answered === "true" && !drafts.dismissed(call);
  const there = (state === "talking" || over) && complaints === "0" && work.dataset.call !== call && detached !== call;
  const told = there && (over || drafts.dirty(work));
  if (told) {
    const own = work.dataset.about ?? work.querySelector("#complaint-number").textContent;
    const text = (over ? bar.dataset.ended : bar.dataset.talking).replace("{number}", number).replace("{own}", own);
    if (bar.firstElementChild.textContent !== text) bar.firstElementChild.textContent = text;
    const away = bar.querySelector("[data-dismiss]") ?? (over ? bar.appendChild(awayButton(bar.dataset.away)) : null);
    if (over) away.dataset.dismiss = call;
    else away?.remove();
  }
  bar.hidden = !told;
  return there;
}

function awayButton(label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = label;
  return button;
}

function mineDrawn() {
  const box = $("unwritten");
  for (const line of box.querySelectorAll("[data-taken]")) {
    line.hidden = drafts.dismissed(line.dataset.taken) || line.dataset.taken === $("work").dataset.call;
  }
  box.hidden = !box.querySelector("[data-taken]:not([hidden])");
}

// A form that is on its way is not fetched again: the second would wipe what was typed into the first.
let opening = null;
async function openForm(call) {
  if (opening === call) return;
  opening = call;
  const [, message] = /^message-(\d+)$/.exec(call ?? "") ?? [];
  const query = message ? `?message=${message}` : call ? `?call=${encodeURIComponent(call)}` : "";
  try {
    await htmx.ajax("GET", `/form${query}`, { target: "#work", swap: "outerHTML" });
  } catch {
    // Told by htmx's own events below.
  }
  opening = null;
}

function tick() {
  const panel = $("panel");
  const passed = (Date.now() - drawnAt) / 1000;
  for (const timer of panel.querySelectorAll(".timer[data-since], .timer[data-start]")) {
    const start = timer.dataset.start ?? (Date.parse(panel.dataset.now) - Date.parse(timer.dataset.since)) / 1000;
    const seconds = Math.max(0, Math.floor(Number(start) + passed));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const rest = String(seconds % 60).padStart(2, "0");
    timer.textContent = hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  }
}
setInterval(tick, 1000);

// The form

function workDrawn(focus) {
  const work = $("work");
  if (work.dataset.saved) {
    drafts.drop(work.dataset.call);
    trouble(null);
    refresh();
    if (focus) $("next-call").focus({ preventScroll: true });
    work.scrollIntoView({ block: "nearest" });
  } else {
    const restored = drafts.restore(work);
    const note = $("draft-note");
    if (restored) note.textContent = note.dataset.restored;
    const wrong = work.querySelector("[aria-invalid=true]");
    drawn(work);
    const change = work.querySelector("#ask [data-change]");
    if (change) {
      drafts.keep(work);
      change.focus();
    } else if (wrong) {
      drafts.keep(work);
      wrong.focus();
    } else if (focus) {
      const empty = [...work.querySelectorAll("input:not([type=hidden]), textarea")].find((input) => !input.value);
      (empty ?? work.elements.description).focus();
    }
  }
  unfinished();
  otherCall();
  mineDrawn();
  besideChecked();
}

function unfinished() {
  const box = $("unfinished");
  const found = drafts.others($("work").dataset.call ?? "");
  for (const button of box.querySelectorAll("button")) button.remove();
  box.hidden = !found.length;
  for (const { call, name, about } of found) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.textContent = box.dataset.open.replace("{name}", [name || box.dataset.unnamed, about].filter(Boolean).join(" · "));
    button.addEventListener("click", () => {
      if ($("work").matches("form")) drafts.keep($("work"));
      openForm(call);
    });
    box.append(button);
  }
}

function keepSoon(event) {
  const work = event.target.closest?.("#work");
  if (!work) return;
  event.target.removeAttribute("aria-invalid");
  if (event.target.closest("[data-combo]")) $("ask")?.remove();
  event.target.closest(".field")?.querySelector(".error")?.remove();
  if (!work.querySelector(".error")) work.querySelector(".alert")?.remove();
  clearTimeout(keepTimer);
  keepTimer = setTimeout(() => {
    if (!work.isConnected || !drafts.dirty(work)) return;
    drafts.keep(work);
    $("draft-note").textContent = $("draft-note").dataset.draft;
    besideChecked();
  }, KEEP_PAUSE);
}
document.addEventListener("input", keepSoon);
document.addEventListener("combo-chosen", keepSoon);
window.addEventListener("pagehide", () => $("work").matches("form") && drafts.keep($("work")));

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id === "panel" || event.target.id === "panel") panelDrawn();
  if (event.detail.elt.id === "work" || event.target.id === "work") workDrawn(true);
  if (event.detail.elt.id === "mine" || event.target.id === "mine") mineDrawn();
});
// What was typed into the search fields is settled before the form goes out: no answer on its way is overtaken.
document.addEventListener("htmx:confirm", (event) => {
  const { elt, verb, issueRequest } = event.detail;
  if (elt.id !== "work" || verb !== "post" || !unsettled(elt)) return;
  event.preventDefault();
  settleAll(elt).then(() => elt.isConnected && issueRequest(true));
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.elt;
  if (button.matches?.("#work button[hx-get='/form']")) {
    const work = $("work");
    if (work.matches("form")) drafts.keep(work);
    detached = $("panel").dataset.call ?? null;
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if ("dismiss" in button.dataset) {
    drafts.dismiss(button.dataset.dismiss);
    const next = button.closest("#unwritten") ? $("unwritten") : $("work");
    otherCall();
    mineDrawn();
    if (button.offsetParent === null) next.focus({ preventScroll: true });
  } else if (button.dataset.open || button.closest("#other-call")) {
    if ($("work").matches("form")) drafts.keep($("work"));
    openForm(button.dataset.open ?? $("panel").dataset.call);
  } else if ("change" in button.dataset) {
    changePair();
  } else if ("clear" in button.dataset) {
    const work = $("work");
    if (drafts.dirty(work) && !window.confirm(button.dataset.clear)) return;
    clearTimeout(keepTimer);
    drafts.drop(work.dataset.call);
    openForm(work.dataset.call);
  } else if (button.dataset.copy) {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = label), 2000);
    } catch {
      const range = document.createRange();
      range.selectNodeContents($("complaint-number"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  }
});

/** The question whether type and place go together is answered with no: the type is written anew. */
function changePair() {
  $("ask").remove();
  $("type_text").focus();
  $("type_text").select();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.("#ask")) changePair();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const work = $("work");
    if (work.matches("form")) {
      event.preventDefault();
      work.requestSubmit();
    }
  }
});

panelDrawn();
workDrawn(false);
