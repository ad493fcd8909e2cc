// The page: rooms at the side, a room in the middle, and what arrives from the server.

import { get, post, prepare } from "/static/api.js";
import { Composer } from "/static/composer.js";
import { AskForm, Dialog, NameForm, SignInForm } from "/static/dialogs.js";
import { Icons } from "/static/icons.js";
import { MessageList } from "/static/message_list.js";
import { Sidebar } from "/static/sidebar.js";

const ENDED = "hearthbot.seat-ended";

function stored(key, fallback) {
  try { return JSON.parse(localStorage.getItem(key)) ?? fallback; } catch { return fallback; }
}

export default {
  components: { AskForm, Composer, Modal: Dialog, Icons, MessageList, NameForm, Sidebar, SignInForm },
  props: { setup: Object },
  provide() {
    return {
      t: this.t,
      texts: this.setup.texts,
      clockTime: (time) => new Intl.DateTimeFormat(this.setup.language, { hour: "2-digit", minute: "2-digit" }).format(new Date(time)),
      dayName: this.dayName,
    };
  },
  data() {
    const names = this.setup.rooms.map((one) => one.name);
    const wanted = decodeURIComponent(location.hash.slice(1)) || stored("hearthbot.room", "");
    return {
      me: this.setup.me,
      room: names.includes(wanted) ? wanted : names[0],
      messages: Object.fromEntries(names.map((name) => [name, []])),
      hasEarlier: {},
      newest: { ...this.setup.newest },
      read: stored("hearthbot.read", {}),
      faces: {}, // what the bot looks like in each room
      people: [],
      isWriting: false,
      isLoading: true,
      isOnline: true,
      isSideOpen: false,
      dialog: "",
      asking: null,
      replyTo: null,
      notice: "",
      theme: stored("hearthbot.theme", "system"),
    };
  },
  computed: {
    here() { return this.messages[this.room]; },
    unread() {
      return Object.fromEntries(this.setup.rooms.map(({ name }) => [name, name !== this.room && (this.newest[name] ?? 0) > (this.read[name] ?? 0)]));
    },
    current() { return this.setup.rooms.find((one) => one.name === this.room); },
  },
  watch: {
    theme: { immediate: true, handler(theme) {
      localStorage.setItem("hearthbot.theme", JSON.stringify(theme));
      document.documentElement.dataset.theme = theme;
    } },
  },
  created() {
    prepare(this.setup.form_token, this.setup.texts.try_again);
    document.documentElement.lang = this.setup.language;
    globalThis.hearthbot = { receive: (event) => this.receive(event) };
  },
  mounted() {
    this.enter(this.room);
    this.$nextTick(() => {
      globalThis.socket?.on("disconnect", () => (this.isOnline = false));
      globalThis.socket?.on("connect", () => (this.isOnline = true));
    });
    document.addEventListener("visibilitychange", () => this.markRead());
    this.watchSeat(this.me.seat_s);
    this.say(sessionStorage.getItem(ENDED) ?? "");
    sessionStorage.removeItem(ENDED);
  },
  methods: {
    t(name, values = {}) {
      return (this.setup.texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
    },
    dayName(time) {
      const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(time).setHours(0, 0, 0, 0)) / 86400000);
      if (days === 0) return this.t("today");
      if (days === 1) return this.t("yesterday");
      return new Intl.DateTimeFormat(this.setup.language, { dateStyle: "full" }).format(new Date(time));
    },
    receive(event) {
      if (event.type === "message") this.place(event);
      else if (event.type === "grown") this.grow(event);
      else if (event.type === "feelings") this.feel(event);
      else if (event.type === "removed") this.messages[this.room] = this.here.filter((one) => one.id !== event.id);
      else if (event.type === "presence") this.people = event.people;
      else if (event.type === "face") this.faces[event.room] = event.face;
      else if (event.type === "reload") location.reload();
      else if (event.type === "writing" && event.room === this.room) this.isWriting = event.on;
      else if (event.type === "activity") {
        this.newest[event.room] = event.number;
        if (event.room === this.room) this.markRead();
      }
    },
    grow({ room, id, revision, keep, tail, buttons, preview }) {
      const known = this.messages[room].find((one) => one.id === id);
      if (!known || revision <= known.revision) return;
      if (revision > known.revision + 1) { this.load(room); return; } // something was missed
      Object.assign(known, { html: known.html.slice(0, keep) + tail, revision, buttons, growing: true });
      if (preview) known.preview = preview;
    },
    place(message) {
      const list = this.messages[message.room];
      const known = list.find((one) => one.id === message.id);
      if (known) {
        if (message.revision >= known.revision) Object.assign(known, message);
        return;
      }
      let index = list.length;
      while (index > 0 && list[index - 1].number > message.number) index -= 1;
      list.splice(index, 0, message);
    },
    async enter(room) {
      this.room = room;
      this.isSideOpen = false;
      this.replyTo = null;
      localStorage.setItem("hearthbot.room", JSON.stringify(room));
      history.replaceState(null, "", `#${encodeURIComponent(room)}`);
      await this.load(room);
      this.markRead();
      this.$nextTick(() => this.$refs.list?.toEnd());
    },
    async load(room, before = null) {
      this.isLoading = true;
      try {
        const query = before === null ? "" : `&before=${before}`;
        const page = await get(`/api/rooms/${encodeURIComponent(room)}?viewer=${this.setup.viewer}${query}`);
        for (const message of page.messages) this.place(message);
        this.hasEarlier[room] = page.has_earlier;
        this.faces[room] = page.face;
        if (before === null && room === this.room) this.isWriting = page.is_writing;
      } catch (error) {
        this.say(error.message);
      } finally {
        this.isLoading = false;
      }
    },
    earlier() { this.$refs.list.keepPlace(() => this.load(this.room, this.here[0]?.number ?? null)); },
    markRead() {
      if (document.hidden) return;
      this.read[this.room] = Math.max(this.read[this.room] ?? 0, this.newest[this.room] ?? 0);
      localStorage.setItem("hearthbot.read", JSON.stringify(this.read));
    },
    feel({ room, id, reactions, votes }) {
      const known = this.messages[room].find((one) => one.id === id);
      if (known) Object.assign(known, { reactions, votes });
    },
    async react(message, emoji, on) { await this.felt(message, "/api/react", { message: message.id, emoji, on }); },
    async vote(message, answer) { await this.felt(message, "/api/vote", { message: message.id, answer }); },
    async felt(message, path, body) {
      try {
        Object.assign(message, await post(path, body));
      } catch (error) {
        this.say(error.message);
      }
    },
    async press(message, button) {
      const question = message.questions?.[button];
      if (question) this.asking = { message, button, label: message.buttons[button], ...question };
      else await this.attempt("/api/press", { message: message.id, button });
    },
    async answer(text) {
      const { message, button } = this.asking;
      this.asking = null;
      await this.attempt("/api/press", { message: message.id, button, text });
    },
    async attempt(path, body, isReloading = false) {
      try {
        await post(path, body);
        if (isReloading) location.reload();
      } catch (error) {
        this.say(error.message);
      }
    },
    // When the seat ends, what only moderators see goes from the screen too.
    watchSeat(left_s) {
      if (left_s) setTimeout(() => this.askSeat(), (left_s + 1) * 1000);
    },
    async askSeat() {
      let left_s = 60; // until it is asked again where the server is not reached
      try {
        left_s = (await get("/api/seat")).seat_s;
      } catch (error) {
        if (error.status) left_s = 0;
      }
      if (left_s) return this.watchSeat(left_s);
      sessionStorage.setItem(ENDED, this.t("seat_ended"));
      location.reload();
    },
    say(text) {
      this.notice = text;
      clearTimeout(this.noticeTimer);
      this.noticeTimer = setTimeout(() => (this.notice = ""), 6000);
    },
    named(name) {
      this.me.name = name;
      this.dialog = "";
    },
    sent() {
      this.replyTo = null;
      this.$refs.list.toEnd();
    },
  },
  template: `
    <div class="hearth" :class="{ 'is-side-open': isSideOpen }">
      <icons />
      <sidebar :bot-name="setup.bot_name" :rooms="setup.rooms" :room="room" :people="people" :me="me" :languages="setup.languages"
        :language="setup.language" :unread="unread" :theme="theme" :face="faces[room]" @enter="enter" @close="isSideOpen = false" @rename="dialog = 'name'"
        @sign-in="dialog = 'sign-in'" @sign-out="attempt('/api/sign-out', {}, true)" @language="attempt('/api/language', { language: $event }, true)" @theme="theme = $event" />
      <div class="veil" @click="isSideOpen = false"></div>
      <div class="middle">
        <header class="top">
          <button type="button" class="icon open" :aria-label="t('open_rooms')" @click="isSideOpen = true"><svg viewBox="0 0 24 24" aria-hidden="true"><use href="#menu" /></svg>
            <span v-if="Object.values(unread).some(Boolean)" class="unread"></span></button>
          <h2><svg v-if="current.note" viewBox="0 0 24 24" aria-hidden="true"><use href="#lock" /></svg><span v-else aria-hidden="true">#</span> {{ room }}</h2>
          <span v-if="current.note" class="tag">{{ current.note }}</span>
          <a v-if="setup.desk" class="to-desk" :href="setup.desk">{{ t("desk") }}</a>
        </header>
        <p v-if="!isOnline" class="offline" role="alert">{{ t("offline") }}</p>
        <message-list ref="list" :key="room" :messages="here" :has-earlier="!!hasEarlier[room]" :me="me" :is-writing="isWriting" :bot-name="setup.bot_name"
          :room="room" :is-quiet="!current.talk" :is-loading="isLoading" :face="faces[room]" @earlier="earlier" @reply="replyTo = $event" @press="press" @react="react" @vote="vote" />
        <p v-if="notice" class="notice" role="alert">{{ notice }}</p>
        <name-form v-if="!me.name" name="" is-welcome @named="named" />
        <composer v-else :room="room" :commands="setup.commands" :limits="setup.limits" :reply-to="replyTo" @sent="sent" @cancel-reply="replyTo = null" />
      </div>
      <modal v-if="dialog" @close="dialog = ''">
        <name-form v-if="dialog === 'name'" :name="me.name" @named="named" @cancel="dialog = ''" />
        <sign-in-form v-else @cancel="dialog = ''" />
      </modal>
      <modal v-if="asking" class="is-wide" @close="asking = null">
        <ask-form :label="asking.label" :asks="asking.asks" :prefill="asking.prefill" @answered="answer" @cancel="asking = null" />
      </modal>
    </div>`,
};
