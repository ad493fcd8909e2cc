// The review queue: posts that wait for moderators, and what they say about them.

import { dialog, h, icon } from "/static/desk_elements.js";
import { facts } from "/static/desk_review_facts.js";
import { dateTime, fromNow, htmlText, postView } from "/static/desk_post_view.js";
import { ask } from "/static/desk_typing.js";

const REFRESH_MS = 30000;
const KEYS = [["j", "k"], ["a"], ["e"], ["r"], ["?"]];
const KEY_TEXTS = ["key_move", "key_approve", "key_edit", "key_reject", "key_help"];

export async function open(main, desk) {
  const page = new ReviewPage(main, desk);
  desk.onChange(["posts", "reviews"], () => page.load());
  setInterval(() => page.tick(), REFRESH_MS);
  document.addEventListener("keydown", (event) => page.key(event));
  await page.load();
}

class ReviewPage {
  constructor(main, desk) {
    this.desk = desk;
    this.posts = [];
    this.post = null; // all about the one that is selected
    this.seen = new Map(); // posts as they were last: shown while the newest comes
    this.selected = decodeURIComponent(location.hash.slice(1));
    this.look = "";
    this.drawn = "";
    this.busy = new Set(); // posts about which an answer is awaited
    this.typing = null; // the open dialog, and the post that it is about
    this.count = h("span.tag");
    this.list = h("ul.queue", { "aria-label": desk.t("queue") });
    this.pane = h("section.pane", { tabindex: -1 });
    this.frame = h("div.review", {}, this.list, this.pane);
    const help = h("button.icon", { type: "button", title: desk.t("help"), "aria-label": desk.t("help"), "aria-keyshortcuts": "?", onclick: () => this.help() }, icon("keys"));
    main.append(h("div.bar", {}, h("h1", {}, desk.t("review")), this.count, h("span.space"), help), this.frame);
  }

  async load() {
    const { selected } = this;
    try {
      const { posts, post, gone } = await this.desk.get(`/desk/api/review?shown=${encodeURIComponent(selected)}`);
      if (selected !== this.selected) return; // meanwhile another was chosen
      this.posts = posts;
      this.post = post;
      if (post) this.seen.set(post.id, post);
      if (gone) this.left(gone);
      else this.selected = post?.id ?? "";
      this.draw(gone);
      await this.fetchNext();
    } catch (error) {
      this.desk.say(error.message);
    }
  }

  // So that the post below is there at once: its picture takes a while to draw.
  async fetchNext() {
    const index = this.posts.findIndex((one) => one.id === this.selected);
    const next = this.posts[index + 1];
    if (index < 0 || !next || this.seen.get(next.id)?.version === next.version) return;
    const { post } = await this.desk.get(`/desk/api/review?shown=${encodeURIComponent(next.id)}`);
    if (post) this.seen.set(post.id, post);
  }

  // Somebody was faster: what is being typed stays, the rest says who it was.
  left(gone) {
    if (this.typing?.id === gone.id && this.typing.element.open) this.typing.tell(this.desk.t("decided_meanwhile", gone), false);
  }

