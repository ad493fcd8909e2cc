// One message: who, when, what, and what can be done with it.

import { Poll, Reactions } from "/static/feelings.js";
import { growingHtml } from "/static/growing_html.js";

const HUES = [18, 42, 96, 150, 188, 214, 262, 318];

function hueOf(id) {
  let sum = 2166136261;
  for (const character of id) sum = Math.imul(sum ^ character.codePointAt(0), 16777619) >>> 0;
  return HUES[(sum >>> 8) % HUES.length];
}

function initialsOf(name) {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? "?"];
  return letters.map((word) => [...word][0] ?? "?").join("").toUpperCase();
}

export const Avatar = {
  props: { id: String, name: String, bot: Boolean, face: Object, alt: { type: String, default: "" } },
  data: () => ({ broken: "" }),
  computed: {
    isFace() { return this.bot && this.face && this.face.url !== this.broken; },
    initials() { return initialsOf(this.name); },
    hue() { return hueOf(this.id); },
  },
  template: `
    <img v-if="isFace" class="avatar is-face" :src="face.url" :alt="alt" :title="alt || null" width="36" height="36" decoding="async" @error="broken = face.url">
    <span v-else-if="bot" class="avatar is-bot" aria-hidden="true"><svg viewBox="0 0 24 24"><use href="#flame" /></svg></span>
    <span v-else class="avatar" :style="{ '--hue': hue }" aria-hidden="true">{{ initials }}</span>`,
};

export const MessageView = {
  components: { Avatar, Poll, Reactions },
  directives: { growingHtml },
  inject: ["t", "texts", "clockTime"],
  props: { message: Object, quoted: Object, isFirst: Boolean, isMine: Boolean, canWrite: Boolean, face: Object },
  emits: ["reply", "press", "goto", "react", "vote"],
  computed: {
    size() {
      return (bytes) => bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
    },
    snippet() {
      return this.quoted ? this.quoted.text.replace(/\s+/g, " ").slice(0, 140) : this.t("quote_gone");
    },
  },
  template: `
    <article class="message" :class="{ 'is-first': isFirst, 'is-mine': isMine, 'is-bot': message.bot, 'is-growing': message.growing }"
        :id="'m-' + message.id" :aria-busy="message.growing" :aria-label="message.author">
      <div class="gutter"><avatar v-if="isFirst" :id="message.author_id" :name="message.author" :bot="message.bot" :face="face" /></div>
      <div class="body">
        <header v-if="isFirst">
          <span class="author" dir="auto">{{ message.author }}</span>
          <span v-if="message.bot" class="tag">{{ t("bot") }}</span>
          <span v-if="message.private" class="tag is-quiet">{{ t("only_you") }}</span>
          <time :datetime="message.time">{{ clockTime(message.time) }}</time>
        </header>
        <button v-if="message.reply_to" type="button" class="quote" @click="$emit('goto', message.reply_to)">
          <strong v-if="quoted" dir="auto">{{ quoted.author }}</strong><span dir="auto">{{ snippet }}</span>
        </button>
        <div class="text" dir="auto" v-growing-html="{ html: message.html, texts }"></div>
        <img v-if="message.preview" class="preview" :src="message.preview.url" :alt="message.preview.alt">
        <ul v-if="message.files.length" class="files">
          <li v-for="file in message.files" :key="file.url">
            <a :href="file.url" target="_blank" :class="{ picture: file.picture }" :download="file.picture ? null : file.name">
              <img v-if="file.picture" :src="file.url" :alt="file.alt" loading="lazy">
              <template v-else><svg viewBox="0 0 24 24" aria-hidden="true"><use href="#file" /></svg>
                <span dir="auto">{{ file.name }}</span><small>{{ size(file.size) }}</small></template>
            </a>
          </li>
        </ul>
        <div v-if="message.buttons.length" class="buttons">
          <button v-for="(label, index) in message.buttons" :key="index" type="button" :disabled="!canWrite"
              @click="$emit('press', message, index)">{{ label }}</button>
        </div>
        <poll v-if="message.poll" :message="message" :can-write="canWrite" @vote="(answer) => $emit('vote', message, answer)" />
        <reactions v-if="message.is_post" :message="message" :can-write="canWrite" @react="(emoji, on) => $emit('react', message, emoji, on)" />
        <small v-if="message.edited" class="edited">{{ t("edited") }}</small>
      </div>
      <div class="tools" v-if="canWrite && !message.growing">
        <button type="button" :title="t('reply')" :aria-label="t('reply')" @click="$emit('reply', message)">
          <svg viewBox="0 0 24 24" aria-hidden="true"><use href="#reply" /></svg></button>
      </div>
    </article>`,
};
