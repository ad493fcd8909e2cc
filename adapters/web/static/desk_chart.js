// Charts as SVG, drawn here. Each has its numbers as a table too.

import { h } from "/static/desk_elements.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const ROOM = { top: 14, bottom: 30, start: 36, end: 8 };
const HEIGHT = 236;
const LABEL_PX = 58; // the least room for a label below a column

function s(name, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// A chart in its frame; it is drawn anew when there is more or less room.
// `labels` name the columns, `series` are { name, tone, values }; `of` says what the labels are.
// A series of nothing but zeros is left out.
export function chart(desk, { title, labels, series: all, of, isLine = false, empty }) {
  const series = all.filter((one) => one.values.some(Boolean));
  const hasValues = series.length > 0;
  const place = h("div.chart");
  const legend = series.length > 1 && h("ul.legend", { "aria-hidden": "true" }, series.map((one) => h("li", {}, h(`i.tone-${one.tone}`), one.name)));
  const figure = h("figure.card", {}, h("figcaption", {}, title), hasValues ? [legend, place, table(desk, { labels, series, of })] : h("p.none", {}, empty));
  if (!hasValues) return figure;
  const draw = isLine ? lines : columns;
  let width = 0;
  new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - width) < 2) return;
    width = entry.contentRect.width;
    place.replaceChildren(draw(desk, { title, labels, series, width }));
  }).observe(place);
  return figure;
}

function table(desk, { labels, series, of }) {
  const number = new Intl.NumberFormat(desk.language);
  const head = h("tr", {}, h("th", { scope: "col" }, of), series.map((one) => h("th.number", { scope: "col" }, one.name)));
  const rows = labels.map((label, index) => h("tr", {}, h("th", { scope: "row" }, label), series.map((one) => h("td.number", {}, number.format(one.values[index])))));
  return h("details.as-table", {}, h("summary", {}, desk.t("as_table")), h("div.table", {}, h("table", {}, h("thead", {}, head), h("tbody", {}, rows))));
}

// Round numbers for the lines across: 1, 2 or 5 times a power of ten.
function steps(most) {
  const rough = Math.max(1, most) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((one) => one * power >= rough) * power);
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, index) => index * step);
}

function axes(desk, { title, labels, most, width }) {
  const number = new Intl.NumberFormat(desk.language, { notation: "compact" });
  const marks = steps(most);
  const top = marks.at(-1);
  const inner = { width: width - ROOM.start - ROOM.end, height: HEIGHT - ROOM.top - ROOM.bottom };
  const y = (value) => ROOM.top + inner.height * (1 - value / top);
  const slot = inner.width / labels.length;
  const x = (index) => ROOM.start + slot * (index + 0.5);
  const svg = s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": title });
  for (const mark of marks) {
    svg.append(s("line", { class: mark ? "grid" : "grid base", x1: ROOM.start, x2: width - ROOM.end, y1: y(mark), y2: y(mark) }));
    svg.append(s("text", { class: "tick", x: ROOM.start - 8, y: y(mark) + 4, "text-anchor": "end" }, number.format(mark)));
  }
  const every = Math.ceil(LABEL_PX / slot);
  labels.forEach((label, index) => {
    if ((labels.length - 1 - index) % every) return;
    svg.append(s("text", { class: "tick", x: x(index), y: HEIGHT - 9, "text-anchor": "middle" }, label));
  });
  return { svg, x, y, slot };
}

function columns(desk, { title, labels, series, width }) {
  const most = Math.max(...labels.map((_, index) => series.reduce((sum, one) => sum + one.values[index], 0)));
  const { svg, x, y, slot } = axes(desk, { title, labels, most, width });
  const thick = Math.min(44, slot * 0.68);
  labels.forEach((label, index) => {
    let below = 0;
    for (const one of series) {
      const value = one.values[index];
      if (!value) continue;
      const top = y(below + value);
      const height = Math.max(1, y(below) - top - (below ? 1.5 : 0));
      const column = s("rect", { class: `tone-${one.tone}`, x: x(index) - thick / 2, y: top, width: thick, height, rx: 3 });
      column.append(s("title", {}, `${label} · ${one.name}: ${value}`));
      svg.append(column);
      below += value;
    }
  });
  return svg;
}

function lines(desk, { title, labels, series, width }) {
  const most = Math.max(...series.flatMap((one) => one.values));
  const { svg, x, y } = axes(desk, { title, labels, most, width });
  for (const one of series) {
    const points = one.values.map((value, index) => `${x(index)},${y(value)}`);
    svg.append(s("polyline", { class: `line tone-${one.tone}`, points: points.join(" ") }));
    one.values.forEach((value, index) => {
      const point = s("circle", { class: `tone-${one.tone}`, cx: x(index), cy: y(value), r: 3.5 });
      point.append(s("title", {}, `${labels[index]} · ${one.name}: ${value}`));
      svg.append(point);
    });
  }
  return svg;
}

// Parts of a whole, as one bar with its numbers below.
export function shares(desk, { title, parts, empty }) {
  const all = parts.reduce((sum, one) => sum + one.value, 0);
  if (!all) return h("figure.card", {}, h("figcaption", {}, title), h("p.none", {}, empty));
  const percent = new Intl.NumberFormat(desk.language, { style: "percent" });
  const bar = h("div.shares", { "aria-hidden": "true" }, parts.filter((one) => one.value).map((one) => {
    const part = h(`i.tone-${one.tone}`);
    part.style.flexGrow = one.value;
    return part;
  }));
  const rows = parts.map((one) => h("tr", {}, h("th", { scope: "row" }, h(`i.dot.tone-${one.tone}`, { "aria-hidden": "true" }), one.name), h("td.number", {}, String(one.value)), h("td.number", {}, percent.format(one.value / all))));
  return h("figure.card", {}, h("figcaption", {}, title), bar, h("table.plain", {}, h("tbody", {}, rows)));
}
