// The calendar: which posts were, are and come, by week and month.

import { h, icon } from "/static/desk_elements.js";
import { Drag, target } from "/static/desk_calendar_drag.js";
import { keyOf, titleOf } from "/static/desk_calendar_item.js";
import { drawList, drawMonth, drawNothing } from "/static/desk_calendar_lists.js";
import { openDay, openItem } from "/static/desk_calendar_panel.js";
import { addDays, addMonths, dayOf, formats, monthOf, weekOf } from "/static/desk_calendar_time.js";
import { drawWeek, scrollToNow } from "/static/desk_calendar_week.js";

const CLOCK_MS = 60000;
const narrow = matchMedia("(max-width: 760px)");

export async function open(main, desk) {
  const calendar = new Calendar(main, desk);
  desk.onChange(["posts", "schedules", "runs"], () => calendar.refresh());
  narrow.addEventListener("change", () => calendar.draw());
  setInterval(() => { if (!document.hidden) calendar.refresh(); }, CLOCK_MS);
  await calendar.load();
}

function kept(name, fallback) {
  try { return localStorage.getItem(`hearthbot.calendar.${name}`) ?? fallback; } catch { return fallback; }
}

class Calendar {
  constructor(main, desk) {
    this.main = main;
    this.desk = desk;
    this.format = formats(desk.language);
    this.drag = new Drag(this);
    this.span = kept("span", "week");
    this.zone = kept("zone", desk.timezone);
    this.first = ""; // the first day of the week or month; "": today's
    this.items = [];
    this.asked = 0; // the newest question: answers to older ones come too late
    this.build();
  }

  get isList() { return narrow.matches; }

  build() {
    const { desk } = this;
    this.title = h("h1", { "aria-live": "polite" });
    const step = (name, by) => h("button.icon", { type: "button", "aria-label": desk.t(name), title: desk.t(name), onclick: () => this.turn(by) }, icon(name === "next" ? "forth" : "back"));
    this.spans = ["week", "month"].map((span) => h("button", { type: "button", onclick: () => this.show(span) }, desk.t(span)));
    this.main.append(
      h(
        "div.bar.calendar-bar",
        {},
        h("div.turns", {}, step("previous", -1), h("button", { type: "button", onclick: () => this.turn(0) }, desk.t("today")), step("next", 1)),
        this.title,
        h("span.space"),
        h("div.segments", { role: "group", "aria-label": desk.t("view") }, this.spans),
        this.zones(),
      ),
      h("p.hidden", { id: "drag-hint" }, desk.t("drag_hint")),
      (this.view = h("div.calendar", { tabindex: -1 })),
    );
  }

  zones() {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const names = [...new Set([this.desk.timezone, own, this.zone, "UTC", ...Intl.supportedValuesOf("timeZone")])];
    const choose = (event) => {
      this.zone = event.target.value;
      localStorage.setItem("hearthbot.calendar.zone", this.zone);
      this.load();
    };
    const options = names.map((name) => h("option", { value: name, selected: name === this.zone }, name.replaceAll("_", " ")));
    return h("select.zone", { "aria-label": this.desk.t("zone"), title: this.desk.t("zone"), onchange: choose }, options);
  }

  show(span) {
    this.first = this.span === "month" && this.first === monthOf(dayOf(this.now)) ? "" : this.first;
    this.span = span;
    localStorage.setItem("hearthbot.calendar.span", span);
    this.load();
  }

  turn(by) {
    if (by === 0) this.first = "";
    else this.first = this.span === "week" ? addDays(this.first, 7 * by) : addMonths(this.first, by);
    this.load();
  }

  // What is asked of the server: whole weeks, so that a month is a sheet.
  get shown() {
    const day = this.first || this.today();
    this.first = this.span === "week" ? weekOf(day) : monthOf(day);
    if (this.span === "week") return [this.first, 7];
    if (this.isList) return [this.first, Number(addDays(addMonths(this.first, 1), -1).slice(8))];
    const from = weekOf(this.first);
    const weeks = Math.ceil((Date.parse(addMonths(this.first, 1)) - Date.parse(from)) / (7 * 86400000));
    return [from, weeks * 7];
  }

