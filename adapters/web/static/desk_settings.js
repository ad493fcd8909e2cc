// The settings of a community and its channels; each is kept at once, as the command of the chats would.

import { h } from "/static/desk_elements.js";
import { placeName } from "/static/desk_names.js";

export async function open(main, desk) {
  const { t } = desk;
  const community = h("select", { onchange: load, "aria-label": t("community") });
  const sheet = h("div.sheet.settings");
  main.append(h("div.bar", {}, h("h1", {}, t("settings")), h("span.space"), community), sheet);
  let found = null;

  async function load() {
    try {
      found = await desk.get(`/desk/api/settings?${new URLSearchParams({ community: community.value })}`);
    } catch (error) {
      desk.say(error.message);
      return;
    }
    community.replaceChildren(...found.communities.map((one) => h("option", { value: one }, placeName(one))));
    community.value = found.community;
    const opened = sheet.querySelector("details.file")?.open;
    sheet.replaceChildren(whole(), channels(), found.owner ? file(desk, opened) : "");
  }

  // Keep one setting; what is shown afterwards is what the bot has. The focus stays where it was.
  async function change(what, value, more = {}) {
    const key = document.activeElement?.dataset.key;
    try {
      const { told } = await desk.post("/desk/api/settings", { community: found.community, what, value, ...more });
      desk.say(told.replaceAll("**", ""));
    } catch (error) {
      desk.say(error.message);
    }
    await load();
    if (key) sheet.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  function choice(what, { label, values, value, channel = "", named = (one) => one, empty = "" }) {
    const options = values.map((one) => h("option", { value: one }, named(one)));
    if (empty && !values.includes(value)) options.unshift(h("option", { value: "", disabled: true }, empty));
    const select = h("select", { "aria-label": label, "data-key": `${what} ${channel}`, onchange: () => change(what, select.value, channel ? { channel } : {}) }, options);
    select.value = values.includes(value) ? value : "";
    return select;
  }

  function whole() {
    const { choices } = found;
    const field = (name, input) => h("label.field", {}, h("span", {}, t(name)), input);
    const languages = new Intl.DisplayNames([desk.language], { type: "language" });
    const level = (one) => (one === "default" ? t("default_level", { level: t(`level_${found.level_now}`) }) : t(`level_${one}`));
    const channelNames = new Map(found.channels.map((one) => [one.key, one.name]));
    if (found.moderators && !channelNames.has(found.moderators)) channelNames.set(found.moderators, found.moderators);
    return h("section.card", { "aria-label": t("community_settings") }, h("h2", {}, t("community_settings")),
      h("div.filters", {},
        field("language", choice("language", { label: t("language"), values: choices.language, value: found.language, named: (one) => languages.of(one), empty: t("default") })),
        field("level", choice("level", { label: t("level"), values: choices.level, value: found.level, named: level })),
        field("shadow", choice("shadow", { label: t("shadow"), values: choices.shadow, value: found.shadow, named: (one) => t(one) })),
        field("moderators", choice("moderators", { label: t("moderators"), values: [...channelNames.keys()], value: found.moderators, named: (one) => channelNames.get(one), empty: t("none_chosen") }))),
      h("p.hint", {}, h("a", { href: "/desk/verdicts" }, t("thresholds_link"))),
      pauses(found.pauses, ""));
  }

  // What the bot looks like in a channel, and having that drawn anew.
  function look(channel) {
    if (!channel.face && !found.draws) return "";
    const picture = channel.face && h("img", { src: channel.face.url, alt: channel.face.alt, width: 64, height: 64 });
    if (!found.draws) return h("div.look", {}, picture);
    const text = h("input", { type: "text", maxlength: 200, "aria-label": t("redraw_text"), placeholder: t("redraw_hint"), dir: "auto" });
    const button = h("button.button", { "data-key": `redraw ${channel.key}` }, t("redraw"));
    const submit = async (event) => {
      event.preventDefault();
      button.disabled = true;
      await change("redraw", channel.persona, { channel: channel.key, text: text.value });
      button.disabled = false;
    };
    return h("form.look", { onsubmit: submit }, picture, h("label.field", {}, h("span", {}, t("redraw_text")), text), button);
  }

  function pauses(rests, channel) {
    const time = new Intl.DateTimeFormat(desk.language, { dateStyle: "short", timeStyle: "short", timeZone: desk.timezone });
    const where = channel ? { channel } : {};
    const list = rests.map((one) => h("li", {}, h("span.state.is-wait", {}, t(`what_${one.what}`)), one.until && h("span", {}, t("until", { time: time.format(new Date(one.until)) })), one.reason && h("span", { dir: "auto" }, one.reason), h("button.button", { type: "button", onclick: () => change("resume", one.what, where) }, t("end_pause"))));
    const what = h("select", { "aria-label": t("pause_what") }, found.choices.pause.map((one) => h("option", { value: one }, t(`what_${one}`))));
    what.value = "everything";
    const text = h("input", { type: "text", maxlength: 250, "aria-label": t("pause_text"), placeholder: t("pause_text_hint"), dir: "auto" });
    const begin = h("form.pause", { onsubmit: (event) => { event.preventDefault(); change("pause", what.value, { ...where, text: text.value }); } }, what, text, h("button.button", {}, t("begin_pause")));
    return h("div.pauses", {}, h("h3", {}, t("pauses")), rests.length ? h("ul", {}, list) : h("p.hint", {}, t("no_pauses")), begin);
  }

  function channels() {
    const card = h("section.card", { "aria-label": t("channels") }, h("h2", {}, t("channels")), h("p.hint", {}, t("channels_hint")));
    if (!found.channels.length) card.append(h("p.none", {}, t("no_channels")));
    for (const one of found.channels) {
      const select = (what, value, named) => h("label.field", {}, h("span", {}, t(what)), choice(what, { label: `${t(what)}: ${one.name}`, values: found.choices[what], value, channel: one.key, named, empty: t("default") }));
      card.append(h("details.channel", {}, h("summary", { dir: "auto", "data-key": `open ${one.key}` }, one.name, one.pauses.length > 0 && h("span.state.is-wait", {}, t("pauses"))),
        h("div.filters", {}, select("talk", one.talk, (value) => t(`talk_${value}`)), select("persona", one.persona), select("model", one.model)),
        look(one), pauses(one.pauses, one.key)));
    }
    const opened = new Set([...sheet.querySelectorAll("details.channel[open] summary")].map((summary) => summary.dataset.key));
    for (const summary of card.querySelectorAll("details.channel summary")) summary.parentElement.open = opened.has(summary.dataset.key);
    return card;
  }

  await load();
}

function file(desk, isOpen) {
  const { t } = desk;
  const text = h("pre", { tabindex: 0, role: "group", "aria-label": t("file") });
  const details = h("details.file", {}, h("summary", {}, t("show_file")), text);
  details.addEventListener("toggle", async () => {
    if (!details.open || text.textContent) return;
    try {
      text.textContent = (await desk.get("/desk/api/settings/file")).text;
    } catch (error) {
      desk.say(error.message);
    }
  });
  details.open = Boolean(isOpen);
  return h("section.card", { "aria-label": t("file") }, h("h2", {}, t("file")), h("p.hint", {}, t("file_hint")), details);
}
