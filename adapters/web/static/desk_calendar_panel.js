// What is known about one thing in the calendar, and what can be done about it.

import { dialog, h } from "/static/desk_elements.js";
import { LIKE, itemButton, titleOf } from "/static/desk_calendar_item.js";

const OF_POSTS = { pending_review: "review", planned: "due", drafting: "writing", unknown: "failed" };

export function openItem(item, calendar) {
  const { desk, format } = calendar;
  const facts = [
    [desk.t("time"), item.count > 1 ? `${format.whole(item.at)} – ${format.time(item.last)} (${calendar.zone})` : `${when(item, calendar)} (${calendar.zone})`],
    item.schedule && [desk.t("schedule"), item.schedule],
    [desk.t("kind"), item.kind],
    item.channels.length > 0 && [desk.t("channels"), item.channels.join(", ")],
  ].filter(Boolean);
  const element = dialog(
    titleOf(item, desk),
    desk,
    h("p", {}, h(`span.state.${LIKE[item.state]}`, {}, desk.t(item.state))),
    h("dl.facts", {}, facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", { dir: "auto" }, value)])),
    item.moved_from && h("p.note", {}, desk.t("moved_by", { name: item.by, when: format.whole(item.moved_from) })),
    item.state === "left_out" && h("p.note", {}, desk.t("left_out_by", { name: item.by })),
    item.reason && h("p.note", { dir: "auto" }, item.reason),
  );
  const done = (call) => async () => {
    element.close();
    await call();
  };
  if (item.can_move) element.append(controls(item, calendar, done));
  if (item.post) element.append(history(item, calendar));
  const links = h("div.actions", {}, link("review", item.state === "review", item, desk), link("posts", true, item, desk));
  if (links.children.length) element.append(links);
  element.classList.add("item-panel");
}

export function openDay(day, items, calendar) {
  const { desk, format } = calendar;
  const list = h("div.day-list", {}, items.map((one) => itemButton(one, calendar)));
  const rest = calendar.more[day] ? h("p.note", {}, desk.t("and_more", { n: calendar.more[day] })) : null;
  const element = dialog(format.day(day), desk, list);
  if (rest) element.append(rest);
  // What is opened from here takes this one's place.
  list.addEventListener("click", (event) => { if (event.target.closest(".item")) element.close(); }, { capture: true });
}

function when(item, calendar) {
  const { desk, format } = calendar;
  return item.jitter ? desk.t("about_until", { time: format.whole(item.at), minutes: item.jitter }) : format.whole(item.at);
}

function controls(item, calendar, done) {
  const { desk } = calendar;
  if (item.state === "left_out") {
    return h("div.actions", {}, h("button.button.primary", { type: "button", onclick: done(() => calendar.act("restore", item)) }, desk.t("bring_back")));
  }
  const to = h("input", { type: "datetime-local", required: true, step: 60, value: item.at, "aria-label": desk.t("move_to") });
  const move = async (event) => {
    event.preventDefault();
    await done(() => calendar.move(item, to.value.slice(0, 16)))();
  };
  return h(
    "div.controls",
    {},
    h("form.move", { onsubmit: move }, h("label", {}, h("span", {}, `${desk.t("move_to")} (${calendar.zone})`), to), h("button.button.primary", {}, desk.t("move"))),
    item.slot && h(
      "div.actions",
      {},
      item.moved_from && h("button.button", { type: "button", onclick: done(() => calendar.act("restore", item)) }, desk.t("put_back")),
      h("button.button", { type: "button", onclick: done(() => calendar.act("skip", item)) }, desk.t("skip")),
      h("button.button", { type: "button", onclick: done(() => calendar.act("now", item)) }, desk.t("write_now")),
    ),
  );
}

function link(page, isMeant, item, desk) {
  if (!item.post || !isMeant || !desk.setup.pages.includes(page)) return "";
  const name = page === "review" ? "open_review" : "open_post";
  return h("a.button", { href: `/desk/${page}#${encodeURIComponent(item.post)}` }, desk.t(name));
}

function history(item, calendar) {
  const { desk } = calendar;
  const list = h("ol.history");
  const format = new Intl.DateTimeFormat(desk.language, { dateStyle: "medium", timeStyle: "medium", timeZone: calendar.zone });
  const fill = async () => {
    try {
      const { history: steps } = await desk.get(`/desk/api/calendar/post/${encodeURIComponent(item.post)}`);
      list.replaceChildren(...steps.map((step) => row(step, desk, format, calendar.zone)));
    } catch (error) {
      list.replaceChildren(h("li", {}, error.message));
    }
  };
  fill();
  return h("section", {}, h("h3", {}, desk.t("history")), list);
}

function row(step, desk, format, zone) {
  const state = OF_POSTS[step.status] ?? step.status;
  return h(
    "li",
    {},
    h("time", { datetime: step.at, title: zone }, format.format(new Date(step.at))),
    h(`span.state.${LIKE[state] ?? "is-quiet"}`, {}, desk.t(state)),
    h("span", { dir: "auto" }, [desk.t("by_name", { name: step.by }), step.reason].filter(Boolean).join(": ")),
  );
}
