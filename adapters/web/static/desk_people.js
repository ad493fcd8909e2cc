// People: who talked here, what stands against them, and keeping them away from the bot.

import { dialog, h } from "/static/desk_elements.js";
import { placeName } from "/static/desk_names.js";
import { dateTime } from "/static/desk_post_view.js";

const TYPING_MS = 300;
const MOST = 250; // what the desk takes
const NUMBERS = ["verdicts", "blocked", "reported", "reports", "cases", "warnings", "requests", "seconds"];

export async function open(main, desk) {
  const page = new PeoplePage(main, desk);
  await page.load();
  const id = decodeURIComponent(location.hash.slice(1));
  if (id) await page.open({ id, name: id });
}

class PeoplePage {
  constructor(main, desk) {
    const { t } = desk;
    this.desk = desk;
    this.asked = 0;
    this.opened = null;
    this.found = null;
    this.community = h("select", { onchange: () => this.load() });
    this.search = h("input", { type: "search", maxlength: 100, oninput: () => this.typed() });
    this.list = h("ul.person-list", { "aria-label": t("people") });
    this.none = h("p.none", { hidden: true }, t("no_people"));
    this.away = h("ul.person-list", { "aria-label": t("kept_away") });
    const field = (name, input) => h("label.field", {}, h("span", {}, t(name)), input);
    this.place = field("community", this.community);
    const filters = h("form.filters", { role: "search", onsubmit: (event) => { event.preventDefault(); this.load(); } }, field("search", this.search), this.place);
    main.append(
      h("div.bar", {}, h("h1", {}, t("people"))),
      h("div.sheet.people", {}, filters, h("p.hint", {}, t("people_hint")),
        h("div.halves", {}, h("section.card", { "aria-label": t("people") }, this.list, this.none), h("section.card", { "aria-label": t("kept_away") }, h("h2", {}, t("kept_away")), this.away))),
    );
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), TYPING_MS);
  }

  async load() {
    const { desk } = this;
    const asked = ++this.asked;
    const query = new URLSearchParams({ community: this.community.value, text: this.search.value });
    let found;
    try {
      found = await desk.get(`/desk/api/people?${query}`);
    } catch (error) {
      desk.say(error.message);
      return;
    }
    if (asked !== this.asked) return; // somebody asked for something else meanwhile
    this.found = found;
    if (!this.community.options.length) {
      this.community.append(...found.communities.map((one) => h("option", { value: one }, placeName(one))));
      this.place.hidden = found.communities.length < 2;
    }
    this.community.value = found.community;
    this.list.replaceChildren(...found.people.map((one) => h("li", {}, this.row(one, h("small", {}, desk.t("seen", { time: dateTime(desk, one.seen) }))))));
    this.none.hidden = found.people.length > 0;
    const away = found.kept_away.map((one) => h("li", {}, this.row(one, h("small", {}, end(desk, one)), mark(desk, one))));
    this.away.replaceChildren(...(away.length ? away : [h("li.none", {}, desk.t("nobody_kept_away"))]));
  }

  row(one, ...about) {
    return h("button.person", { type: "button", onclick: () => this.open(one) }, h("span", { dir: "auto" }, one.name), ...about);
  }

  async open({ id, name }) {
    const body = h("div.person-detail");
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    this.opened = { id, body, told: "", element: dialog(name, this.desk, body) };
    this.opened.element.addEventListener("close", () => history.replaceState(null, "", location.pathname));
    await this.fill();
  }

  async fill() {
    const { id, body, told, element } = this.opened;
    const query = new URLSearchParams({ community: this.found.community, person: id });
    const key = body.contains(document.activeElement) && document.activeElement.dataset.key;
    try {
      const one = await this.desk.get(`/desk/api/people/one?${query}`);
      element.querySelector("h2").textContent = one.name;
      body.replaceChildren(...this.detail(one, told));
    } catch (error) {
      body.replaceChildren(h("p.is-error", { role: "alert" }, error.message));
    }
    // What was pressed may be gone: what came of it is read from where it is told.
    if (key) (body.querySelector(`[data-key="${key}"]`) ?? body.querySelector(".told"))?.focus();
  }

  detail(one, told) {
    const { desk } = this;
    const { t } = desk;
    const number = new Intl.NumberFormat(desk.language);
    const bans = one.bans.map((ban) => h("li", {}, h("span.line", {}, mark(desk, ban), h("span", {}, end(desk, ban)), h("span", { dir: "auto" }, t("by", { name: ban.by }))), ban.reason && h("p", { dir: "auto" }, ban.reason)));
    const notes = one.notes.map((note) => h("li", { dir: "auto" }, note.text, " ", h("small", {}, note.who, " · ", h("time", { datetime: note.at }, dateTime(desk, note.at)))));
    const act = (name, call, look = "") => h(`button.button${look}`, { type: "button", "data-key": name, onclick: call }, t(name));
    const lift = (kind, name) => one.bans.filter((ban) => ban.kind === kind && (!ban.everywhere || this.found.owner)).map((ban) => act(name, () => this.act(name, { where: ban.everywhere ? "everywhere" : "" })));
    return [
      h("p.line", {}, h("code", {}, one.id)),
      h("p.told", { role: "status", tabindex: -1, hidden: !told }, told),
      bans.length > 0 && h("ul.bans", {}, bans),
      h("dl.numbers", {}, NUMBERS.map((name) => h("div", {}, h("dt", {}, t(`num_${name}`)), h("dd", {}, number.format(one.numbers[name]))))),
      h("section", { "aria-label": t("notes") }, h("h3", {}, t("notes")), notes.length ? h("ul.notes", {}, notes) : h("p.hint", {}, t("no_notes"))),
      h("div.acts", {}, act("note", () => this.type("note")), lift("mute", "unmute"), lift("ban", "unban"), act("mute", () => this.type("mute")), act("ban", () => this.type("ban"), ".danger")),
    ].filter(Boolean);
  }

  // Do something, and say what came of it.
  async act(what, values = {}) {
    const { found, opened } = this;
    try {
      opened.told = (await this.desk.post("/desk/api/people", { what, community: found.community, person: opened.id, ...values })).told;
    } catch (error) {
      opened.told = error.message;
    }
    await Promise.all([this.fill(), this.load()]);
  }

  type(what) {
    const { desk, found } = this;
    const { t } = desk;
    const isNote = what === "note";
    const terms = found.terms.map((one) => h("option", { value: one }, t(`for_${one}`)));
    if (what === "ban") terms.unshift(h("option", { value: "" }, t("for_ever")));
    const term = h("select", { id: "person-term" }, terms);
    const text = h("textarea", { id: "person-text", rows: 4, maxlength: MOST, required: isNote, dir: "auto" });
    const everywhere = h("input", { type: "checkbox" });
    const send = (event) => {
      event.preventDefault();
      element.close();
      this.act(what, isNote ? { text: text.value } : { text: text.value, term: term.value, where: everywhere.checked ? "everywhere" : "" });
    };
    const label = t(what).replace(/ …$/, "");
    const element = dialog(label, desk, h("form.question", { onsubmit: send },
      !isNote && h("label", { for: term.id }, h("span", {}, t("how_long")), term),
      h("label", { for: text.id }, h("span", {}, t(isNote ? "note_text" : "reason")), text),
      !isNote && found.owner && h("label.check", {}, everywhere, h("span", {}, t("everywhere"))),
      h("div.actions", {}, h("button", { type: "button", onclick: () => element.close() }, t("cancel")), h(`button.button.primary`, {}, label))));
    (isNote ? text : term).focus();
  }
}

function mark(desk, ban) {
  const { t } = desk;
  return h(`span.state.is-${ban.kind === "ban" ? "bad" : "wait"}`, {}, t(ban.kind === "ban" ? "banned" : "muted"), ban.everywhere && ` · ${t("is_everywhere")}`);
}

function end(desk, ban) {
  return ban.until ? desk.t("until", { time: dateTime(desk, ban.until) }) : desk.t("until_lifted");
}
