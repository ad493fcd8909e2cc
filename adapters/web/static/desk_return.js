// Coming back to a desk whose visit ended while it was open: nothing that was typed is lost.

import { get, post, prepare } from "/static/api.js";
import { h, icon } from "/static/desk_elements.js";

let coming = null;

// Whether somebody has to come back first.
export function isAway() {
  return coming !== null;
}

// Return whether the call that was refused may be made again: the visit goes on, perhaps
// after somebody signed in. Everything on the page is hidden for as long as it does not.
export function comeBack(desk, message) {
  coming ??= returned(desk, message).finally(() => (coming = null));
  return coming;
}

async function returned(desk, message) {
  const before = desk.setup.form_token;
  if (await renew(desk)) return desk.setup.form_token !== before; // somebody signed in in another tab
  await signIn(desk, message);
  return true;
}

// Take the form token of today; return false where nobody is in.
async function renew(desk) {
  try {
    const { id, form_token } = await get("/desk/api/token");
    if (id !== desk.me.id) location.reload(); // another person's desk is another desk
    desk.setup.form_token = form_token;
    prepare(form_token, desk.t("try_again"));
    return true;
  } catch (error) {
    if (error.status === 403) return false;
    throw error;
  }
}

// Resolves once somebody is in again.
function signIn(desk, message) {
  const hasPassword = desk.setup.entry === "password";
  const password = h("input", { type: "password", required: true, autofocus: true, autocomplete: "current-password" });
  const wrong = h("p.is-error", { role: "alert" });
  return new Promise((resolve) => {
    async function go(event) {
      event.preventDefault();
      wrong.textContent = "";
      try {
        if (hasPassword && !(await renew(desk))) await post("/api/sign-in", { password: password.value });
        if (!(await renew(desk))) return void (wrong.textContent = message);
        cover.close();
        resolve();
      } catch (error) {
        wrong.textContent = error.message;
        password.value = "";
        password.focus();
      }
    }
    const form = h(
      "form.question",
      { onsubmit: go },
      h("h1", { id: "return" }, icon("flame"), desk.t("desk")),
      h("p", { role: "status" }, message),
      hasPassword && h("label", {}, h("span", {}, desk.t("password")), password),
      wrong,
      h("div.actions", {}, h("a.button", { href: "/" }, desk.t("rooms")), h("button.primary", { autofocus: !hasPassword }, desk.t(hasPassword ? "sign_in" : "return"))),
    );
    const cover = h("dialog.cover", { "aria-labelledby": "return", oncancel: (event) => event.preventDefault(), onclose: () => cover.remove() }, form);
    document.querySelector(".desk").append(cover);
    cover.showModal();
  });
}
