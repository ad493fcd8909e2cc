// The messages of a room. It follows the newest one until the reader scrolls up.

import { MessageView } from "/static/message_view.js";

const NEAR_END = 80; // pixels
const TOGETHER_MS = 5 * 60 * 1000;

export const MessageList = {
  components: { MessageView },
  inject: ["t", "dayName"],
  props: { room: String, messages: Array, hasEarlier: Boolean, me: Object, isWriting: Boolean, botName: String, isQuiet: Boolean, isLoading: Boolean, face: Object },
  emits: ["earlier", "reply", "press", "react", "vote"],
  data: () => ({ isFollowing: true, hasNew: false }),
  computed: {
    byId() { return Object.fromEntries(this.messages.map((one) => [one.id, one])); },
    rows() {
      return this.messages.map((message, index) => {
        const before = this.messages[index - 1];
        const day = new Date(message.time).toDateString();
        const isNewDay = !before || new Date(before.time).toDateString() !== day;
        const isTogether = before && !isNewDay && !message.reply_to && before.author_id === message.author_id
          && before.author === message.author && before.private === message.private
          && new Date(message.time) - new Date(before.time) < TOGETHER_MS;
        return { message, isFirst: !isTogether, day: isNewDay ? this.dayName(message.time) : "" };
      });
    },
    isAnswering() { return this.isWriting && !this.messages.some((one) => one.growing); },
  },
  mounted() {
    this.sizes = new ResizeObserver(() => this.follow());
    this.sizes.observe(this.$refs.content);
    this.sizes.observe(this.$refs.scroller);
  },
  unmounted() { this.sizes.disconnect(); },
  methods: {
    follow() {
      const scroller = this.$refs.scroller;
      if (!scroller) return;
      if (this.isFollowing) scroller.scrollTop = scroller.scrollHeight;
      else if (this.distance() > NEAR_END) this.hasNew = this.lastSeen !== this.messages.at(-1)?.id;
    },
    distance() {
      const scroller = this.$refs.scroller;
      return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    },
    onScroll() {
      const isUp = this.$refs.scroller.scrollTop < (this.lastTop ?? 0);
      this.lastTop = this.$refs.scroller.scrollTop;
      const isNear = this.distance() < NEAR_END;
      // Growing text moves the end away without anybody scrolling: only going up stops.
      if (isNear) { this.isFollowing = true; this.hasNew = false; }
      else if (isUp && this.isFollowing) { this.isFollowing = false; this.lastSeen = this.messages.at(-1)?.id; }
    },
    toEnd() {
      this.isFollowing = true;
      this.hasNew = false;
      this.follow();
    },
    async keepPlace(change) {
      const scroller = this.$refs.scroller;
      const fromEnd = scroller.scrollHeight - scroller.scrollTop;
      this.isFollowing = false;
      this.lastSeen = this.messages.at(-1)?.id;
      await change();
      await this.$nextTick();
      scroller.scrollTop = scroller.scrollHeight - fromEnd;
    },
    goto(id) {
      const element = document.getElementById(`m-${id}`);
      if (!element) return;
      this.isFollowing = false;
      element.scrollIntoView({ block: "center" });
      element.classList.add("is-found");
      setTimeout(() => element.classList.remove("is-found"), 1600);
    },
  },
  template: `
    <div class="list">
      <div class="scroller" ref="scroller" @scroll.passive="onScroll" role="log" aria-live="polite" tabindex="0" :aria-label="room">
        <div class="content" :class="{ 'is-quiet': isQuiet }" ref="content">
          <button v-if="hasEarlier" type="button" class="earlier" @click="$emit('earlier')">{{ t("earlier") }}</button>
          <div v-if="!messages.length && !isLoading" class="empty">
            <svg viewBox="0 0 24 24" aria-hidden="true"><use href="#flame" /></svg>
            <p>{{ t(isQuiet ? "empty_quiet_room" : "empty_room") }}</p>
          </div>
          <template v-for="row in rows" :key="row.message.id">
            <div v-if="row.day" class="day" role="separator"><span>{{ row.day }}</span></div>
            <message-view :message="row.message" :quoted="byId[row.message.reply_to]" :is-first="row.isFirst || !!row.day"
              :is-mine="row.message.author_id === me.id" :can-write="!!me.name" :face="face"
              @reply="$emit('reply', $event)" @press="(message, index) => $emit('press', message, index)" @goto="goto"
              @react="(...what) => $emit('react', ...what)" @vote="(...what) => $emit('vote', ...what)" />
          </template>
          <div class="writing" :class="{ 'is-on': isAnswering }" role="status">
            <template v-if="isAnswering"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>{{ t("bot_writes", { name: botName }) }}</template>
          </div>
        </div>
      </div>
      <button v-if="hasNew" type="button" class="to-end" @click="toEnd">{{ t("go_to_newest") }} ↓</button>
    </div>`,
};
