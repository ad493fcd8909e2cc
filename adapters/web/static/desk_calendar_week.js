// A week as columns of hours: what comes is where its time is.

import { h } from "/static/desk_elements.js";
import { itemButton } from "/static/desk_calendar_item.js";
import { at, dayOf, minutesOf } from "/static/desk_calendar_time.js";

export const HOUR_PX = 60;
export const STEP_MINUTES = 15;
const TALL_MINUTES = 42; // what a line takes, on the scale of the hours
const MOST_BESIDE = 3;

export function drawWeek(calendar) {
  const { desk, format, days, now } = calendar;
  const byDay = calendar.byDay();
  const heads = days.map((day) =>
    h("div.day-head", { class: day === dayOf(now) ? "day-head is-today" : "day-head" }, h("span", {}, format.weekday(day)), h("b", {}, String(Number(day.slice(8))))),
  );
  const strips = days.map((day) => h("div.strip", { "data-day": day }, strip(byDay.get(day), calendar), more(day, calendar)));
  const hours = Array.from({ length: 24 }, (_, hour) => h("span.hour", {}, hour ? format.time(at(days[0], hour * 60)) : ""));
  const columns = days.map((day) => column(day, byDay.get(day), calendar));
  const grid = h(
    "div.week",
    { role: "group", "aria-label": desk.t("week") },
    h("div.week-top", {}, h("span.corner", { title: calendar.zone }, calendar.zone.split("/").pop().replaceAll("_", " ")), heads, h("span.corner"), strips),
    h("div.week-body", {}, h("div.hours", { "aria-hidden": "true" }, hours), columns),
  );
  grid.style.setProperty("--hour", `${HOUR_PX}px`);
  return grid;
}

// Where it begins to be of interest: an hour and a half ago, or the first thing of the day.
export function scrollToNow(calendar, grid) {
  const isHere = calendar.days.includes(dayOf(calendar.now));
  const firsts = calendar.items.filter((one) => one.count === 1).map((one) => minutesOf(one.at));
  const minutes = isHere ? minutesOf(calendar.now) - 90 : Math.min(8 * 60, ...firsts) - 30;
  grid.scrollTop = Math.max(0, (minutes / 60) * HOUR_PX);
}

function strip(items, calendar) {
  return items.filter((one) => one.count > 1).map((one) => itemButton(one, calendar));
}

export function more(day, calendar, count = 0) {
  const all = (calendar.more[day] ?? 0) + count;
  return all > 0 && h("button.more", { type: "button", onclick: () => calendar.openDay(day) }, calendar.desk.t("and_more", { n: all }));
}

function column(day, items, calendar) {
  const { desk, format, now } = calendar;
  const element = h("div.column", { "data-day": day, role: "group", "aria-label": format.day(day) });
  if (day === dayOf(now)) {
    element.classList.add("is-today");
    const line = h("div.now", { title: `${desk.t("now")}: ${format.time(now)} (${calendar.zone})` });
    line.style.top = `${(minutesOf(now) / 60) * HOUR_PX}px`;
    element.append(line);
  }
  for (const { item, lane, lanes, hidden } of placed(items.filter((one) => one.count === 1))) {
    const button = hidden ? h("button.item.more", { type: "button", onclick: () => calendar.openDay(day) }, desk.t("and_more", { n: hidden })) : itemButton(item, calendar);
    button.style.top = `${(minutesOf(item.at) / 60) * HOUR_PX}px`;
    button.style.insetInlineStart = `${(lane / lanes) * 100}%`;
    button.style.width = `calc(${100 / lanes}% - 3px)`;
    element.append(button);
  }
  return element;
}

// Give things that come at about the same time a lane each; those without one are counted.
function placed(items) {
  const found = [];
  let cluster = [];
  let endsAt = -1;
  const close = () => {
    const lanes = Math.max(1, ...cluster.map((one) => one.lane + 1));
    for (const one of cluster) found.push({ ...one, lanes, hidden: one.hidden > 1 ? one.hidden : 0 });
    cluster = [];
  };
  let ends = [];
  for (const item of items) {
    const begin = minutesOf(item.at);
    if (begin >= endsAt) {
      close();
      ends = [];
    }
    let lane = ends.findIndex((end) => end <= begin);
    if (lane < 0) lane = ends.length;
    endsAt = Math.max(endsAt, begin + TALL_MINUTES);
    if (lane < MOST_BESIDE - 1 || (lane === MOST_BESIDE - 1 && !cluster.some((one) => one.hidden))) {
      const last = lane === MOST_BESIDE - 1;
      ends[lane] = begin + TALL_MINUTES;
      cluster.push({ item, lane, hidden: last ? 1 : 0 });
    } else {
      const rest = cluster.find((one) => one.hidden);
      if (rest) rest.hidden += 1;
    }
  }
  close();
  return found;
}
