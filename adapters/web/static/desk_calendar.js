// The calendar: which posts come when.

import { h, icon } from "/static/desk_elements.js";

export async function open(main, desk) {
  const list = h("ul.calendar-list");
  main.append(h("div.bar", {}, h("h1", {}, desk.t("calendar"))), list);
  const format = new Intl.DateTimeFormat(desk.language, { dateStyle: "full", timeStyle: "short", timeZone: desk.timezone });
  async function load() {
    const { coming } = await desk.get("/desk/api/calendar");
    const rows = coming.map((one) => h("li", {}, h("time", { datetime: one.time, title: desk.timezone }, format.format(new Date(one.time))), h("strong", {}, one.schedule), h("span", {}, one.kind)));
    list.replaceChildren(...(rows.length ? rows : [h("li.empty-page", {}, icon("calendar"), desk.t("nothing_comes"))]));
  }
  desk.onChange(["posts", "schedules"], load);
  await load();
}
