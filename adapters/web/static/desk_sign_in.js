// Before the desk: who are you, and the moderators' password.

import { post, prepare } from "/static/api.js";
import { h, icon } from "/static/desk_elements.js";

const MODERATOR = 2;
const setup = JSON.parse(document.getElementById("setup").textContent);
const t = (name) => setup.texts[name] ?? name;
const needsName = !setup.me.name;
const needsPassword = setup.role < MODERATOR;

const name = h("input", { type: "text", maxlength: 32, required: true, autocomplete: "nickname", dir: "auto", "aria-describedby": "name-hint" });
const password = h("input", { type: "password", required: true, autocomplete: "current-password", "aria-describedby": "password-hint" });
const wrong = h("p.is-error", { role: "alert" });
const form = h(
  "form.question",
  { onsubmit: signIn },
  h("h1", {}, icon("flame"), t("desk")),
  setup.told && h("p", { role: "status" }, setup.told),
  needsName && h("label", {}, h("span", {}, t("name")), name),
  needsName && h("p", { id: "name-hint" }, t("name_hint")),
  needsPassword && h("label", {}, h("span", {}, t("password")), password),
  needsPassword && h("p", { id: "password-hint" }, t("password_hint")),
  wrong,
  h("div.actions", {}, h("a.button", { href: "/" }, t("rooms")), h("button.primary", {}, t(needsPassword ? "sign_in" : "save"))),
);

async function signIn(event) {
  event.preventDefault();
  wrong.textContent = "";
  try {
    if (needsName) await post("/api/name", { name: name.value });
    if (needsPassword) await post("/api/sign-in", { password: password.value });
    location.reload();
  } catch (error) {
    wrong.textContent = error.message;
    password.value = "";
    password.focus();
  }
}

prepare(setup.form_token, t("try_again"));
document.querySelector("main").append(form);
form.querySelector("input").focus();
