// What stands below a search field: the place of what was chosen, or that nothing is, in words, colour and for
// screen readers.

const CLASSES = { chosen: "chosen", unchosen: "unchosen", failed: "unchosen", none: "unchosen" };

/**
 * @param {Element} field
 * @param {"idle"|"searching"|"ready"|"pick"|"none"|"chosen"|"unchosen"|"failed"} state  idle: nothing to be said;
 *   ready: Enter takes the highlighted one; pick: there are several, none is taken unasked
 */
export function showState(field, state) {
  const hint = field.querySelector("[data-hint]");
  const input = field.querySelector("[role=combobox]");
  const where = field.querySelector("[data-where]").value;
  field.dataset.state = state;
  hint.classList.remove("chosen", "unchosen");
  if (CLASSES[state]) hint.classList.add(CLASSES[state]);
  if (state === "chosen") hint.textContent = where ? `✓ ${where}` : "✓";
  else hint.textContent = (hint.dataset[state] ?? hint.dataset.hint).replace("{text}", input.value.trim());
  if (state === "unchosen" || state === "failed") input.setAttribute("aria-invalid", "true");
  else if (!field.querySelector(".error")) input.removeAttribute("aria-invalid");
  if (state === "searching") input.setAttribute("aria-busy", "true");
  else input.removeAttribute("aria-busy");
}
