// Search fields with a list of suggestions, after the ARIA pattern "editable combobox with list autocomplete".
// The server draws the options; only an option that was chosen fills the hidden field that counts.
// Everything is listened to on the document, so fields that are swapped in need no setting up.
//
// A choice belongs to the text that stands in the field: a change of the text takes the choice, the highlight and
// the list's validity away. Tab and Enter wait for the answer to this text; unasked only a hit that the server
// calls sure is taken, and what is not chosen says so at once.

import { showState } from "./combo_state.js";

const PAUSE = 120;
// How long Tab, Enter and saving wait for an answer. Who talks to a citizen sees within this whether it was taken.
const LONGEST_WAIT = 4000;
const states = new WeakMap();

function parts(input) {
  const field = input.closest("[data-combo]");
  return { field, list: field.querySelector("[role=listbox]"), hidden: field.querySelector("[data-chosen]") };
}

/**
 * What is known of a field. `text`: what was typed when it last changed; `answered`: the text whose options the
 * list holds, null for none; `asked`: the request on its way and the text it is for; `after`: what is done with
 * the answer when it comes, "enter" or "down"; `dismissed`: the list was closed by Escape, so nothing is taken unasked.
 */
function stateOf(input) {
  if (!states.has(input)) {
    const fresh = { text: input.value, timer: 0, answered: null, asked: null, active: null, after: null, dismissed: false };
    states.set(input, fresh);
  }
  return states.get(input);
}

const combo = (target) => (target instanceof Element ? target.closest("[data-combo] [role=combobox]") : null);
const combos = (form) => [...form.querySelectorAll("[data-combo] [role=combobox]")];
const wanted = (input) => input.value.trim();
const isOpen = (input) => input.getAttribute("aria-expanded") === "true";
const isFresh = (input) => stateOf(input).answered === wanted(input);
const optionsOf = (input) => [...parts(input).list.querySelectorAll("[role=option]")];

function say(key, places = {}) {
  const live = document.getElementById("combo-say");
  if (!live) return;
  let text = live.dataset[key] ?? "";
  for (const [name, value] of Object.entries(places)) text = text.replace(`{${name}}`, value);
  live.textContent = text;
}

function show(input, state) {
  showState(parts(input).field, state);
}

function close(input) {
  parts(input).list.hidden = true;
  activate(input, null);
  input.setAttribute("aria-expanded", "false");
}

