// A month as a sheet of days, and days one below the other for narrow screens.

import { h, icon } from "/static/desk_elements.js";
import { itemButton } from "/static/desk_calendar_item.js";
import { more } from "/static/desk_calendar_week.js";
import { dayOf } from "/static/desk_calendar_time.js";

const MOST_IN_CELL = 4;

export function drawMonth(calendar) {
  const { desk, format, days, now, first } = calendar;
  const byDay = calendar.byDay();
  const cells = days.map((day) => {
    const items = byDay.get(day);
    const shown = items.length > MOST_IN_CELL ? items.slice(0, MOST_IN_CELL - 1) : items;
    const hidden = items.slice(shown.length).reduce((sum, one) => sum + one.count, 0);
    const isOther = day.slice(0, 7) !== first.slice(0, 7);
    const names = ["cell", day === dayOf(now) && "is-today", isOther && "is-other"].filter(Boolean).join(".");
    return h(
      `div.${names}`,
      { "data-day": day, role: "group", "aria-label": format.day(day) },
      h("span.number", { "aria-hidden": "true" }, String(Number(day.slice(8)))),
      shown.map((one) => itemButton(one, calendar)),
      more(day, calendar, hidden),
    );
  });
  const heads = days.slice(0, 7).map((day) => h("span.cell-head", {}, format.weekday(day)));
  return h("div.month", { role: "group", "aria-label": desk.t("month") }, heads, cells);
}

export function drawList(calendar) {
  const { desk, format, days, now } = calendar;
  const byDay = calendar.byDay();
  const sections = days
    .filter((day) => byDay.get(day).length || day === dayOf(now) || days.length <= 7)
    .map((day) => {
      const items = byDay.get(day);
      return h(
        "section.agenda-day",
        { "data-day": day, class: day === dayOf(now) ? "agenda-day is-today" : "agenda-day" },
        h("h2", {}, format.day(day), day === dayOf(now) && h("span.tag", {}, desk.t("today"))),
        items.length ? items.map((one) => itemButton(one, calendar)) : h("p.nothing", {}, desk.t("nothing_on_day")),
        more(day, calendar),
      );
    });
  return h("div.days", { role: "group", "aria-label": desk.t("list") }, sections);
}

export function drawNothing(calendar) {
  return h("div.empty-page", {}, icon("calendar"), h("p", {}, calendar.desk.t("nothing_comes")));
}
