// The slider of a category: how texts were judged, and what another threshold would have changed.

import { h } from "/static/desk_elements.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const NUM_BINS = 20;
const HEIGHT = 150;
const BASE = HEIGHT - 18;

function s(name, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Returns what a card shows. `save(threshold or null, isEverywhere)` keeps it.
export function slider(desk, found, { owner, save }) {
  const { t } = desk;
  const heading = h("h2", {}, t("threshold"));
  if (found.current === null) return [heading, h("p.none", {}, t("not_judged"))];
  const number = new Intl.NumberFormat(desk.language, { minimumFractionDigits: 2, maximumFractionDigits: 3 });
  const bins = counted(found);
  const range = h("input.slide", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": t("threshold"), "aria-describedby": "threshold-hint threshold-told" });
  range.value = found.current;
  const output = h("output", {}, number.format(found.current));
  const place = h("div.histogram");
  const told = h("p.summary", { id: "threshold-told", role: "status" });
  const everywhere = h("input", { type: "checkbox" });
  const value = () => (Number(range.value).toFixed(2) === found.current.toFixed(2) ? found.current : Number(range.value));
  const draw = () => place.replaceChildren(histogram(bins, { width: place.clientWidth, threshold: value(), current: found.current, label: t("thresholds") }));
  const show = () => {
    output.textContent = number.format(value());
    range.setAttribute("aria-valuetext", number.format(value()));
    told.textContent = summary(desk, found, value());
    draw();
  };
  range.oninput = show;
  new ResizeObserver(draw).observe(place);
  show();
  const propose = found.proposed !== null && h("button.button", { type: "button", onclick: () => { range.value = found.proposed; show(); range.focus(); } }, t("proposed", { n: number.format(found.proposed) }));
  const reset = found.chosen !== null && h("button.button", { type: "button", onclick: () => save(null, everywhere.checked) }, t("reset_threshold"));
  return [
    h("div.verdict-top", {}, heading, output, h("span.state", {}, t("current", { n: number.format(found.current) }))),
    h("p.hint", { id: "threshold-hint" }, t("threshold_hint")),
    found.recent.length || found.labelled.length ? place : h("p.none", {}, t("no_scores")),
    h("div.legend", { "aria-hidden": "true" }, ["harmful", "harmless", "num_recent"].map((name) => h("span", {}, h(`i.is-${name}`), t(name)))),
    range,
    told,
    h("div.actions", {}, owner && h("label.check", {}, everywhere, t("for_all")), propose, reset, h("button.button.primary", { type: "button", onclick: () => save(value(), everywhere.checked) }, t("save_threshold"))),
    table(desk, bins),
  ].filter(Boolean);
}

function counted(found) {
  const bins = Array.from({ length: NUM_BINS }, (_, index) => ({ from: index / NUM_BINS, harmful: 0, harmless: 0, recent: 0 }));
  const bin = (score) => bins[Math.min(NUM_BINS - 1, Math.floor(score * NUM_BINS))];
  for (const [score, isHarmful] of found.labelled) bin(score)[isHarmful ? "harmful" : "harmless"] += 1;
  for (const score of found.recent) bin(score).recent += 1;
  return bins;
}

function summary(desk, found, threshold) {
  const { t } = desk;
  const over = (scores, least) => scores.filter((one) => one >= least).length;
  const of = (wanted) => found.labelled.filter(([, isHarmful]) => isHarmful === wanted).map(([score]) => score);
  const right = over(of(true), threshold);
  const values = { right, missed: of(true).length - right, wrong: over(of(false), threshold), total: found.recent.length, days: found.days, refused: over(found.recent, threshold), now: over(found.recent, found.current) };
  return [found.labelled.length && t("summary_labels", values), t("summary_recent", values)].filter(Boolean).join(" ");
}

// Labelled texts are columns; all others are a line of dots above them: there are many more, on a scale of their own.
function histogram(bins, { width, threshold, current, label }) {
  const svg = s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": label });
  const slot = width / NUM_BINS;
  const most = Math.max(1, ...bins.map((one) => one.harmful + one.harmless));
  const mostRecent = Math.max(1, ...bins.map((one) => Math.log1p(one.recent)));
  bins.forEach((one, index) => {
    const x = index * slot + 1;
    const recent = (Math.log1p(one.recent) / mostRecent) * (BASE - 8);
    if (one.recent) svg.append(s("rect", { class: "recent", x, y: BASE - recent, width: Math.max(1, slot - 2), height: recent, rx: 3 }, s("title", {}, `${one.recent}`)));
    let y = BASE;
    for (const name of ["harmful", "harmless"]) {
      const height = (one[name] / most) * (BASE - 8) * 0.8;
      if (!height) continue;
      y -= height;
      svg.append(s("rect", { class: name, x: x + slot * 0.2, y, width: Math.max(1, slot * 0.6 - 2), height, rx: 2 }, s("title", {}, `${one[name]}`)));
    }
  });
  svg.append(s("line", { class: "base", x1: 0, x2: width, y1: BASE, y2: BASE }));
  svg.append(s("line", { class: "now", x1: current * width, x2: current * width, y1: 0, y2: BASE }));
  svg.append(s("line", { class: "chosen", x1: threshold * width, x2: threshold * width, y1: 0, y2: BASE }));
  for (const mark of [0, 0.5, 1]) svg.append(s("text", { class: "tick", x: Math.min(width, mark * width), y: HEIGHT - 3, "text-anchor": ["start", "middle", "end"][mark * 2] }, String(mark)));
  return svg;
}

function table(desk, bins) {
  const { t } = desk;
  const columns = ["score", "harmful", "harmless", "num_recent"];
  const head = h("tr", {}, columns.map((name) => h("th.number", { scope: "col" }, t(name))));
  const rows = bins.filter((one) => one.harmful + one.harmless + one.recent).map((one) => h("tr", {}, h("th.number", { scope: "row" }, `${one.from.toFixed(2)}–${(one.from + 1 / NUM_BINS).toFixed(2)}`), [one.harmful, one.harmless, one.recent].map((value) => h("td.number", {}, String(value)))));
  return rows.length > 0 && h("details", {}, h("summary", {}, t("as_table")), h("div.table", { tabindex: 0, role: "group", "aria-label": t("thresholds") }, h("table", {}, h("thead", {}, head), h("tbody", {}, rows))));
}
