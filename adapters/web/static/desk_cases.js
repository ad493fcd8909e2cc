// Cases: what waits for moderators, each with its message, its history and what can be done.

import { dialog, h } from "/static/desk_elements.js";
import { placeName } from "/static/desk_names.js";
import { dateTime } from "/static/desk_post_view.js";
import { ask } from "/static/desk_typing.js";

const TONES = { open: "bad", taken: "cool", waiting: "wait", closed: "" };
const MOST = 300; // what the desk takes
const SURE = ["delete", "kick", "ban"];

export async function open(main, desk) {
  const page = new CasesPage(main, desk);
  desk.onChange(["cases", "case_notes"], () => page.load());
  await page.load();
  const number = Number(location.hash.slice(1));
  if (number) await page.open(number);
}

class CasesPage {
  constructor(main, desk) {
    const { t } = desk;
    this.desk = desk;
    this.asked = 0;
    this.opened = null;
    const change = () => this.load();
    this.state = h("select", { onchange: change });
    this.community = h("select", { onchange: change });
    this.list = h("ul.case-list", { "aria-label": t("cases") });
    this.none = h("p.none", { hidden: true }, t("no_cases"));
    this.more = h("button.button.more", { type: "button", hidden: true, onclick: () => this.load({ isMore: true }) }, t("earlier"));
    const field = (name, input) => h("label.field", {}, h("span", {}, t(name)), input);
    this.place = field("community", this.community);
    const filters = h("form.filters", { role: "search", onsubmit: (event) => event.preventDefault() }, field("of_state", this.state), this.place);
    main.append(h("div.bar", {}, h("h1", {}, t("cases"))), h("div.sheet.cases", {}, filters, this.list, this.none, this.more));
  }

