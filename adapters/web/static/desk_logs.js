// The last lines of the log; the newest is at the end, as in a terminal.

import { h } from "/static/desk_elements.js";

const POLL_MS = 2000;
const KEPT = 500;
const RANKS = { debug: 0, info: 1, warning: 2, error: 3, critical: 4 };
const LEVELS = [["all_levels", 0], ["warnings", 2], ["errors", 3]];
const TONES = { warning: "wait", error: "bad", critical: "bad" };

export async function open(main, desk) {
  const { t } = desk;
  let least = 0;
  let latest = 0;
  const buttons = LEVELS.map(([name, rank]) => h("button", { type: "button", onclick: () => { least = rank; show(); } }, t(name)));
  const search = h("input", { type: "search", "aria-label": t("search"), placeholder: t("search"), oninput: show });
  const follow = h("input", { type: "checkbox", checked: true, onchange: () => follow.checked && look() });
  const list = h("ol.log-lines", { tabindex: 0, "aria-label": t("log") });
  const none = h("p.none", { hidden: true }, t("no_lines"));
  main.append(
    h("div.bar", {}, h("h1", {}, t("log")), h("span.space"), h("div.segments", { role: "group", "aria-label": t("which_lines") }, buttons), search, h("label.follow", {}, follow, t("follow"))),
    h("p.log-hint", {}, t("log_hint")), none, list,
  );

  async function look() {
    if (document.hidden) return;
    let found;
    try {
      found = await desk.get(`/desk/api/logs?since=${latest}`);
    } catch {
      return; // the frame says so, if it lasts
    }
    if (!found.lines.length) return show();
    if (found.lines[0].number <= latest) list.replaceChildren(); // the bot was started anew
    latest = found.lines.at(-1).number;
    list.append(...found.lines.map((one) => line(desk, one)));
    while (list.childElementCount > KEPT) list.firstElementChild.remove();
    show();
  }

  function show() {
    const wanted = search.value.trim().toLowerCase();
    buttons.forEach((one, index) => one.setAttribute("aria-pressed", String(LEVELS[index][1] === least)));
    let numShown = 0;
    for (const one of list.children) {
      one.hidden = Number(one.dataset.rank) < least || !one.textContent.toLowerCase().includes(wanted);
      numShown += !one.hidden;
    }
    none.hidden = numShown > 0;
    if (follow.checked) list.scrollTop = list.scrollHeight;
  }

  await look();
  setInterval(() => follow.checked && look(), POLL_MS);
}

function line(desk, one) {
  const time = new Intl.DateTimeFormat(desk.language, { timeStyle: "medium", timeZone: desk.timezone });
  const tone = TONES[one.level];
  const fields = Object.entries(one.fields);
  const short = fields.filter(([, value]) => !value.includes("\n")).map(([name, value]) => h("span", {}, h("i", {}, `${name}=`), value));
  const long = fields.filter(([, value]) => value.includes("\n")).map(([name, value]) => h("details", {}, h("summary", {}, name), h("pre", {}, value)));
  return h("li", { "data-rank": RANKS[one.level] ?? 1 },
    h("time", { datetime: one.at_utc }, time.format(new Date(one.at_utc))),
    h(tone ? `span.state.is-${tone}` : "span.state", {}, one.level),
    h("div", {}, h("b", {}, one.event), short, h("small", {}, one.logger), long));
}
