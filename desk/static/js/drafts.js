// What is typed survives a reload, a lost line and an ended session: each form is kept in this tab's session
// storage, under the person and the call, until it is registered, cleared, or the person logs out.

const FIELDS = [
  "key", "citizen_name", "citizen_phone", "place_id", "place_text", "place_where", "type_code", "type_text", "type_where",
  "description", "kind",
];
const TYPED = ["citizen_name", "citizen_phone", "place_text", "type_text", "description"];
const PREFIX = "h181/";

/** Where this person's things are kept. */
export const own = () => `${PREFIX}${document.body.dataset.user}/`;
const forms = () => `${own()}form/`;
const keyOf = (call) => `${forms()}${call || "-"}`;

function keys(prefix) {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
}

/** Whether something was typed into this form, or it came back with errors. */
export function dirty(form) {
  if (!form?.matches("form")) return false;
  return form.dataset.sent === "true" || TYPED.some((name) => form.elements[name].value !== form.elements[name].defaultValue);
}

let leaving = false;

export function keep(form) {
  if (leaving || !dirty(form)) return;
  const values = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
  values.about = form.dataset.about;
  sessionStorage.setItem(keyOf(form.dataset.call), JSON.stringify(values));
}

/** Fill the form from its draft; tells whether there was one. */
export function restore(form) {
  const kept = sessionStorage.getItem(keyOf(form.dataset.call));
  if (!kept || form.dataset.sent === "true") return false;
  const values = JSON.parse(kept);
  for (const name of FIELDS) if (values[name]) form.elements[name].value = values[name];
  return dirty(form);
}

export function drop(call) {
  sessionStorage.removeItem(keyOf(call));
}

/** Drafts of other calls: [{call, name, about}]. */
export function others(call) {
  return keys(forms())
    .filter((key) => key !== keyOf(call))
    .map((key) => {
      const found = key.slice(forms().length);
      const { citizen_name: name, about } = JSON.parse(sessionStorage.getItem(key));
      return { call: found === "-" ? "" : found, name, about };
    });
}

const doneKey = (call) => `${own()}done/${call}`;

/** No complaint is to be written of this call: nothing reminds of it any more. */
export const dismiss = (call) => sessionStorage.setItem(doneKey(call), "1");
export const dismissed = (call) => sessionStorage.getItem(doneKey(call)) !== null;

/** Who logs out leaves nothing behind, and the page that goes away keeps nothing more. */
export function dropAll() {
  leaving = true;
  for (const key of keys(PREFIX)) sessionStorage.removeItem(key);
}

/** Another person's drafts have no business in this tab. */
export function dropStrangers() {
  for (const key of keys(PREFIX)) if (!key.startsWith(own())) sessionStorage.removeItem(key);
}