  async load({ isMore = false } = {}) {
    const { desk } = this;
    const query = new URLSearchParams({ state: this.state.value, community: this.community.value });
    if (isMore) query.set("before", this.list.lastElementChild.dataset.number);
    const asked = ++this.asked;
    let found;
    try {
      found = await desk.get(`/desk/api/cases?${query}`);
    } catch (error) {
      desk.say(error.message);
      return;
    }
    if (asked !== this.asked) return; // somebody asked for something else meanwhile
    this.offer(found);
    const focused = this.list.contains(document.activeElement) && document.activeElement.dataset.key;
    const before = this.list.lastElementChild;
    const drawn = found.cases.map((one) => this.row(one));
    if (isMore) this.list.append(...drawn);
    else this.list.replaceChildren(...drawn);
    this.none.hidden = this.list.childElementCount > 0;
    this.more.hidden = !found.more;
    if (isMore && this.more.hidden) before.nextElementSibling?.querySelector("button")?.focus();
    else if (focused) this.list.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  offer({ states, communities }) {
    const { t } = this.desk;
    if (this.state.options.length) return;
    this.state.append(...states.map((one) => h("option", { value: one }, t(one === "undecided" ? one : `state_${one}`))));
    this.community.append(h("option", { value: "" }, t("all_communities")), ...communities.map((one) => h("option", { value: one }, placeName(one))));
    this.place.hidden = communities.length < 2;
  }

  row(one) {
    const { desk } = this;
    const { t } = desk;
    const facts = [
      h("time", { datetime: one.at, title: dateTime(desk, one.at) }, age(desk, one.at)),
      one.num_voices > 0 && t("num_voices", { n: one.num_voices }),
      one.num_messages > 1 && t("num_messages", { n: one.num_messages }),
      one.owner && h("bdi", {}, one.mine ? t("is_mine") : one.owner),
      !this.place.hidden && placeName(one.community),
    ];
    return h("li", { "data-number": one.number }, h("button.card", { type: "button", "data-key": `case-${one.number}`, onclick: () => this.open(one.number) },
      h("span.case-top", {}, h("strong", {}, t("case", { n: one.number })), h("span.state", {}, t(`kind_${one.kind}`)), state(desk, one)),
      h("span.case-text", { dir: "auto" }, h("b", {}, one.who || t("bot_wrote")), " ", one.text || h("i", {}, t("forgotten"))),
      h("span.facts", {}, facts.filter(Boolean).map((part) => h("span", {}, part)))));
  }

  async open(number) {
    const body = h("div.case-detail");
    history.replaceState(null, "", `#${number}`);
    this.opened = { number, body, told: "", element: dialog(this.desk.t("case", { n: number }), this.desk, body) };
    this.opened.element.addEventListener("close", () => history.replaceState(null, "", location.pathname));
    await this.fill(this.opened);
  }

  async fill(opened) {
    const { body, number, told } = opened;
    const key = body.contains(document.activeElement) && document.activeElement.dataset.key;
    try {
      body.replaceChildren(...this.detail(await this.desk.get(`/desk/api/cases/${number}`), told));
    } catch (error) {
      body.replaceChildren(h("p.is-error", { role: "alert" }, error.message));
    }
    // What was pressed may be gone: what came of it is read from where it is told.
    if (key) (body.querySelector(`[data-key="${key}"]`) ?? body.querySelector(".told"))?.focus();
  }

  detail(one, told) {
    const { desk } = this;
    const { t } = desk;
    const score = new Intl.NumberFormat(desk.language, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
    const when = (at) => h("time", { datetime: at }, dateTime(desk, at));
    const section = (name, ...parts) => h("section", { "aria-label": t(name) }, h("h3", {}, t(name)), ...parts);
    const lines = [
      one.found && t("found", { filter: one.found.filter, category: one.found.category, score: score.format(one.found.score) }),
      one.history && t("history", one.history),
    ];
    return [
      h("div.line", {}, h("span.state", {}, t(`kind_${one.kind}`)), state(desk, one), h("span", {}, when(one.at)), one.owner && h("bdi", {}, one.mine ? t("is_mine") : one.owner), h("span", {}, `${placeName(one.community)} · ${one.place}`)),
      h("p.told", { role: "status", tabindex: -1, hidden: !told }, told),
      section("messages",
        ...one.messages.map((message) => h("blockquote", { dir: "auto" },
          h("span.line", {}, h("b", {}, message.who || t("bot_wrote")), message.at && when(message.at), message.link && h("a", { href: message.link, target: "_blank", rel: "noopener noreferrer" }, t("there"))),
          message.text || h("i", {}, t("forgotten")))),
        ...lines.filter(Boolean).map((line) => h("p.hint", {}, line))),
      one.voices.length > 0 && section("voices", h("ul.voices", {}, one.voices.map((voice) => h("li", { dir: "auto" }, h("b", {}, voice.who), voice.reason && ` ${voice.reason}`)))),
      one.notes.length > 0 && section("notes", h("ul.voices", {}, one.notes.map((note) => h("li", { dir: "auto" }, note.text, " ", h("small", {}, when(note.at)))))),
      h("div.acts", {}, this.acts(one)),
    ].filter(Boolean);
  }

  acts(one) {
    const { t } = this.desk;
    const calls = { note: () => this.type(one, "note", { rows: 4 }), warn: () => this.type(one, "warn", { rows: 4 }), timeout: () => this.type(one, "timeout", { value: "60" }), close: () => this.end(one) };
    const order = ["take", "warn", "delete", "timeout", "kick", "ban", "wrong", "note", "wait", "reopen", "close"];
    return order.filter((name) => one.may.includes(name)).map((name) => {
      const look = name === "take" || name === "close" ? ".primary" : SURE.includes(name) ? ".danger" : "";
      const call = calls[name] ?? (() => (SURE.includes(name) ? this.sure(one, name) : this.act(one, name)));
      return h(`button.button${one.may.includes("take") && name === "close" ? "" : look}`, { type: "button", "data-key": name, onclick: call }, t(name === "close" ? "end" : name));
    });
  }

  // Do something about a case, and say what came of it: also that somebody else was faster.
  async act(one, what, values = {}) {
    try {
      this.opened.told = (await this.desk.post(`/desk/api/cases/${one.number}`, { what, ...values })).told;
    } catch (error) {
      this.opened.told = error.message;
    }
    await this.refresh();
  }

  async refresh() {
    await Promise.all([this.fill(this.opened), this.load()]);
  }

  type(one, what, { rows, value }) {
    const { desk } = this;
    const labels = { note: "note_text", warn: "warn_text", timeout: "timeout_minutes" };
    ask(desk, {
      title: desk.t("case", { n: one.number }),
      key: `case.${one.number}.${what}`,
      fields: [{ name: "text", label: desk.t(labels[what]), value, rows, max: MOST, required: true }],
      label: desk.t(what).replace(/ …$/, ""),
      send: async (values) => { // what was typed stays where this fails
        this.opened.told = (await desk.post(`/desk/api/cases/${one.number}`, { what, ...values })).told;
        await this.refresh();
      },
    });
  }

  sure(one, what) {
    const { desk } = this;
    const yes = h("button.button.danger", { type: "button", onclick: () => { element.close(); this.act(one, what); } }, desk.t(what));
    const no = h("button", { type: "button", onclick: () => element.close() }, desk.t("cancel"));
    const element = dialog(desk.t(what), desk, h("p", { dir: "auto" }, desk.t(`${what}_sure`, { name: one.names })), h("div.actions.typing", {}, no, yes));
    no.focus();
  }

  end(one) {
    const { desk } = this;
    const { t } = desk;
    const outcomes = one.outcomes.map((outcome, index) => h("label.choice", {}, h("input", { type: "radio", name: "outcome", value: outcome, checked: index === 0 }), h("span", {}, t(`outcome_${outcome}`))));
    const note = h("textarea", { id: "end-note", rows: 3, maxlength: MOST - 20, dir: "auto" });
    const send = (event) => {
      event.preventDefault();
      const outcome = new FormData(event.target).get("outcome");
      element.close();
      this.act(one, "close", { outcome, text: note.value });
    };
    const element = dialog(t("end_title"), desk, h("form.question", { onsubmit: send },
      h("div.choices", { role: "radiogroup", "aria-label": t("end_title") }, outcomes),
      h("p", {}, t("end_hint")),
      h("label", { for: note.id }, t("end_note")), note,
      h("div.actions", {}, h("button", { type: "button", onclick: () => element.close() }, t("cancel")), h("button.button.primary", {}, t("close_case")))));
    element.querySelector("input").focus();
  }
}

function state(desk, one) {
  const { t } = desk;
  const tone = TONES[one.state];
  return h(`span.state${tone ? `.is-${tone}` : ""}`, {}, t(one.outcome ? `outcome_${one.outcome}` : `state_${one.state}`));
}

// How long ago, in the largest unit that fits.
function age(desk, at) {
  const minutes = Math.round((new Date(at) - Date.now()) / 60_000);
  const format = new Intl.RelativeTimeFormat(desk.language, { numeric: "auto" });
  if (minutes > -60) return format.format(Math.min(minutes, 0), "minute");
  return minutes > -60 * 48 ? format.format(Math.round(minutes / 60), "hour") : format.format(Math.round(minutes / 1440), "day");
}
