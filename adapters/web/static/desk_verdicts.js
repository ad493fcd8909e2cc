// Verdicts: what filters noticed, marking it right or wrong, and moving the thresholds.

import { h } from "/static/desk_elements.js";
import { placeName } from "/static/desk_names.js";
import { slider } from "/static/desk_threshold.js";

const TONES = { block: "bad", redact: "wait", flag: "cool", allow: "" };

export async function open(main, desk) {
  const { t } = desk;
  const community = h("select", { onchange: changed });
  const category = h("select", { onchange: changed }, h("option", { value: "" }, t("all_categories")));
  const field = (name, input) => h("label.field", {}, h("span", {}, t(name)), input);
  const list = h("ul.verdict-list");
  const none = h("p.none", { hidden: true }, t("no_verdicts"));
  const more = h("button.button.more", { type: "button", hidden: true, onclick: () => load({ isMore: true }) }, t("earlier"));
  const thresholds = h("section.card", { "aria-label": t("thresholds"), hidden: true });
  main.append(
    h("div.bar", {}, h("h1", {}, t("verdicts"))),
    h("div.sheet.verdicts", {}, h("form.filters", { role: "search", onsubmit: (event) => event.preventDefault() }, field("community", community), field("category", category)), thresholds, list, none, more),
  );
  let asked = 0;
  let owner = false;

  async function load({ isMore = false } = {}) {
    const query = new URLSearchParams({ community: community.value, category: category.value });
    if (isMore) query.set("before", list.lastElementChild.dataset.number);
    const number = ++asked;
    let found;
    try {
      found = await desk.get(`/desk/api/verdicts?${query}`);
    } catch (error) {
      desk.say(error.message);
      return;
    }
    if (number !== asked) return;
    owner = found.owner;
    offer(found);
    const before = list.lastElementChild;
    const drawn = found.verdicts.map((one) => entry(desk, one));
    if (isMore) list.append(...drawn);
    else list.replaceChildren(...drawn);
    none.hidden = list.childElementCount > 0;
    more.hidden = !found.more;
    if (isMore && more.hidden) before.nextElementSibling?.querySelector("button")?.focus();
  }

  function offer(found) {
    if (category.options.length > 1) return;
    category.append(...found.categories.map((one) => h("option", { value: one }, one)));
    const { communities } = found;
    if (communities.length > 1) community.append(h("option", { value: "" }, t("all_communities")));
    community.append(...communities.map((one) => h("option", { value: one }, placeName(one))));
    [community.value] = communities.length > 1 ? [""] : communities;
  }

  async function changed() {
    await Promise.all([load(), slide()]);
  }

  // A threshold is a community's, of one category: both must be chosen.
  async function slide() {
    thresholds.hidden = !(community.value && category.value);
    if (thresholds.hidden) return;
    const place = { community: community.value, category: category.value };
    try {
      const found = await desk.get(`/desk/api/verdicts/scores?${new URLSearchParams(place)}`);
      if (place.community !== community.value || place.category !== category.value) return;
      thresholds.replaceChildren(...slider(desk, found, { owner, save }));
    } catch (error) {
      desk.say(error.message);
    }
  }

  async function save(threshold, isEverywhere) {
    try {
      const { told } = await desk.post("/desk/api/verdicts/threshold", { community: isEverywhere ? "all" : community.value, category: category.value, threshold });
      desk.say(told);
      await slide();
      thresholds.querySelector("input[type=range]")?.focus();
    } catch (error) {
      desk.say(error.message);
    }
  }

  await load();
  if (community.options.length === 1) category.value = "";
}

function entry(desk, one) {
  const { t } = desk;
  const time = new Intl.DateTimeFormat(desk.language, { dateStyle: "medium", timeStyle: "short", timeZone: desk.timezone });
  const score = new Intl.NumberFormat(desk.language, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
  const heading = h("h2", { id: `verdict-${one.number}` }, t("verdict", { n: one.number }));
  const facts = h("p.facts", {}, [h("time", { datetime: one.at }, time.format(new Date(one.at))), one.who && h("bdi", {}, one.who), t(`stage_${one.stage}`), placeName(one.community), one.filter].filter(Boolean).map((part) => h("span", {}, part)));
  const marks = h("div.marks");
  const element = h("li.card", { "data-number": one.number, "aria-labelledby": heading.id },
    h("div.verdict-top", {}, heading, h("span.state", {}, `${one.category} ${score.format(one.score)}`), h(`span.state${TONES[one.did] ? `.is-${TONES[one.did]}` : ""}`, {}, t(`act_${one.did}`))),
    one.text ? h("blockquote", { dir: "auto" }, one.text) : h("p.hint", {}, t("forgotten")),
    facts, marks);

  function draw() {
    if (!one.teachable) {
      if (one.text) marks.replaceChildren(h("p.hint", {}, t("rule")));
      return;
    }
    const button = (name, isHarmful) => h("button.button", { type: "button", "aria-pressed": String(one.label === isHarmful), "aria-describedby": heading.id, onclick: () => mark(isHarmful) }, t(name));
    marks.replaceChildren(button("label_right", true), button("label_wrong", false));
  }

  async function mark(isHarmful) {
    try {
      const { told } = await desk.post(`/desk/api/verdicts/${one.number}`, { what: isHarmful ? one.category : "harmless" });
      one.label = isHarmful;
      draw();
      marks.children[isHarmful ? 0 : 1].focus();
      desk.say(told);
    } catch (error) {
      desk.say(error.message);
    }
  }

  draw();
  return element;
}
