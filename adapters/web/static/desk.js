// The frame of the moderators' desk: what every page of it uses.

import { Refused, get, post, prepare } from "/static/api.js";
import { dialog, h } from "/static/desk_elements.js";
import { comeBack, isAway } from "/static/desk_return.js";

const POLL_MS = 5000;
const setup = JSON.parse(document.getElementById("setup").textContent);
const main = document.querySelector("main");
const notice = document.querySelector(".desk > .notice");
const listeners = [];
let known = null;
let noticeTimer = 0;

const desk = {
  setup,
  language: setup.language,
  timezone: setup.timezone,
  me: setup.me,
  get: (path) => asked(() => get(path)),
  post: (path, body) => asked(() => post(path, body)),
  t,
  say,
  onChange,
};

// A text of the page; what is in braces is filled in.
function t(name, values = {}) {
  return (setup.texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// Tell something for a moment: said aloud by screen readers too.
function say(text, isLasting = false) {
  notice.textContent = text;
  notice.hidden = !text;
  clearTimeout(noticeTimer);
  if (text && !isLasting) noticeTimer = setTimeout(() => (notice.hidden = true), 6000);
}

// Call something once any of these has changed: "posts", "reviews", "schedules", …
function onChange(names, call) {
  listeners.push({ names, call });
}

// Whose visit ended while the desk was open sees nothing more until they are back; then it
// goes on where it was, with what they had typed.
async function asked(call) {
  if (isAway()) throw new Refused(t("try_again"), 403); // only the page itself asks now
  try {
    return await call();
  } catch (error) {
    if (error.status !== 403) throw error;
    const isBack = await comeBack(desk, error.message);
    if (!isBack) throw error;
    return await call();
  }
}

async function look() {
  if (document.hidden || isAway()) return;
  try {
    const now = await desk.get("/desk/api/changes");
    if (notice.dataset.offline) {
      delete notice.dataset.offline;
      say("");
    }
    const changed = known === null ? [] : Object.keys(now).filter((name) => now[name] !== known[name]);
    known = now;
    for (const { names, call } of listeners) if (names.some((name) => changed.includes(name))) call();
  } catch (error) {
    if (error.status) return;
    notice.dataset.offline = "yes";
    say(t("offline"), true);
  }
}

// Out of the desk; who came by a link may have used others elsewhere.
function leave() {
  if (setup.entry !== "link") return out("/api/sign-out");
  const away = (everywhere) => () => out("/desk/api/leave", { everywhere });
  const buttons = [h("button.button", { type: "button", onclick: away(true) }, t("leave_everywhere")), h("button.button.primary", { type: "button", onclick: away(false) }, t("leave_here"))];
  return dialog(t("leave"), desk, h("p", {}, t("leave_hint")), h("div.actions", {}, buttons));
}

async function out(path, body = {}) {
  try {
    await post(path, body);
    location.reload();
  } catch (error) {
    say(error.message);
  }
}

prepare(setup.form_token, t("try_again"));
document.querySelector(".leave")?.addEventListener("click", leave);
const page = await import(`/static/desk_${setup.page}.js`);
await look();
await page.open(main, desk);
main.dataset.open = setup.page;
setInterval(look, POLL_MS);
document.addEventListener("visibilitychange", look);
// On a narrow screen the entry of the page may be out of sight.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