  draw(gone = null) {
    const { desk } = this;
    this.count.textContent = String(this.posts.length);
    this.count.hidden = this.posts.length === 0;
    this.frame.classList.toggle("is-empty", this.posts.length === 0 && !gone);
    const hadFocus = this.list.contains(document.activeElement);
    this.list.replaceChildren(...this.posts.map((post) => h("li", {}, this.entry(post))));
    if (hadFocus) this.list.querySelector("[aria-current]")?.focus();
    const wanted = JSON.stringify([gone ?? this.post, this.look, this.busy.has(this.selected)]);
    if (!gone && this.post && this.post.id !== this.selected) {
      this.pane.ariaBusy = "true";
      return;
    }
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    this.pane.ariaBusy = "false";
    const focused = this.pane.contains(document.activeElement) ? document.activeElement.dataset.key : "";
    const top = this.pane.querySelector(".scroll")?.scrollTop ?? 0;
    const isSame = this.pane.dataset.post === this.selected;
    this.pane.dataset.post = this.selected;
    if (gone) this.pane.replaceChildren(this.farewell(gone));
    else if (this.post) this.pane.replaceChildren(...this.detail(this.post));
    else this.pane.replaceChildren(h("div.empty-page", {}, icon("review"), h("p", {}, desk.t("no_posts"))));
    if (isSame && this.pane.querySelector(".scroll")) this.pane.querySelector(".scroll").scrollTop = top;
    if (focused) this.pane.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  entry(post) {
    const { desk } = this;
    const isLate = new Date(post.expires) - Date.now() < 3600000;
    return h(
      "button.entry",
      { type: "button", "data-id": post.id, "aria-current": post.id === this.selected ? "true" : null, onclick: () => this.select(post.id, true) },
      h("strong", { dir: "auto" }, post.title),
      h("span.entry-line", {}, h("span", {}, post.kind), h(`time${isLate ? ".is-late" : ""}`, { datetime: post.expires, title: dateTime(desk, post.expires) }, fromNow(desk, post.expires)),
        post.approvals > 1 && h("span.state.is-cool", {}, desk.t("approvals_of", post)),
        post.is_noticed && h("span.state.is-wait", {}, desk.t("safety"))),
    );
  }

  select(id, isOpening = false) {
    this.selected = id;
    this.look = "";
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    this.frame.classList.toggle("is-open", isOpening || this.frame.classList.contains("is-open"));
    this.post = this.seen.get(id) ?? this.post;
    this.draw();
    this.load();
    const entry = this.list.querySelector("[aria-current]");
    entry?.scrollIntoView({ block: "nearest" });
    // On a phone the queue gives way to the post: so does the focus.
    if (isOpening && entry?.offsetParent === null) this.pane.focus();
    else entry?.focus();
  }

  step(by) {
    const index = this.posts.findIndex((one) => one.id === this.selected);
    const next = this.posts[Math.min(Math.max(index + by, 0), this.posts.length - 1)];
    if (next) this.select(next.id);
  }

  detail(post) {
    const { desk } = this;
    const back = h("button.icon.back", { type: "button", "aria-label": desk.t("back"), "data-key": "back", onclick: () => this.close() }, "←");
    const heading = h("div.heading", {}, back, h("h2", { dir: "auto" }, post.title), this.looks(post));
    const body = h("div.scroll", {}, h("div.sheet", {}, this.shown(post)), facts(desk, post));
    return [heading, body, this.actions(post)];
  }

  looks(post) {
    const { desk } = this;
    if (!post.previews.length) return null;
    const names = ["", ...post.previews.map((one) => one.platform)];
    return h("div.segments", { role: "group" }, names.map((name) => h("button", {
      type: "button",
      "data-key": `look-${name}`,
      "aria-pressed": String(name === this.look),
      onclick: () => { this.look = name; this.draw(); },
    }, name ? desk.t("as_on", { platform: name[0].toUpperCase() + name.slice(1) }) : desk.t("as_post"))));
  }

  shown(post) {
    const { desk } = this;
    const preview = post.previews.find((one) => one.platform === this.look);
    if (!preview) return postView(desk, post);
    const count = preview.parts.length;
    return h("div.preview", {},
      h("p.preview-count", {}, desk.t(count === 1 ? "num_messages_one" : "num_messages", { count })),
      preview.parts.map((part, index) => h(`div.preview-part.is-${part.kind}`, {},
        h("p.preview-label", {}, `${desk.t("message_of", { number: index + 1, count })} · ${part.label}`),
        ["caption", "picture", "card"].includes(part.kind) && post.picture && h("img.cover", { src: post.picture.url, alt: "" }),
        htmlText(part.html, "div.message.text-frame"))));
  }

  actions(post) {
    const { desk } = this;
    const redrawn = post.presses.findLastIndex((one) => one.action === "redraw");
    const isMine = post.presses.slice(redrawn + 1).some((one) => one.mine && one.action === "approve");
    const button = (key, call, look = "", shortcut = null) => h(`button.button${look}`, { type: "button", "data-key": key, "aria-disabled": this.busy.has(post.id) ? "true" : null, "aria-keyshortcuts": shortcut, onclick: call }, desk.t(key), shortcut && h("kbd", { "aria-hidden": "true" }, shortcut));
    const rest = [
      button("again", () => this.again(post)),
      button("shorter", () => this.say(post, "shorter")),
      button("longer", () => this.say(post, "longer")),
      post.picture && button("redraw", () => this.say(post, "redraw")),
      button("later", () => this.say(post, "later")),
    ].filter(Boolean);
    const more = h("details.more", {}, h("summary.button", { "data-key": "more" }, desk.t("more")), h("div.more-list", {}, rest.map((one) => one.cloneNode(true))));
    more.querySelectorAll(".more-list button").forEach((one, index) => { one.onclick = rest[index].onclick; });
    return h("div.decide", { role: "group", "aria-label": desk.t("review") },
      isMine && h("p.already", {}, desk.t("already_yours")),
      button("approve", () => this.say(post, "approve"), ".primary", "a"),
      button("edit", () => this.edit(post), "", "e"),
      button("reject", () => this.reject(post), ".danger", "r"),
      h("div.rest", {}, rest),
      more);
  }

  farewell(gone) {
    const { desk } = this;
    const next = h("button.button.primary", { type: "button", onclick: () => { this.selected = ""; this.close(); this.load(); } }, desk.t("back"));
    return h("div.empty-page", { role: "status" }, icon("review"), h("p", { dir: "auto" }, desk.t(gone.is_rewritten ? "rewritten" : "gone", gone)), next);
  }

  close() {
    this.frame.classList.remove("is-open");
    this.list.querySelector("[aria-current]")?.focus();
  }

  async say(post, action, note = "") {
    if (this.busy.has(post.id)) return;
    this.busy.add(post.id);
    if (action === "redraw") this.desk.say(this.desk.t("drawing"), true);
    this.draw();
    try {
      const answer = await this.desk.post(`/desk/api/review/${encodeURIComponent(post.id)}`, { action, note, version: post.version });
      this.desk.say(answer.told);
      if (answer.settled) this.moveOn(post.id);
    } catch (error) {
      this.desk.say(error.message, true);
    } finally {
      this.busy.delete(post.id);
      await this.load();
    }
  }

  // From a post that is decided to the one below it.
  moveOn(id) {
    if (this.selected !== id) return;
    const index = this.posts.findIndex((one) => one.id === id);
    this.selected = (this.posts[index + 1] ?? this.posts[index - 1])?.id ?? "";
    this.look = "";
    history.replaceState(null, "", `#${encodeURIComponent(this.selected)}`);
    if (!this.selected) this.frame.classList.remove("is-open");
  }

  again(post) {
    this.ask(post, {
      title: this.desk.t("again"),
      fields: [{ name: "note", label: this.desk.t("note"), hint: this.desk.t("again_hint"), rows: 3, max: 500 }],
      label: this.desk.t("write_again"),
      action: "again",
    });
  }

  reject(post) {
    this.ask(post, {
      title: this.desk.t("reject_title", post),
      fields: [{ name: "note", label: this.desk.t("note"), hint: this.desk.t("note_hint"), rows: 3, max: 500 }],
      label: this.desk.t("reject"),
      isDanger: true,
      action: "reject",
    });
  }

  edit(post) {
    const { desk } = this;
    this.ask(post, {
      title: desk.t("edit_title"),
      fields: [
        { name: "title", label: desk.t("title"), value: post.title, max: 200, required: true },
        { name: "body", label: desk.t("body"), hint: desk.t("body_hint"), value: post.body, rows: 16, max: 20000, required: true },
      ],
      label: desk.t("save"),
      path: "/text",
    });
  }

  ask(post, { action = "", path = "", ...question }) {
    const { desk } = this;
    this.typing = ask(desk, {
      ...question,
      key: `${action || "edit"}.${post.id}`,
      send: async (values) => {
        // The version that they saw: somebody may have changed it while they typed.
        const answer = await desk.post(`/desk/api/review/${encodeURIComponent(post.id)}${path}`, { action, version: post.version, ...values });
        desk.say(answer.told);
        if (answer.settled) this.moveOn(post.id);
        await this.load();
      },
    });
    this.typing.id = post.id;
  }

  help() {
    const { desk } = this;
    const rows = KEYS.map((keys, index) => h("li", {}, h("span", {}, keys.map((key) => h("kbd", {}, key))), desk.t(KEY_TEXTS[index])));
    dialog(desk.t("help"), desk, h("ul.keys", {}, rows));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select")) return;
    const isInQueue = this.list.contains(event.target);
    const post = this.post?.id === this.selected && !this.busy.has(this.selected) ? this.post : null; // never one that is not seen yet
    const call = {
      j: () => this.step(1),
      k: () => this.step(-1),
      ArrowDown: isInQueue && (() => this.step(1)),
      ArrowUp: isInQueue && (() => this.step(-1)),
      a: post && (() => this.say(post, "approve")),
      e: post && (() => this.edit(post)),
      r: post && (() => this.reject(post)),
      "?": () => this.help(),
    }[event.key];
    if (!call || event.repeat && "aer".includes(event.key)) return;
    event.preventDefault();
    call();
  }

  tick() {
    for (const time of this.frame.querySelectorAll("time[data-from-now], .entry time")) time.textContent = fromNow(this.desk, time.dateTime);
  }
}
