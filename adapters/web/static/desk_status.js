// What runs now: figures, lines through the last minutes, and lists; asked for anew every two seconds.

import { h } from "/static/desk_elements.js";
import { placeName, sizeOf } from "/static/desk_names.js";
import { timeline } from "/static/desk_timeline.js";

const POLL_MS = 2000;
const KEPT = 300;
const TONES = { ready: "good", starting: "wait", restarting: "wait", stopped: "bad" };
const PLATFORM_TONES = { true: "good", false: "bad" };

export async function open(main, desk) {
  const { t } = desk;
  const state = h("span.state", {}, "…");
  const tiles = tilesOf(desk, ["running", "waiting", "tokens", "lag"]);
  const charts = [
    ["tokens_per_s", timeline(desk, { title: t("tokens"), hint: t("tokens_hint"), tone: "ember", least: 10 })],
    ["waited_s", timeline(desk, { title: t("waited"), hint: t("waited_hint"), tone: "cool", least: 1, digits: 2 })],
    ["lag_ms", timeline(desk, { title: t("lag"), hint: t("lag_hint"), tone: "good", least: 20, digits: 1 })],
  ];
  const cards = [
    card(t("waiting_lanes"), (found) => lanes(desk, found.engine.lanes)),
    card(t("models"), (found) => models(desk, found)),
    card(t("memory"), (found) => memory(desk, found)),
    card(t("platforms"), (found) => platforms(desk, found.platforms)),
    card(t("pauses"), (found) => pauses(desk, found.pauses)),
    card(t("rooms_now"), (found) => rooms(desk, found.rooms)),
  ];
  const board = h("div.statistics.status", {}, tiles.element, h("div.cards.lines", {}, charts.map(([, chart]) => chart.figure)), h("div.cards", {}, cards.map((one) => one.element)));
  main.append(h("div.bar", {}, h("h1", {}, t("status")), state), board);
  let beats = [];

  async function look() {
    if (document.hidden) return;
    let found;
    try {
      found = await desk.get(`/desk/api/status?since=${beats.at(-1)?.number ?? 0}`);
    } catch {
      return; // the frame says so, if it lasts
    }
    const fresh = found.beats.map((one) => ({ ...one, at: new Date(one.at_utc) }));
    // Numbers begin anew with the bot.
    if (fresh.length && fresh[0].number <= (beats.at(-1)?.number ?? 0)) beats = [];
    if (fresh.length) {
      beats = [...beats, ...fresh].slice(-KEPT);
      for (const [name, chart] of charts) chart.show(beats.map((one) => ({ at: one.at, value: one[name] })));
    }
    show(found);
  }

  function show(found) {
    const { engine } = found;
    const latest = beats.at(-1);
    const waiting = Object.values(engine.lanes).reduce((all, one) => all + one, 0);
    tiles.show({ running: engine.running, waiting, tokens: latest?.tokens_per_s ?? 0, lag: t("lag_ms", { n: Math.round(latest?.lag_ms ?? 0) }) });
    const texts = [t(engine.worker), engine.restarts && t("restarts", { n: engine.restarts }), engine.draining && t("draining")];
    const said = texts.filter(Boolean).join(" · ");
    if (state.textContent !== said) state.textContent = said;
    state.className = `state is-${TONES[engine.worker]}`;
    for (const one of cards) one.show(found);
  }

  await look();
  setInterval(look, POLL_MS);
  document.addEventListener("visibilitychange", look);
}

function tilesOf(desk, names) {
  const number = new Intl.NumberFormat(desk.language, { maximumFractionDigits: 1 });
  const values = Object.fromEntries(names.map((name) => [name, h("dd", {}, "–")]));
  const element = h("dl.tiles", {}, names.map((name) => h("div", {}, h("dt", {}, desk.t(name)), values[name])));
  const show = (found) => {
    for (const name of names) {
      const said = typeof found[name] === "number" ? number.format(found[name]) : found[name];
      if (values[name].textContent !== said) values[name].textContent = said;
    }
  };
  return { element, show };
}

