// One thing in the calendar, as a button: small in a grid, wider in a list.

import { h } from "/static/desk_elements.js";

// By what a state is like: the colours of desk.css. The words are always there too.
export const LIKE = {
  coming: "is-cool", left_out: "is-quiet", writing: "is-wait", review: "is-wait", approved: "is-wait", publishing: "is-wait", published: "is-good",
  asked: "is-wait", skipped: "is-quiet", rejected: "is-bad", expired: "is-bad", failed: "is-bad", retracted: "is-quiet",
};

// Where there is no room for the words: a sign besides the colour.
const MARKS = { coming: "○", left_out: "–", writing: "✎", review: "?", approved: "●", publishing: "●", published: "✓", asked: "?", skipped: "–", rejected: "✕", expired: "✕", failed: "✕", retracted: "↺" };

export function keyOf(item) {
  return [item.schedule, item.slot ?? item.post ?? item.at, item.state].join(" ");
}

export function titleOf(item, desk) {
  const name = item.title || item.schedule || item.kind;
  return item.count > 1 ? `${desk.t("posts_count", { n: item.count })} · ${name}` : name;
}

export function canMove(item) {
  return item.can_move && item.state !== "left_out";
}

// What a screen reader says, and what the mouse is told.
export function labelOf(item, calendar) {
  const { desk, format } = calendar;
  const when = item.jitter ? desk.t("about_until", { time: format.whole(item.at), minutes: item.jitter }) : format.whole(item.at);
  return `${titleOf(item, desk)}, ${desk.t(item.state)}, ${when} (${calendar.zone})`;
}

export function itemButton(item, calendar) {
  const { desk, format } = calendar;
  const time = `${item.jitter ? "~" : ""}${format.time(item.at)}`;
  const until = item.count > 1 ? `–${format.time(item.last)}` : "";
  const button = h(
    `button.item.${LIKE[item.state]}`,
    {
      type: "button",
      title: labelOf(item, calendar),
      "data-key": keyOf(item),
      "aria-label": labelOf(item, calendar),
      "aria-describedby": canMove(item) ? "drag-hint" : null,
      onclick: () => calendar.open(item),
    },
    h("span.mark", { "aria-hidden": "true" }, MARKS[item.state]),
    h("span.when", {}, h("time", {}, time + until), h("span.what", {}, desk.t(item.state))),
    h("span.title", { dir: "auto" }, titleOf(item, desk)),
    h("span.more-about", {}, [item.kind, ...item.channels].join(" · ")),
  );
  button.classList.toggle("is-movable", canMove(item));
  button.classList.toggle("is-moved", Boolean(item.moved_from));
  if (item.state === "left_out") button.classList.add("is-left-out");
  if (canMove(item)) calendar.drag.watch(button, item);
  return button;
}
