// Statistics: what became of posts, and what people made of them.

import { chart, shares } from "/static/desk_chart.js";
import { h } from "/static/desk_elements.js";

const SPANS = [4, 12, 26];
const TIMES = ["up_to_10_minutes", "up_to_1_hour", "up_to_6_hours", "up_to_1_day", "longer"];

export async function open(main, desk) {
  let weeks = 12;
  let drawn = "";
  const buttons = SPANS.map((n) => h("button", { type: "button", onclick: () => { weeks = n; load(); } }, desk.t("weeks", { n })));
  const board = h("div.statistics");
  main.append(h("div.bar", {}, h("h1", {}, desk.t("statistics")), h("span.space"), h("div.segments", { role: "group", "aria-label": desk.t("weeks_label") }, buttons)), board);

  async function load() {
    buttons.forEach((one, index) => one.setAttribute("aria-pressed", String(SPANS[index] === weeks)));
    try {
      const found = await desk.get(`/desk/api/statistics?weeks=${weeks}`);
      const wanted = JSON.stringify(found);
      if (wanted === drawn) return;
      drawn = wanted;
      board.replaceChildren(...draw(desk, found));
    } catch (error) {
      desk.say(error.message);
    }
  }

  desk.onChange(["posts", "reviews"], load);
  await load();
}

function draw(desk, found) {
  const { t } = desk;
  const day = new Intl.DateTimeFormat(desk.language, { month: "short", day: "numeric", timeZone: "UTC" });
  const dayOf = (week) => day.format(new Date(week.monday));
  const series = (rows, names) => Object.entries(names).map(([name, tone]) => ({ name: t(name), tone, values: rows.map((row) => row[name]) }));
  const { approved, rejected, expired } = found.decisions;
  return [
    tiles(desk, found),
    h("div.cards", {},
      chart(desk, { title: t("posts_per_week"), of: t("week"), labels: found.weeks.map(dayOf), series: series(found.weeks, { published: "good", rejected: "bad", expired: "wait", failed: "ink", retracted: "ember", other: "cool" }), empty: t("no_weeks") }),
      chart(desk, { title: t("voices_per_week"), of: t("week"), labels: found.liked.map(dayOf), series: series(found.liked, { reactions: "ember", votes: "cool", replies: "good" }), isLine: true, empty: t("no_likes") }),
      shares(desk, { title: t("decisions"), parts: [{ name: t("approved"), tone: "good", value: approved }, { name: t("rejected"), tone: "bad", value: rejected }, { name: t("expired"), tone: "wait", value: expired }], empty: t("no_decisions") }),
      chart(desk, { title: t("decided_in"), of: t("decided_in"), labels: TIMES.map((name) => t(name)), series: [{ name: t("num"), tone: "ember", values: found.by_time }], empty: t("no_decisions") }),
      topics(desk, found.topics),
      best(desk, found.posts)),
  ];
}

function tiles(desk, found) {
  const { t } = desk;
  const number = new Intl.NumberFormat(desk.language);
  const percent = new Intl.NumberFormat(desk.language, { style: "percent" });
  const sum = (rows, ...names) => rows.reduce((all, row) => all + names.reduce((one, name) => one + row[name], 0), 0);
  const { approved, rejected, expired } = found.decisions;
  const all = approved + rejected + expired;
  const values = [
    ["num_published", number.format(sum(found.weeks, "published"))],
    ["share_approved", all ? percent.format(approved / all) : "–"],
    ["median", found.median_s === null ? "–" : duration(desk, found.median_s)],
    ["num_voices", number.format(sum(found.liked, "reactions", "votes", "replies"))],
  ];
  return h("dl.tiles", {}, values.map(([name, value]) => h("div", {}, h("dt", {}, t(name)), h("dd", {}, value))));
}

function duration(desk, seconds) {
  const [unit, length] = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]].find(([, one]) => seconds >= one * 1.5) ?? ["second", 1];
  const value = seconds / length;
  return new Intl.NumberFormat(desk.language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

function topics(desk, rows) {
  const { t } = desk;
  const head = h("figcaption", {}, t("topics"));
  if (!rows.length) return h("figure.card.is-wide", {}, head, h("p.none", {}, t("no_likes")));
  const number = new Intl.NumberFormat(desk.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const furthest = Math.max(0.25, ...rows.map((one) => Math.abs(Math.log(one.weight))));
  const sorted = [...rows].sort((one, other) => other.weight - one.weight);
  const names = ["num_posts", "reactions", "votes", "replies"];
  const body = sorted.map((one) => {
    const bar = h(`i.${one.weight >= 1 ? "is-up" : "is-down"}`);
    bar.style.width = `${(Math.abs(Math.log(one.weight)) / furthest) * 50}%`;
    return h("tr", {}, h("th", { scope: "row", dir: "auto" }, one.topic), names.map((name) => h("td.number", {}, String(one[name]))), h("td.weight", {}, h("span", {}, h("i.track", { "aria-hidden": "true" }, bar), number.format(one.weight))));
  });
  const columns = h("tr", {}, h("th", { scope: "col" }, t("topic")), ["num", "reactions", "votes", "replies"].map((name) => h("th.number", { scope: "col" }, t(name))), h("th.number", { scope: "col" }, t("weight")));
  return h("figure.card.is-wide", {}, head, h("p.hint", {}, t("topics_hint")), h("div.table", { tabindex: 0, role: "group", "aria-label": t("topics") }, h("table.plain", {}, h("thead", {}, columns), h("tbody", {}, body))));
}

function best(desk, posts) {
  const { t } = desk;
  const head = h("figcaption", {}, t("best_posts"));
  if (!posts.length) return h("figure.card.is-wide", {}, head, h("p.none", {}, t("no_likes")));
  const names = ["reactions", "votes", "replies", "score"];
  const rows = posts.map((one) => h("tr", {}, h("th", { scope: "row", dir: "auto" }, h("a", { href: `/desk/posts#${encodeURIComponent(one.id)}` }, one.title)), names.map((name) => h("td.number", {}, String(one[name])))));
  const columns = h("tr", {}, h("th", { scope: "col" }, t("title")), names.map((name) => h("th.number", { scope: "col" }, t(name))));
  return h("figure.card.is-wide", {}, head, h("div.table", { tabindex: 0, role: "group", "aria-label": t("best_posts") }, h("table.plain", {}, h("thead", {}, columns), h("tbody", {}, rows))));
}