  today() {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: this.zone, dateStyle: "short" });
    return parts.format(new Date());
  }

  async load() {
    const number = (this.asked += 1);
    const [from, days] = this.shown;
    try {
      const page = await this.desk.get(`/desk/api/calendar?from=${from}&days=${days}&zone=${encodeURIComponent(this.zone)}`);
      if (number !== this.asked || this.drag.isBusy) return;
      Object.assign(this, { items: page.items, days: page.days, more: page.more, now: page.now });
      this.draw();
    } catch (error) {
      this.desk.say(error.message);
    }
  }

  // What is being dragged is not pulled away below the hand.
  async refresh() {
    if (!this.drag.isBusy) await this.load();
  }

  draw() {
    if (!this.days) return;
    const { view, days } = this;
    const look = `${this.span} ${days[0]} ${this.isList}`;
    const isSame = look === this.look;
    const before = { top: view.scrollTop, key: document.activeElement?.dataset?.key };
    this.look = look;
    this.title.textContent = this.span === "week" ? this.format.range(days[0], days.at(-1)) : this.format.month(this.first);
    for (const [index, span] of ["week", "month"].entries()) this.spans[index].setAttribute("aria-pressed", String(span === this.span));
    const isNothing = this.isList && !this.items.length;
    view.replaceChildren(isNothing ? drawNothing(this) : this.isList ? drawList(this) : this.span === "week" ? drawWeek(this) : drawMonth(this));
    if (isSame) view.scrollTop = before.top;
    else this.scrollToStart(view);
    this.focus(this.focusNext ?? before.key);
    this.focusNext = null;
  }

  scrollToStart(view) {
    view.scrollTop = 0;
    if (this.isList) view.querySelector(".is-today")?.scrollIntoView();
    else if (this.span === "week") scrollToNow(this, view);
  }

  focus(key) {
    if (key) view(this.view, key)?.focus({ preventScroll: true });
  }

  byDay() {
    const found = new Map(this.days.map((day) => [day, []]));
    for (const item of this.items) found.get(dayOf(item.at))?.push(item);
    return found;
  }

  open(item) { openItem(item, this); }

  openDay(day) { openDay(day, this.byDay().get(day), this); }

  mark(wall) {
    for (const one of this.view.querySelectorAll(".target")) one.remove();
    if (!this.drag.isBusy) return;
    for (const one of this.view.querySelectorAll(".is-over")) one.classList.remove("is-over");
    const place = this.view.querySelector(`:is(.column, .cell, .agenda-day)[data-day="${dayOf(wall)}"]`);
    place?.classList.add("is-over");
    if (!place?.classList.contains("column")) return;
    const mark = target(this, wall);
    place.append(mark);
    mark.scrollIntoView({ block: "nearest" });
  }

  async move(item, wall) {
    const answer = await this.send("move", item, { to: wall });
    if (answer) this.desk.say(this.desk.t("dropped", { when: `${this.format.whole(answer.at)} (${this.zone})` }));
    if (answer) this.focusNext = keyOf(item);
    await this.load();
  }

  async act(name, item) {
    this.focusNext = keyOf({ ...item, state: name === "restore" ? "coming" : "left_out" });
    if (await this.send(name, item)) this.desk.say(`${titleOf(item, this.desk)}: ${this.desk.t({ skip: "left_out", restore: "coming", now: "writing" }[name])}`);
    await this.load();
  }

  async send(name, item, more = {}) {
    try {
      return await this.desk.post(`/desk/api/calendar/${name}`, { schedule: item.schedule, slot: item.slot, post: item.slot ? null : item.post, zone: this.zone, ...more });
    } catch (error) {
      this.desk.say(error.message);
      return null;
    }
  }
}

function view(element, key) {
  return element.querySelector(`[data-key="${CSS.escape(key)}"]`);
}
