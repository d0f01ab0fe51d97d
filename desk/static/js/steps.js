// What is typed into a step's form survives a reload, an ended session and a refusal, as the desk's form does: it is
// kept in this tab's session storage until the step is taken.

import { own } from "./drafts.js";

const keyOf = (form) => `${own()}step/${form.dataset.step}`;
const forms = document.querySelectorAll("form[data-step]");

function keep(form, sent) {
  const said = [...new FormData(form)].filter(([name, value]) => name !== "csrf" && value);
  if (said.length) sessionStorage.setItem(keyOf(form), JSON.stringify({ said, sent }));
  else sessionStorage.removeItem(keyOf(form));
}

function put(field, value) {
  if (field.type === "checkbox") field.checked = true;
  else field.value = value;
}

function restore(form) {
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
  // A form that came back with errors brings its own text.
  if (!kept || form.querySelector(".alert")) return;
  for (const [name, value] of kept.said) if (form.elements[name]) put(form.elements[name], value);
  form.closest("details").open = true;
  form.querySelector("[data-restored]").hidden = false;
  keep(form, false);
}

// The page of a step that was taken: what was sent is not needed any more.
const taken = document.querySelector("[data-done]");
if (taken) {
  const prefix = `${own()}step/${taken.dataset.done}/`;
  for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith(prefix))) {
    if (JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
  }
}
for (const form of forms) {
  restore(form);
  form.addEventListener("input", () => keep(form, false));
  form.addEventListener("submit", () => keep(form, true));
}
