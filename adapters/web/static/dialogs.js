// Small questions: what is your name, the moderators' password, what a button asks for.

import { post } from "/static/api.js";

export const NameForm = {
  inject: ["t"],
  props: { name: String, isWelcome: Boolean },
  emits: ["named", "cancel"],
  data() { return { value: this.name, error: "" }; },
  mounted() { if (!this.isWelcome || matchMedia("(hover: hover)").matches) this.$refs.input.focus(); },
  methods: {
    async save() {
      try {
        const answer = await post("/api/name", { name: this.value });
        this.$emit("named", answer.name);
      } catch (error) {
        this.error = error.message;
      }
    },
  },
  template: `
    <form class="question" :class="{ 'is-welcome': isWelcome }" @submit.prevent="save">
      <label><strong v-if="isWelcome">{{ t("welcome") }}</strong><span>{{ t("name") }}</span>
        <input ref="input" v-model="value" maxlength="32" required autocomplete="nickname" aria-describedby="name-hint" dir="auto"></label>
      <p id="name-hint" :class="{ 'is-error': error }" :role="error ? 'alert' : null">{{ error || t("name_hint") }}</p>
      <div class="actions"><button v-if="!isWelcome" type="button" @click="$emit('cancel')">{{ t("cancel") }}</button>
        <button class="primary" :disabled="!value.trim()">{{ t("save") }}</button></div>
    </form>`,
};

export const SignInForm = {
  inject: ["t"],
  emits: ["cancel"],
  data: () => ({ password: "", error: "" }),
  mounted() { this.$refs.input.focus(); },
  methods: {
    async signIn() {
      try {
        await post("/api/sign-in", { password: this.password });
        location.reload();
      } catch (error) {
        this.error = error.message;
        this.password = "";
      }
    },
  },
  template: `
    <form class="question" @submit.prevent="signIn">
      <label><strong>{{ t("sign_in") }}</strong><span>{{ t("password") }}</span>
        <input ref="input" v-model="password" type="password" required autocomplete="current-password" aria-describedby="password-hint"></label>
      <p id="password-hint" :class="{ 'is-error': error }" :role="error ? 'alert' : null">{{ error || t("password_hint") }}</p>
      <div class="actions"><button type="button" @click="$emit('cancel')">{{ t("cancel") }}</button><button class="primary">{{ t("sign_in") }}</button></div>
    </form>`,
};

export const AskForm = {
  inject: ["t"],
  props: { label: String, asks: String, prefill: String },
  emits: ["answered", "cancel"],
  data() { return { value: this.prefill }; },
  mounted() { this.$refs.input.focus(); },
  template: `
    <form class="question is-long" @submit.prevent="$emit('answered', value)">
      <label><strong>{{ label }}</strong><span>{{ asks }}</span>
        <textarea ref="input" v-model="value" required dir="auto" :rows="prefill ? 12 : 4" @keydown.ctrl.enter.prevent="value.trim() && $emit('answered', value)"></textarea></label>
      <div class="actions"><button type="button" @click="$emit('cancel')">{{ t("cancel") }}</button>
        <button class="primary" :disabled="!value.trim()">{{ t("send") }}</button></div>
    </form>`,
};

export const Dialog = {
  emits: ["close"],
  mounted() { this.$refs.dialog.showModal(); },
  template: `<dialog ref="dialog" @close="$emit('close')" @click.self="$refs.dialog.close()"><slot /></dialog>`,
};
