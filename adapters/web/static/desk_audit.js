// The audit: what moderators and the bot did, found by action, person and day.

import { h } from "/static/desk_elements.js";
import { placeName } from "/static/desk_names.js";

export async function open(main, desk) {
  const { t } = desk;
  const what = h("select", { onchange: load }, h("option", { value: "" }, t("all_actions")));
  const who = h("input", { type: "search", maxlength: 100, placeholder: t("who_hint"), oninput: soon });
  const since = h("input", { type: "date", onchange: load });
  const until = h("input", { type: "date", onchange: load });
  const field = (name, input) => h("label.field", {}, h("span", {}, t(name)), input);
  const rows = h("tbody");
  const told = h("p.found", { role: "status", hidden: true });
  const none = h("p.none", { hidden: true }, t("no_rows"));
  const more = h("button.button.more", { type: "button", hidden: true, onclick: () => load({ isMore: true }) }, t("earlier"));
  const columns = [["number", "number"], ["when"], ["what"], ["subject"], ["who"]];
  const head = h("tr", {}, columns.map(([name, kind]) => h(kind ? `th.${kind}` : "th", { scope: "col" }, t(name))));
  const table = h("div.table", { tabindex: 0, role: "group", "aria-label": t("audit") }, h("table", {}, h("thead", {}, head), rows));
  const verify = h("button", { type: "button", hidden: true, onclick: check }, t("verify"));
  const away = h("a.button", { href: "/desk/api/audit/export", download: "audit.jsonl", hidden: true }, t("export"));
  main.append(
    h("div.bar", {}, h("h1", {}, t("audit")), h("span.space"), verify, away),
    h("div.sheet.audit", {}, h("form.filters", { role: "search", onsubmit: (event) => { event.preventDefault(); load(); } }, field("what", what), field("who", who), field("since", since), field("until", until)), told, table, none, more),
  );
  let timer = 0;
  let asked = 0;

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(load, 300);
  }

  async function load({ isMore = false } = {}) {
    const query = new URLSearchParams({ what: what.value, who: who.value, since: since.value, until: until.value });
    if (isMore) query.set("before", rows.lastElementChild.dataset.number);
    const number = ++asked;
    let found;
    try {
      found = await desk.get(`/desk/api/audit?${query}`);
    } catch (error) {
      desk.say(error.message);
      return;
    }
    if (number !== asked) return; // somebody asked for something else meanwhile
    offer(found.actions);
    const drawn = found.rows.map((one) => row(desk, one));
    const before = rows.lastElementChild;
    if (isMore) rows.append(...drawn);
    else rows.replaceChildren(...drawn);
    none.hidden = rows.childElementCount > 0;
    table.hidden = !none.hidden;
    more.hidden = !found.more;
    verify.hidden = away.hidden = !found.owner;
    // The button may be gone: go on reading where the new rows begin.
    if (isMore && more.hidden) before.nextElementSibling?.querySelector("summary")?.focus();
  }

  function offer(actions) {
    const known = [...what.options].map((one) => one.value);
    what.append(...actions.filter((one) => !known.includes(one)).map((one) => h("option", { value: one }, one)));
  }

  async function check() {
    told.hidden = false;
    told.className = "found";
    told.textContent = t("verifying");
    verify.disabled = true;
    try {
      const found = await desk.post("/desk/api/audit/verify");
      told.className = `found is-${found.whole ? "whole" : "broken"}`;
      told.textContent = `${found.told} ${t("verified", { n: found.rows })}`;
      for (const one of rows.children) one.classList.toggle("is-flawed", one.dataset.number === String(found.flawed));
    } catch (error) {
      told.textContent = error.message;
    } finally {
      verify.disabled = false;
    }
  }

  await load();
}

function row(desk, one) {
  const { t } = desk;
  const time = new Intl.DateTimeFormat(desk.language, { dateStyle: "short", timeStyle: "medium", timeZone: desk.timezone });
  const facts = Object.entries({ ...one.facts, hash: one.hash });
  const list = h("dl.facts", {}, facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, h("code", {}, value))]));
  const person = one.actor ? [one.who, h("small", {}, one.actor)] : [t("by_bot", { name: one.who || "–" })];
  const where = one.community && h("small", {}, placeName(one.community));
  return h("tr", { "data-number": one.number },
    h("th.number", { scope: "row" }, String(one.number)),
    h("td.when", {}, h("time", { datetime: one.at }, time.format(new Date(one.at)))),
    h("td.what", {}, one.what),
    h("td.subject", {}, h("code", {}, one.subject), h("details", {}, h("summary", {}, t("facts")), list)),
    h("td.who", { dir: "auto" }, person, where));
}
