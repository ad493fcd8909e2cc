// Where one writes: text, files, and the menu of commands.

import { post } from "/static/api.js";
import { CommandForm } from "/static/command_form.js";

export const Composer = {
  components: { CommandForm },
  inject: ["t"],
  props: { room: String, commands: Array, limits: Object, replyTo: Object },
  emits: ["sent", "cancel-reply"],
  data: () => ({ text: "", files: [], error: "", isSending: false, chosen: 0, isMenuClosed: false, form: null, isOver: false }),
  computed: {
    length() { return this.text.length > this.limits.text / 2 ? [...this.text].length : this.text.length; },
    isTooLong() { return this.length > this.limits.text; },
    matches() {
      const typed = /^\/([a-z-]*)$/i.exec(this.text);
      if (!typed || this.isMenuClosed) return [];
      return this.commands.filter((one) => one.name.startsWith(typed[1].toLowerCase()));
    },
    hint() {
      if (this.isTooLong) return this.t("text_too_long", { n: this.length.toLocaleString(), max: this.limits.text.toLocaleString() });
      return this.error;
    },
    canSend() { return !this.isSending && !this.isTooLong && (this.text.trim() || this.files.length); },
  },
  watch: {
    room: { immediate: true, handler(room) { this.text = sessionStorage.getItem(`draft:${room}`) ?? ""; this.error = ""; } },
    text(text) {
      sessionStorage.setItem(`draft:${this.room}`, text.slice(0, this.limits.text));
      this.chosen = 0;
      if (!text.startsWith("/")) this.isMenuClosed = false;
      this.$nextTick(this.fit);
    },
    replyTo(message) { if (message) this.$refs.area.focus(); },
  },
  mounted() {
    this.fit();
    if (matchMedia("(hover: hover)").matches) this.$refs.area.focus();
  },
  methods: {
    fit() {
      const area = this.$refs.area;
      if (!area) return;
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight, 220)}px`;
    },
    onKey(event) {
      if (event.isComposing) return;
      if (this.matches.length && this.onMenuKey(event)) return event.preventDefault();
      if (event.key === "Escape" && this.replyTo) this.$emit("cancel-reply");
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      this.send();
    },
    onMenuKey(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) this.chosen = (this.chosen + step + this.matches.length) % this.matches.length;
      else if (event.key === "Enter" || event.key === "Tab") this.pick(this.matches[this.chosen]);
      else if (event.key === "Escape") this.isMenuClosed = true;
      else return false;
      return true;
    },
    pick(command) {
      if (command.parameters.length) { this.form = command; return; }
      this.text = `/${command.name}`;
      this.send();
    },
    run(line) {
      this.form = null;
      this.text = line;
      this.send();
    },
    openMenu() {
      this.isMenuClosed = false;
      this.text = this.matches.length ? "" : "/";
      this.$refs.area.focus();
    },
    add(files) {
      this.error = "";
      const max = this.limits.file_bytes;
      for (const file of files) {
        if (this.files.length >= this.limits.files) this.error = this.t("too_many_files", { max: this.limits.files });
        else if (file.size > max) this.error = this.t("file_too_large", { name: file.name, max: Math.floor(max / 1048576) });
        else this.files.push(file);
      }
    },
    onPaste(event) {
      const files = [...event.clipboardData.files];
      if (files.length) { event.preventDefault(); this.add(files); }
    },
    onDrop(event) {
      this.isOver = false;
      this.add(event.dataTransfer.files);
    },
    async send() {
      if (!this.canSend) return;
      this.isSending = true;
      this.error = "";
      const form = new FormData();
      form.append("room", this.room);
      form.append("text", this.text);
      if (this.replyTo) form.append("reply_to", this.replyTo.id);
      for (const file of this.files) form.append("files", file);
      try {
        await post("/api/messages", form);
        this.text = "";
        this.files = [];
        this.$emit("sent");
      } catch (error) {
        this.error = error.message;
      } finally {
        this.isSending = false;
        this.$nextTick(() => this.$refs.area?.focus());
      }
    },
  },
  template: `
    <div class="composer" :class="{ 'is-over': isOver }" @dragover.prevent="isOver = true" @dragleave="isOver = false" @drop.prevent="onDrop">
      <ul v-if="matches.length" class="menu" role="listbox" id="command-menu" :aria-label="t('commands')">
        <li v-for="(command, index) in matches" :key="command.name" role="option" :id="'command-' + index" :aria-selected="index === chosen"
            @mousemove="chosen = index" @mousedown.prevent="pick(command)">
          <code>{{ command.usage }}</code><span>{{ command.summary }}</span>
        </li>
      </ul>
      <command-form v-if="form" :command="form" @run="run" @cancel="form = null; $refs.area.focus()" />
      <div v-if="replyTo" class="replying">
        <span>{{ t("replying_to", { name: replyTo.author }) }}</span>
        <button type="button" :aria-label="t('cancel')" @click="$emit('cancel-reply')">✕</button>
      </div>
      <ul v-if="files.length" class="chosen">
        <li v-for="(file, index) in files" :key="index"><span dir="auto">{{ file.name }}</span>
          <button type="button" :aria-label="t('remove') + ' ' + file.name" @click="files.splice(index, 1)">✕</button></li>
      </ul>
      <div class="field">
        <button type="button" class="icon" :title="t('attach')" :aria-label="t('attach')" @click="$refs.input.click()">
          <svg viewBox="0 0 24 24" aria-hidden="true"><use href="#clip" /></svg></button>
        <input ref="input" type="file" multiple hidden @change="add($event.target.files); $event.target.value = ''">
        <textarea ref="area" v-model="text" rows="1" dir="auto" :placeholder="isOver ? t('drop_here') : t('composer')" :aria-label="t('composer')"
          aria-describedby="composer-hint" :aria-expanded="matches.length > 0" aria-controls="command-menu"
          :aria-activedescendant="matches.length ? 'command-' + chosen : null" @keydown="onKey" @paste="onPaste"></textarea>
        <button type="button" class="icon" :title="t('commands')" :aria-label="t('commands')" @click="openMenu"><span class="slash" aria-hidden="true">/</span></button>
        <button type="button" class="send" :disabled="!canSend" :title="t('send')" :aria-label="t('send')" @click="send">
          <svg viewBox="0 0 24 24" aria-hidden="true"><use href="#send" /></svg></button>
      </div>
      <p id="composer-hint" class="hint" :class="{ 'is-error': hint }" :role="hint ? 'alert' : null">{{ hint || t("composer_hint") }}</p>
    </div>`,
};
