// Dialogs with something to type: what was typed outlasts everything but sending it.

import { dialog, h } from "/static/desk_elements.js";

function kept(key) {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
}

// Ask for texts and send them; `fields` are { name, label, hint, value, rows, max, required }.
export function ask(desk, { title, key, fields, label, isDanger = false, send }) {
  const storeKey = `hearthbot.desk.${key}`;
  const before = kept(storeKey);
  const isRestored = before !== null && fields.some((one) => before[one.name] !== (one.value ?? ""));
  const inputs = fields.map((one) => field(one, isRestored ? before[one.name] : one.value));
  const told = h("p.told", { role: "status", hidden: !isRestored }, isRestored && desk.t("restored"));
  const wrong = h("p.is-error", { role: "alert" });
  const submit = h(`button.button${isDanger ? ".danger" : ".primary"}`, {}, label);
  const values = () => Object.fromEntries(inputs.map(({ name, input }) => [name, input.value]));
  const element = dialog(
    title,
    desk,
    h(
      "form.question.typing",
      { onsubmit: sent, oninput: () => sessionStorage.setItem(storeKey, JSON.stringify(values())) },
      told,
      inputs.map((one) => one.element),
      wrong,
      h("div.actions", {}, h("button", { type: "button", onclick: () => element.close() }, desk.t("cancel")), submit),
    ),
  );
  element.classList.add("is-typing");

  async function sent(event) {
    event.preventDefault();
    submit.disabled = true;
    wrong.textContent = "";
    try {
      await send(values());
      sessionStorage.removeItem(storeKey);
      element.close();
    } catch (error) {
      wrong.textContent = error.message;
    } finally {
      submit.disabled = false;
    }
  }

  inputs[0].input.focus();
  return {
    element,
    // Something happened to what the text is for: say so, and leave the text alone.
    tell(text, canSend = true) {
      told.textContent = text;
      told.hidden = false;
      submit.hidden = !canSend;
    },
  };
}

function field({ name, label, hint, rows, max, required }, value) {
  const id = `field-${name}`;
  const input = rows
    ? h("textarea", { id, rows, maxlength: max, required, dir: "auto", value: value ?? "" })
    : h("input", { id, type: "text", maxlength: max, required, dir: "auto", value: value ?? "" });
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return { name, input, element: h("div.field", {}, h("label", { for: id }, label), input, hint && h("p", { id: `${id}-hint` }, hint)) };
}