function activate(input, option) {
  const state = stateOf(input);
  state.active?.setAttribute("aria-selected", "false");
  state.active = option;
  if (option) {
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

/** The list is of a text that does not stand there any more: it may be read, but nothing of it can be chosen. */
function makeStale(input) {
  const { list } = parts(input);
  activate(input, null);
  stateOf(input).answered = null;
  list.setAttribute("aria-busy", "true");
}

/** The text has changed, by whatever means: what was chosen was for another one. */
function changed(input) {
  const { field, hidden } = parts(input);
  const state = stateOf(input);
  state.text = input.value;
  state.after = null;
  state.dismissed = false;
  hidden.value = "";
  field.querySelector("[data-where]").value = "";
  makeStale(input);
  clearTimeout(state.timer);
  state.asked?.control.abort();
  state.asked = null;
  show(input, "idle");
}

/** Whether the field holds a text for which nothing is chosen. */
const open = (input) => Boolean(wanted(input)) && !parts(input).hidden.value;

/** Ask for the options of the text that stands there; the answer to an older one is thrown away. */
function ask(input) {
  const { field } = parts(input);
  const state = stateOf(input);
  const text = wanted(input);
  clearTimeout(state.timer);
  if (state.asked?.text === text) return state.asked.done;
  state.asked?.control.abort();
  if (!text && !field.dataset.openEmpty) {
    state.asked = null;
    close(input);
    return Promise.resolve();
  }
  const control = new AbortController();
  const asked = { text, control, done: null };
  asked.done = answer(input, asked);
  state.asked = asked;
  return asked.done;
}

async function answer(input, asked) {
  const { field } = parts(input);
  const state = stateOf(input);
  const slow = setTimeout(() => state.asked === asked && open(input) && show(input, "searching"), PAUSE);
  const late = setTimeout(() => asked.control.abort("late"), LONGEST_WAIT);
  let html = null;
  try {
    const found = await fetch(`${field.dataset.combo}?q=${encodeURIComponent(asked.text)}`, {
      headers: { Accept: "text/html", "HX-Request": "true" },
      signal: asked.control.signal,
    });
    if (!found.ok) throw new Error(String(found.status));
    html = await found.text();
  } catch {
    // Aborted by a newer text, too late, or failed: told below, when it is still of this text.
  }
  clearTimeout(slow);
  clearTimeout(late);
  if (state.asked !== asked) return;
  state.asked = null;
  if (!input.isConnected || asked.text !== wanted(input)) return;
  if (html === null) failed(input);
  else draw(input, asked.text, html);
}

function failed(input) {
  stateOf(input).after = null;
  close(input);
  if (open(input)) show(input, "failed");
  say("failed");
}

const sureOne = (input) => optionsOf(input).find((option) => option.dataset.sure === "true") ?? null;

function draw(input, text, html) {
  const { list } = parts(input);
  const state = stateOf(input);
  const { after } = state;
  activate(input, null);
  list.innerHTML = html;
  list.removeAttribute("aria-busy");
  state.answered = text;
  state.after = null;
  if (document.activeElement !== input) return;
  const options = optionsOf(input);
  const sure = open(input) && !state.dismissed ? sureOne(input) : null;
  if (after === "enter" && sure) return choose(input, sure);
  list.hidden = false;
  list.scrollTop = 0;
  input.setAttribute("aria-expanded", "true");
  activate(input, after === "down" ? (options[0] ?? null) : sure);
  if (open(input)) show(input, options.length ? (state.active ? "ready" : "pick") : "none");
  if (options.length) say(state.active || !text ? "results" : "pick", { count: options.length });
  else say("none");
}

function choose(input, option) {
  if (!isFresh(input)) return;
  const { field, hidden } = parts(input);
  const state = stateOf(input);
  input.value = option.dataset.label;
  state.text = input.value;
  // The name that stands there now is no search: it is asked for anew when somebody wants the list.
  state.answered = null;
  hidden.value = option.dataset.value;
  field.querySelector("[data-where]").value = option.dataset.where;
  show(input, "chosen");
  say("chosen", { name: option.dataset.label, where: option.dataset.where });
  close(input);
  input.dispatchEvent(new CustomEvent("combo-chosen", { bubbles: true }));
}

/** The field is left: the answer to its own text decides, and when it names no sure one, nothing is chosen. */
async function settle(input, saving = false) {
  if (!input.isConnected) return;
  noticeChange(input);
  close(input);
  if (!open(input)) return;
  if (!isFresh(input)) {
    show(input, "searching");
    await ask(input);
    if (!input.isConnected || !open(input) || !isFresh(input)) return;
  }
  // Who came back meanwhile goes on by himself.
  if (!saving && document.activeElement === input) return;
  const sure = stateOf(input).dismissed ? null : sureOne(input);
  if (sure) return choose(input, sure);
  close(input);
  show(input, "unchosen");
  say("unchosen", { text: wanted(input) });
}

/** Whether a field of the form holds a text for which nothing is chosen yet. */
export function unsettled(form) {
  for (const input of combos(form)) noticeChange(input);
  return combos(form).some(open);
}

/** Before the form goes out: what is highlighted is taken, and an answer on its way is waited for. */
export async function settleAll(form) {
  await Promise.all(
    combos(form).map((input) => {
      const { active } = stateOf(input);
      return active && open(input) && isFresh(input) ? choose(input, active) : settle(input, true);
    }),
  );
}

/** A form was drawn or filled from its draft: what stands in it is as it was chosen. */
export function drawn(form) {
  for (const input of combos(form)) {
    const { field, hidden } = parts(input);
    stateOf(input).text = input.value;
    showState(field, hidden.value ? "chosen" : wanted(input) && !field.querySelector(".error") ? "unchosen" : "idle");
  }
}

/** A text that was put there without a word (filled in by the browser or a program) changes the choice, too. */
function noticeChange(input) {
  if (stateOf(input).text !== input.value) changed(input);
}

function move(input, step) {
  const options = optionsOf(input);
  if (!options.length) return;
  const at = options.indexOf(stateOf(input).active);
  const next = at < 0 ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length;
  activate(input, options[next]);
  show(input, parts(input).hidden.value ? "chosen" : "ready");
}

document.addEventListener("input", (event) => {
  const input = combo(event.target);
  if (!input) return;
  changed(input);
  stateOf(input).timer = setTimeout(() => ask(input), PAUSE);
});

document.addEventListener("change", (event) => {
  const input = combo(event.target);
  if (input) noticeChange(input);
});

document.addEventListener("focusin", (event) => {
  const input = combo(event.target);
  if (!input) return;
  stateOf(input);
  if (open(input) || (!input.value && parts(input).field.dataset.openEmpty)) ask(input);
});

document.addEventListener("focusout", (event) => {
  const input = combo(event.target);
  if (!input) return;
  clearTimeout(stateOf(input).timer);
  // The window lost the focus, not the field.
  if (document.activeElement === input) close(input);
  else settle(input);
});

document.addEventListener("keydown", (event) => {
  const input = combo(event.target);
  // 229: the key belongs to the input method, also where the browser says so only in this way.
  if (!input || event.isComposing || event.keyCode === 229) return;
  noticeChange(input);
  const state = stateOf(input);
  const ready = isOpen(input) && isFresh(input);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    state.dismissed = false;
    if (ready) return move(input, event.key === "ArrowDown" ? 1 : -1);
    if (event.key === "ArrowDown") state.after = "down";
    ask(input);
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (ready && state.active) return choose(input, state.active);
    if (!open(input) || ready) return;
    state.after = "enter";
    ask(input);
  } else if (event.key === "Tab") {
    if (ready && state.active) choose(input, state.active);
    // A list that scrolls would get the focus before the next field.
    else close(input);
  } else if (event.key === "Escape" && (isOpen(input) || state.asked)) {
    event.preventDefault();
    state.dismissed = true;
    state.after = null;
    clearTimeout(state.timer);
    state.asked?.control.abort();
    state.asked = null;
    close(input);
    if (open(input)) show(input, "unchosen");
  }
});

// Pressing on an option must not take the focus out of the field.
document.addEventListener("mousedown", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-combo] [role=listbox]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const option = event.target instanceof Element ? event.target.closest("[data-combo] [role=option]") : null;
  if (option) {
    const input = option.closest("[data-combo]").querySelector("[role=combobox]");
    noticeChange(input);
    choose(input, option);
  } else if (combo(event.target) && !isOpen(combo(event.target))) {
    ask(combo(event.target));
  }
});
