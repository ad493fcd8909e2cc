// A post as people will read it: used by the queue and by the list of posts.

import { h, icon } from "/static/desk_elements.js";

// HTML of the server's own renderer, and of nothing else.
export function htmlText(html, name = "div.text") {
  const element = h(name, { dir: "auto" });
  element.innerHTML = html;
  for (const table of element.querySelectorAll("table")) {
    const frame = h("div.table");
    table.replaceWith(frame);
    frame.append(table);
  }
  return element;
}

export function postView(desk, post) {
  return h(
    "div.post-look.message",
    {},
    post.picture && h("img.cover", { src: post.picture.url, alt: post.picture.alt || desk.t("picture_of", { title: post.title }) }),
    h("p.post-title", { dir: "auto" }, post.title || post.topic),
    post.summary && h("p.post-summary", { dir: "auto" }, post.summary),
    htmlText(post.html),
    post.poll && pollView(desk, post.poll),
    post.sources.length > 0 && h("section.post-sources", {}, h("h3", {}, desk.t("sources")), sourceList(post.sources)),
  );
}

export function sourceList(sources) {
  return h("ul", {}, sources.map((one) => h("li", { dir: "auto" }, one.url ? h("a", { href: one.url, target: "_blank", rel: "noopener noreferrer nofollow" }, one.title) : one.title)));
}

function pollView(desk, poll) {
  const answers = poll.answers.map((answer, number) => {
    const isRight = number === poll.correct;
    return h(`li${isRight ? ".is-right" : ""}`, { dir: "auto" }, answer, isRight && h("span.state.is-good", {}, desk.t("correct")));
  });
  return h("section.post-poll", { "aria-label": desk.t("poll") }, h("h3", { dir: "auto" }, icon("poll"), poll.question), h("ol", {}, answers), poll.explanation && h("p", { dir: "auto" }, poll.explanation));
}

// "in 3 hr.", "2 min. ago", in the reader's language.
export function fromNow(desk, time) {
  const seconds = (new Date(time) - Date.now()) / 1000;
  const format = new Intl.RelativeTimeFormat(desk.language, { numeric: "auto", style: "short" });
  for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(Math.trunc(seconds / 60), "minute");
}

export function dateTime(desk, time) {
  const format = new Intl.DateTimeFormat(desk.language, { dateStyle: "medium", timeStyle: "short", timeZone: desk.timezone });
  return format.format(new Date(time));
}
