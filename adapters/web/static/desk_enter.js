// Coming to the desk by a link of the bot. Its token stands behind the #, which no server ever sees.

import { post, prepare } from "/static/api.js";
import { h, icon } from "/static/desk_elements.js";

const setup = JSON.parse(document.getElementById("setup").textContent);
const t = (name) => setup.texts[name] ?? name;
const token = location.hash.slice(1);
const told = h("p", { role: "status" }, "…");
const form = h("form.question", {}, h("h1", {}, icon("flame"), t("desk")), told);

async function enter() {
  // Gone from the history at once: the link was for this one time.
  history.replaceState(null, "", "/desk/enter");
  try {
    await post("/desk/api/enter", { token });
    location.replace("/desk");
  } catch (error) {
    told.textContent = error.message;
    told.className = "is-error";
    told.setAttribute("role", "alert");
    form.append(h("div.actions", {}, h("a.button", { href: "/desk" }, t("enter_again"))));
    form.querySelector("a").focus();
  }
}

prepare(setup.form_token, t("try_again"));
document.querySelector("main").append(form);
enter();
