// The list of posts: found by what is known of them, each with its history.

import { dialog, h, icon } from "/static/desk_elements.js";
import { dateTime, postView } from "/static/desk_post_view.js";
import { ask } from "/static/desk_typing.js";

const TYPING_MS = 250;

export async function open(main, desk) {
  const page = new PostsPage(main, desk);
  desk.onChange(["posts"], () => page.refresh());
  await page.load();
  const id = decodeURIComponent(location.hash.slice(1));
  if (id) await page.open(id);
}

class PostsPage {
  constructor(main, desk) {
    this.desk = desk;
    this.posts = [];
    this.next = 0;
    this.asked = 0; // the newest question: answers to older ones come too late
    this.opened = null;
    const change = () => this.load();
    const select = (name) => h("select", { "aria-label": desk.t(name), onchange: change });
    this.filters = { status: select("status"), kind: select("kind"), schedule: select("schedule") };
    this.search = h("input", { type: "search", "aria-label": desk.t("search"), placeholder: desk.t("search"), maxlength: 200, oninput: () => this.typed() });
    this.list = h("ul.posts-list", { "aria-label": desk.t("posts") });
    this.more = h("button.button.more-posts", { type: "button", hidden: true, onclick: () => this.earlier() }, desk.t("more_posts"));
    main.append(
      h("div.bar", {}, h("h1", {}, desk.t("posts")), h("div.filters", { role: "search" }, this.search, Object.values(this.filters))),
      h("div.posts", {}, this.list, this.more),
    );
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), TYPING_MS);
  }

  get query() {
    const values = Object.entries(this.filters).map(([name, select]) => [name, select.value]);
    return new URLSearchParams([...values, ["text", this.search.value]]);
  }

  async page(before = 0) {
    const asked = ++this.asked;
    const query = this.query;
    query.set("before", before);
    try {
      const page = await this.desk.get(`/desk/api/posts?${query}`);
      if (asked !== this.asked) return null;
      this.choices(page);
      return page;
    } catch (error) {
      this.desk.say(error.message);
      return null;
    }
  }

  async load() {
    const page = await this.page();
    if (page) this.draw(page.posts, page.next);
  }

  // As many as were shown, so that nobody loses their place.
  async refresh() {
    const wanted = this.posts.length;
    let posts = [];
    let next = 0;
    do {
      const page = await this.page(next);
      if (!page) return;
      posts = [...posts, ...page.posts];
      next = page.next;
    } while (next && posts.length < wanted);
    this.draw(posts, next);
    if (this.opened?.element.open) await this.fill(this.opened);
  }

  async earlier() {
    const page = await this.page(this.next);
    if (page) this.draw([...this.posts, ...page.posts], page.next);
  }

  choices({ statuses, kinds, schedules }) {
    const { desk } = this;
    const named = (names) => names.map((name) => ({ name, label: name }));
    const fill = (select, all, options) => {
      if (select.options.length === options.length + 1) return;
      const { value } = select;
      select.replaceChildren(h("option", { value: "" }, desk.t(all)), ...options.map((one) => h("option", { value: one.name }, one.label)));
      select.value = value;
    };
    fill(this.filters.status, "all_statuses", statuses);
    fill(this.filters.kind, "all_kinds", named(kinds));
    fill(this.filters.schedule, "all_schedules", named(schedules));
  }

  draw(posts, next) {
    const { desk } = this;
    this.posts = posts;
    this.next = next;
    this.more.hidden = !next;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.id : "";
    const isFiltered = [...this.query.values()].some(Boolean);
    const none = h("li.empty-page", {}, icon("posts"), h("p", {}, desk.t(isFiltered ? "no_found" : "no_posts")));
    this.list.replaceChildren(...(posts.length ? posts.map((post) => h("li", {}, this.row(post))) : [none]));
    if (focused) this.list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  row(post) {
    const { desk } = this;
    return h("button", { type: "button", "data-id": post.id, onclick: () => this.open(post.id) },
      h("strong", { dir: "auto" }, post.title || post.topic),
      h("span.line", {}, h("time", { datetime: post.created }, dateTime(desk, post.created)), h("span", {}, post.kind), post.schedule && h("span", {}, post.schedule)),
      state(post));
  }

  async open(id) {
    const { desk } = this;
    const found = this.posts.find((one) => one.id === id);
    const body = h("div.post-detail");
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    const opened = { id, body, told: "", element: dialog(found?.title || found?.topic || id, desk, body) };
    this.opened = opened;
    opened.element.addEventListener("close", () => history.replaceState(null, "", location.pathname));
    await this.fill(opened);
  }

  async fill({ id, body, element }) {
    const { desk } = this;
    try {
      const post = await desk.get(`/desk/api/posts/${encodeURIComponent(id)}`);
      element.querySelector("h2").textContent = post.title || post.topic;
      body.replaceChildren(...this.detail(post));
    } catch (error) {
      body.replaceChildren(h("p.is-error", { role: "alert" }, error.message));
    }
  }

  detail(post) {
    const { desk } = this;
    const review = post.status === "pending_review" && h("a.button.primary", { href: `/desk/review#${encodeURIComponent(post.id)}` }, desk.t("to_review"));
    const hasText = post.html || post.picture;
    return [
      h("div.line", {}, state(post), h("span", {}, post.kind), post.schedule && h("span", {}, post.schedule), h("code", {}, post.id)),
      h("div.acts", {}, review, ...this.acts(post)),
      // In the dialog: what is said below it would lie behind it.
      h("p.told", { role: "status", hidden: !this.opened.told }, this.opened.told),
      hasText && h("div.body", { tabindex: 0, role: "group", "aria-label": post.title || post.topic }, postView(desk, post)),
      this.deliveries(post),
      this.history(post),
    ].filter(Boolean);
  }

  acts(post) {
    const { desk } = this;
    const button = (name, call, look = "") => h(`button.button${look}`, { type: "button", "data-key": name, onclick: call }, desk.t(name));
    return [
      post.may.retry && button("retry", () => this.act(post, "retry")),
      post.may.edit && button("edit", () => this.edit(post)),
      post.may.retract && button("retract", () => this.sure(post, "retract"), ".danger"),
      post.may.withdraw && button("withdraw", () => this.sure(post, "withdraw"), ".danger"),
    ];
  }

  // Do something with a post, and say what came of it.
  async act(post, path, body = {}) {
    const { desk } = this;
    try {
      const { told } = await desk.post(`/desk/api/posts/${encodeURIComponent(post.id)}/${path}`, body);
      this.opened.told = told;
    } catch (error) {
      this.opened.told = error.message;
    }
    await this.refresh();
  }

  sure(post, name) {
    const { desk } = this;
    const values = { title: post.title || post.topic };
    const yes = h("button.button.danger", { type: "button", onclick: () => { element.close(); this.act(post, "retract"); } }, desk.t(name));
    const no = h("button", { type: "button", autofocus: true, onclick: () => element.close() }, desk.t("cancel"));
    const element = dialog(desk.t(`${name}_title`), desk, h("p", { dir: "auto" }, desk.t(`${name}_sure`, values)), h("div.actions.typing", {}, no, yes));
    no.focus();
  }

  edit(post) {
    const { desk } = this;
    ask(desk, {
      title: desk.t("edit_out"),
      key: `edit.${post.id}`,
      fields: [
        { name: "title", label: desk.t("title"), value: post.title, max: 200, required: true },
        { name: "body", label: desk.t("body"), hint: desk.t("body_hint"), value: post.body, rows: 16, max: 20000, required: true },
      ],
      label: desk.t("save"),
      send: async (values) => {
        const { told } = await desk.post(`/desk/api/posts/${encodeURIComponent(post.id)}/text`, { ...values, version: post.updated });
        this.opened.told = told;
        await this.refresh();
      },
    });
  }

  deliveries(post) {
    const { desk } = this;
    const { deliveries } = post;
    const heading = h("h3", {}, desk.t("deliveries"));
    if (!deliveries.length) return h("section", {}, heading, h("p", {}, desk.t("no_deliveries")));
    const head = ["channel", "state", "attempts", "error"].map((name) => h("th", { scope: "col" }, desk.t(name)));
    const settle = (one, is_there) => () => this.act(post, "settle", { channel: one.channel, is_there });
    const rows = deliveries.map((one) => h("tr", {},
      h("td", {}, h("code", {}, one.channel), one.link && h("a", { href: one.link, target: "_blank", rel: "noopener noreferrer" }, desk.t("message"))),
      h("td", {}, state(one)),
      h("td", {}, String(one.attempts)),
      h("td", { dir: "auto" },
        [one.error, one.change, one.next && desk.t("next_try", { time: dateTime(desk, one.next) })].filter(Boolean).map((text) => h("p", {}, text)),
        one.state === "unknown" && h("p", {}, desk.t("unknown_hint")),
        one.state === "unknown" && h("div.acts", {}, h("button.button", { type: "button", onclick: settle(one, true) }, desk.t("is_there")), h("button.button", { type: "button", onclick: settle(one, false) }, desk.t("send_there"))))));
    return h("section", {}, heading, h("div.table", {}, h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows))));
  }

  history({ steps }) {
    const { desk } = this;
    const rows = [...steps].reverse().map((one) => h(`li${one.tone ? `.is-${one.tone}` : ""}`, {},
      h("strong", {}, one.label),
      one.reason && h("p", { dir: "auto" }, one.reason),
      h("small", {}, h("time", { datetime: one.time }, dateTime(desk, one.time)), " · ", h("span", { dir: "auto" }, one.actor))));
    return h("section", {}, h("h3", {}, desk.t("history")), h("ol.steps", {}, rows));
  }
}

function state({ label, tone }) {
  return h(`span.state${tone ? `.is-${tone}` : ""}`, {}, label);
}
