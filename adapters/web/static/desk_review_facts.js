// What moderators should know of a post before they decide.

import { h } from "/static/desk_elements.js";
import { dateTime, fromNow } from "/static/desk_post_view.js";

export function facts(desk, post) {
  return h("aside.facts", { "aria-label": desk.t("facts") },
    h("dl", {},
      row(desk.t("decide_by"), h("span", {}, h("time", { datetime: post.expires, "data-from-now": true }, fromNow(desk, post.expires)), h("small", {}, dateTime(desk, post.expires)))),
      row(desk.t("approvals"), desk.t("approvals_of", post)),
      post.schedule && row(desk.t("schedule"), post.schedule),
      post.channels.length > 0 && row(desk.t("posts_to"), h("span", {}, post.channels.map((key) => h("code", {}, key))))),
    voices(desk, post),
    quality(desk, post),
    safety(desk, post),
    post.reason && h("section", {}, h("h3", {}, desk.t("written")), h("p.small", { dir: "auto" }, post.reason)));
}

function row(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function voices(desk, post) {
  const said = post.presses.map((one) => h("li", {},
    h("p", { dir: "auto" }, h("strong", {}, one.name), one.mine && ` (${desk.t("you")})`, ` ${one.said}`),
    one.note && h("blockquote", { dir: "auto" }, one.note),
    h("time", { datetime: one.time, "data-from-now": true }, fromNow(desk, one.time))));
  return h("section", {}, h("h3", {}, desk.t("votes")), said.length ? h("ul.voices", {}, said) : h("p.small", {}, desk.t("nobody_yet")));
}

function quality(desk, post) {
  if (!post.parts.length) return null;
  const percent = new Intl.NumberFormat(desk.language, { style: "percent" });
  const rows = post.parts.map((part) => {
    const fill = h(`i${part.reason ? ".is-weak" : ""}`);
    fill.style.width = `${Math.round(part.value * 100)}%`; // by a script of ours: the policy lets no style attribute in
    return h("li", { title: part.reason || null }, h("span", {}, part.name), h("span.figure", {}, percent.format(part.value)), h("span.track", { "aria-hidden": "true" }, fill), part.reason && h("small", {}, part.reason));
  });
  return h("section", {}, h("h3", {}, desk.t("score")), h("ul.measures", {}, rows));
}

function safety(desk, post) {
  const { action, lines } = post.safety;
  const text = action === "" ? desk.t("safety_none") : action === "allow" ? desk.t("safe") : "";
  return h("section", {}, h("h3", {}, desk.t("safety")), text && h("p.small", {}, action === "allow" && h("span.state.is-good", { "aria-hidden": "true" }, "✓"), ` ${text}`), lines.length > 0 && h("ul.verdicts", {}, lines.map((line) => h("li", { dir: "auto" }, line))));
}
