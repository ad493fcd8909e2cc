// A small line through the last minutes, drawn anew as time goes on; its numbers are in a table, too.

import { h } from "/static/desk_elements.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 116;
const ROOM = { top: 10, bottom: 20, start: 48, end: 4 };
const NUM_ROWS = 20;

function s(name, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// `show(points)` draws points, { at: Date, value }, oldest first; `least` is the least top of the scale.
export function timeline(desk, { title, hint, tone, least, digits = 0 }) {
  const number = new Intl.NumberFormat(desk.language, { maximumFractionDigits: digits });
  const clock = new Intl.DateTimeFormat(desk.language, { timeStyle: "medium", timeZone: desk.timezone });
  const place = h("div.line-chart");
  const now = h("b", {}, "–");
  const rows = h("tbody");
  const head = h("tr", {}, h("th", { scope: "col" }, desk.t("at")), h("th.number", { scope: "col" }, title));
  const table = h("details.as-table", {}, h("summary", {}, desk.t("as_table")), h("div.table", { tabindex: 0, role: "group", "aria-label": title }, h("table", {}, h("thead", {}, head), rows)));
  const figure = h("figure.card", {}, h("figcaption", {}, title, now), h("p.hint", {}, hint), place, table);
  let points = [];
  const draw = () => place.replaceChildren(svg(points, { number, clock, title, tone, least, width: place.clientWidth }));
  new ResizeObserver(draw).observe(place);
  table.addEventListener("toggle", fill);

  function fill() {
    if (!table.open) return;
    const every = Math.max(1, Math.floor(points.length / NUM_ROWS));
    const some = points.filter((_, index) => (points.length - 1 - index) % every === 0).reverse();
    rows.replaceChildren(...some.map((one) => h("tr", {}, h("th", { scope: "row" }, clock.format(one.at)), h("td.number", {}, number.format(one.value)))));
  }

  return {
    figure,
    show(found) {
      points = found;
      now.textContent = points.length ? number.format(points.at(-1).value) : "–";
      draw();
      fill();
    },
  };
}

function svg(points, { number, clock, title, tone, least, width }) {
  const top = Math.max(least, ...points.map((one) => one.value));
  const last = points.length ? `${title}: ${number.format(points.at(-1).value)}` : title;
  const drawn = s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": last });
  const inner = { width: width - ROOM.start - ROOM.end, height: HEIGHT - ROOM.top - ROOM.bottom };
  const base = ROOM.top + inner.height;
  const y = (value) => base - (inner.height * value) / top;
  for (const mark of [0, top / 2, top]) {
    drawn.append(s("line", { class: mark ? "grid" : "grid base", x1: ROOM.start, x2: width - ROOM.end, y1: y(mark), y2: y(mark) }));
    drawn.append(s("text", { class: "tick", x: ROOM.start - 6, y: y(mark) + 4, "text-anchor": "end" }, number.format(mark)));
  }
  if (points.length < 2 || width < 80) return drawn;
  const begin = points[0].at.getTime();
  const span = Math.max(1, points.at(-1).at.getTime() - begin);
  const x = (one) => ROOM.start + (inner.width * (one.at.getTime() - begin)) / span;
  const line = points.map((one) => `${x(one).toFixed(1)},${y(one.value).toFixed(1)}`);
  drawn.append(s("polygon", { class: `area tone-${tone}`, points: `${ROOM.start},${base} ${line.join(" ")} ${x(points.at(-1)).toFixed(1)},${base}` }));
  drawn.append(s("polyline", { class: `line tone-${tone}`, points: line.join(" ") }));
  drawn.append(s("text", { class: "tick", x: ROOM.start, y: HEIGHT - 4 }, clock.format(points[0].at)));
  drawn.append(s("text", { class: "tick", x: width - ROOM.end, y: HEIGHT - 4, "text-anchor": "end" }, clock.format(points.at(-1).at)));
  return drawn;
}