// A card that is drawn anew only when what it shows has changed: nobody is interrupted who reads it.
function card(title, draw) {
  const body = h("div.card-body");
  const element = h("section.card", { "aria-label": title }, h("h2.card-title", {}, title), body);
  let drawn = "";
  const show = (found) => {
    const content = [draw(found)].flat();
    const wanted = content.map((one) => one.outerHTML).join("");
    if (wanted === drawn) return;
    drawn = wanted;
    body.replaceChildren(...content);
  };
  return { element, show };
}

function table(columns, rows) {
  const head = h("tr", {}, columns.map(([name, kind]) => h(kind ? `th.${kind}` : "th", { scope: "col" }, name)));
  const cell = (value, index) => {
    const kind = columns[index][1];
    if (!index) return h("th", { scope: "row", dir: "auto" }, value);
    return h(kind ? `td.${kind}` : "td", { dir: "auto" }, value);
  };
  return h("div.table", {}, h("table", {}, h("thead", {}, head), h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell))))));
}

function lanes(desk, found) {
  const { t } = desk;
  return table([[t("what")], [t("waiting"), "number"]], ["chat", "command", "post"].map((name) => [t(name), String(found[name] ?? 0)]));
}

function models(desk, { engine, gpus }) {
  const { t } = desk;
  const rows = engine.models.map((one) => [one.name, sizeOf(desk, one.memory_bytes), String(one.max_parallel)]);
  const content = rows.length ? table([[t("model")], [t("memory"), "number"], [t("parallel"), "number"]], rows) : h("p.none", {}, t("no_models"));
  return [content, ...gpus.map((one) => h("p.hint", {}, t("gpu", { name: one.name, size: sizeOf(desk, one.memory_bytes) })))];
}

function memory(desk, found) {
  const { t } = desk;
  const { total, used, bot, worker, models: loaded } = found.memory;
  const gpu = found.gpus[0]?.memory_bytes;
  const bars = [
    [t("machine_memory"), used, total],
    [t("device_memory"), loaded, gpu || total],
    [t("worker_memory"), worker, total],
    [t("bot_memory"), bot, total],
  ];
  return bars.map(([name, value, all]) => {
    const said = t("of_total", { used: sizeOf(desk, value), total: sizeOf(desk, all) });
    // Whole percents: a bar that trembles says nothing more.
    return h("label.meter", {}, h("span", {}, name, h("b", {}, said)), h("meter", { min: 0, max: 100, high: 90, value: Math.round((100 * value) / all), "aria-valuetext": said }));
  });
}

function platforms(desk, found) {
  return h("ul.states", {}, found.map((one) => h("li", {}, h("span", {}, one.name), h(`span.state.is-${PLATFORM_TONES[one.online]}`, {}, desk.t(one.online ? "online" : "offline_platform")))));
}

function pauses(desk, found) {
  const { t } = desk;
  if (!found.length) return h("p.none", {}, t("no_pauses"));
  const time = new Intl.DateTimeFormat(desk.language, { dateStyle: "short", timeStyle: "short", timeZone: desk.timezone });
  const place = (key) => (key === "everywhere" ? t("everywhere") : key.startsWith("community:") ? t("community_place", { name: placeName(key) }) : key);
  const rows = found.map((one) => [place(one.place), t(`what_${one.what}`), one.until ? time.format(new Date(one.until)) : t("until_ended"), one.panic ? t("panic") : one.reason]);
  return table([[t("place")], [t("what")], [t("until")], [t("reason")]], rows);
}

function rooms(desk, found) {
  const { t } = desk;
  if (!found.length) return h("p.none", {}, "–");
  return table([[t("room")], [t("people_here"), "number"]], found.map((one) => [one.open ? one.name : `${one.name} (${t("closed_room")})`, String(one.people)]));
}
