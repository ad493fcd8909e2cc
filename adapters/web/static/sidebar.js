// Rooms, who is here, and oneself.

import { Avatar } from "/static/message_view.js";

const THEMES = ["system", "light", "dark"];

export const Sidebar = {
  components: { Avatar },
  inject: ["t"],
  props: { botName: String, rooms: Array, room: String, people: Array, me: Object, languages: Array, language: String, unread: Object, theme: String, face: Object },
  emits: ["enter", "rename", "sign-in", "sign-out", "language", "theme", "close"],
  data: () => ({ isOpen: false, themes: THEMES }),
  computed: {
    languageNames() {
      return this.languages.map((tag) => [tag, new Intl.DisplayNames([tag], { type: "language" }).of(tag)]);
    },
  },
  template: `
    <aside class="sidebar">
      <div class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><use href="#flame" /></svg><h1 dir="auto">{{ botName }}</h1>
        <button type="button" class="icon close" :aria-label="t('close')" @click="$emit('close')">✕</button></div>
      <nav :aria-label="t('rooms')"><h2>{{ t("rooms") }}</h2>
        <ul><li v-for="one in rooms" :key="one.name">
          <button type="button" class="room" :title="one.note || null" :aria-current="one.name === room ? 'page' : null" @click="$emit('enter', one.name)">
            <svg v-if="one.note" class="hash" viewBox="0 0 24 24" aria-hidden="true"><use href="#lock" /></svg><span v-else class="hash" aria-hidden="true">#</span>
            <span class="label">{{ one.name }}</span><span v-if="one.note" class="hidden">{{ one.note }}</span>
            <span v-if="unread[one.name]" class="unread"><span class="hidden">{{ t("unread") }}</span></span>
          </button></li></ul></nav>
      <section class="people" :aria-label="t('here_now')"><h2>{{ t("here_now") }}</h2>
        <ul><li><avatar :id="'bot'" :name="botName" bot :face="face" :alt="face ? t('face_of', { persona: face.persona }) : ''" /><span class="label" dir="auto">{{ botName }}</span><span class="tag">{{ t("bot") }}</span></li>
          <li v-for="person in people" :key="person.id"><avatar :id="person.id" :name="person.name" />
            <span class="label" dir="auto">{{ person.name }}</span>
            <small v-if="person.id === me.id">{{ t("you") }}</small><small v-else-if="person.moderator">{{ t("moderator") }}</small></li></ul></section>
      <div class="self">
        <div v-if="isOpen" class="settings" id="settings">
          <label><span>{{ t("language") }}</span>
            <select :value="language" @change="$emit('language', $event.target.value)"><option v-for="[tag, name] in languageNames" :key="tag" :value="tag">{{ name }}</option></select></label>
          <fieldset><legend>{{ t("theme") }}</legend><div class="segments">
            <label v-for="one in themes" :key="one"><input type="radio" name="theme" :value="one" :checked="one === theme" @change="$emit('theme', one)"><span>{{ t(one) }}</span></label></div></fieldset>
          <button v-if="me.name" type="button" @click="$emit('rename')">{{ t("change_name") }}</button>
          <button v-if="me.is_seated" type="button" @click="$emit('sign-out')">{{ t("sign_out") }}</button>
          <button v-else-if="!me.is_moderator" type="button" @click="$emit('sign-in')">{{ t("sign_in") }}</button>
        </div>
        <button type="button" class="card" :aria-expanded="isOpen" aria-controls="settings" @click="isOpen = !isOpen">
          <avatar :id="me.id" :name="me.name || '?'" /><span class="label"><span dir="auto">{{ me.name || t("welcome") }}</span>
          <small v-if="me.is_moderator">{{ t("moderator") }}</small></span><svg viewBox="0 0 24 24" aria-hidden="true"><use href="#gear" /></svg></button>
      </div>
    </aside>`,
};
