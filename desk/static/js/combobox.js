// Search fields with a list of suggestions, after the ARIA pattern "editable combobox with list autocomplete".
// The server draws the options; only an option that was chosen fills the hidden field that counts.
// Everything is listened to on the document, so fields that are swapped in need no setting up.

const PAUSE = 120;
const states = new WeakMap();

function parts(input) {
  const field = input.closest("[data-combo]");
  return { field, list: field.querySelector("[role=listbox]"), hidden: field.querySelector("[data-chosen]") };
}

function stateOf(input) {
  if (!states.has(input)) states.set(input, { timer: 0, request: null, active: null });
  return states.get(input);
}

const combo = (target) => (target instanceof Element ? target.closest("[data-combo] [role=combobox]") : null);

function say(key, places = {}) {
  const live = document.getElementById("combo-say");
  if (!live) return;
  let text = live.dataset[key] ?? "";
  for (const [name, value] of Object.entries(places)) text = text.replace(`{${name}}`, value);
  live.textContent = text;
}

function close(input) {
  const { list } = parts(input);
  const state = stateOf(input);
  clearTimeout(state.timer);
  state.request?.abort();
  list.hidden = true;
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

async function search(input) {
  const { field, list } = parts(input);
  const state = stateOf(input);
  const text = input.value.trim();
  state.request?.abort();
  if (!text && !field.dataset.openEmpty) return close(input);
  const request = (state.request = new AbortController());
  let html;
  try {
    const answer = await fetch(`${field.dataset.combo}?q=${encodeURIComponent(text)}`, {
      headers: { Accept: "text/html", "HX-Request": "true" },
      signal: request.signal,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    html = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") {
      close(input);
      say("failed");
    }
    return;
  }
  if (request.signal.aborted || document.activeElement !== input) return;
  list.innerHTML = html;
  list.hidden = false;
  list.scrollTop = 0;
  state.active = null;
  input.setAttribute("aria-expanded", "true");
  const options = list.querySelectorAll("[role=option]");
  activate(input, text && options.length ? options[0] : null);
  if (options.length) say("results", { count: options.length });
  else say("none");
}

/** Below the field stands what was chosen, to tell it from others of its name; else the hint. */
export function showChoice(field) {
  const hint = field.querySelector("[data-hint]");
  const where = field.querySelector("[data-chosen]").value && field.querySelector("[data-where]").value;
  hint.textContent = where ? `✓ ${where}` : hint.dataset.hint;
  hint.classList.toggle("chosen", Boolean(where));
}

function choose(input, option) {
  const { field, hidden } = parts(input);
  input.value = option.dataset.label;
  hidden.value = option.dataset.value;
  field.querySelector("[data-where]").value = option.dataset.where;
  showChoice(field);
  close(input);
  input.dispatchEvent(new CustomEvent("combo-chosen", { bubbles: true }));
}

function move(input, step) {
  const { list } = parts(input);
  const options = [...list.querySelectorAll("[role=option]")];
  if (!options.length) return;
  const at = options.indexOf(stateOf(input).active);
  const next = at < 0 ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length;
  activate(input, options[next]);
}

document.addEventListener("input", (event) => {
  const input = combo(event.target);
  if (!input) return;
  const { field, hidden } = parts(input);
  hidden.value = "";
  showChoice(field);
  const state = stateOf(input);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => search(input), PAUSE);
});

document.addEventListener("focusin", (event) => {
  const input = combo(event.target);
  if (input && !input.value && parts(input).field.dataset.openEmpty) search(input);
});

document.addEventListener("focusout", (event) => {
  const input = combo(event.target);
  if (input) close(input);
});

document.addEventListener("keydown", (event) => {
  const input = combo(event.target);
  if (!input || event.isComposing) return;
  const open = input.getAttribute("aria-expanded") === "true";
  const { active } = stateOf(input);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (open) move(input, event.key === "ArrowDown" ? 1 : -1);
    else search(input);
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (open && active) choose(input, active);
  } else if (event.key === "Tab" && open && active) {
    choose(input, active);
  } else if (event.key === "Escape" && open) {
    event.preventDefault();
    close(input);
  }
});

// Pressing on an option must not take the focus out of the field.
document.addEventListener("mousedown", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-combo] [role=listbox]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const option = event.target instanceof Element ? event.target.closest("[data-combo] [role=option]") : null;
  if (option) choose(option.closest("[data-combo]").querySelector("[role=combobox]"), option);
  else if (combo(event.target) && combo(event.target).getAttribute("aria-expanded") === "false") search(combo(event.target));
});
