// A form for the parameters of a command; it makes the line that one could type.

function quoted(value) {
  return /\s/.test(value) ? `"${value.replace(/["“”„«»]/g, "'")}"` : value;
}

export const CommandForm = {
  inject: ["t"],
  props: { command: Object },
  emits: ["run", "cancel"],
  data() { return { values: this.command.parameters.map(() => "") }; },
  mounted() { this.$el.querySelector("input, select")?.focus(); },
  methods: {
    submit() {
      const parts = [`/${this.command.name}`];
      const parameters = [...this.command.parameters.entries()];
      for (const [index, parameter] of parameters.filter(([, one]) => one.named)) {
        const value = String(this.values[index]).trim();
        if (value) parts.push(`${parameter.name}=${value}`);
      }
      for (const [index, parameter] of parameters.filter(([, one]) => !one.named)) {
        const value = String(this.values[index]).trim();
        if (!value) break; // what follows would land in the wrong place
        parts.push(parameter.type === "rest" ? value : quoted(value));
      }
      this.$emit("run", parts.join(" "));
    },
    isOpen(index) {
      if (this.command.parameters[index].named) return true;
      const before = this.command.parameters.slice(0, index).findLastIndex((one) => !one.named);
      return before < 0 || String(this.values[before]).trim() !== "";
    },
  },
  template: `
    <form class="command-form" :aria-label="command.usage" @submit.prevent="submit" @keydown.esc="$emit('cancel')">
      <p><code>/{{ command.name }}</code> {{ command.summary }}</p>
      <label v-for="(parameter, index) in command.parameters" :key="parameter.name">
        <span>{{ parameter.summary }} <small v-if="parameter.required">({{ t("required") }})</small></span>
        <select v-if="parameter.choices.length" v-model="values[index]" :required="parameter.required" :disabled="!isOpen(index)">
          <option v-if="!parameter.required" value="">–</option>
          <option v-for="choice in parameter.choices" :key="choice">{{ choice }}</option>
        </select>
        <input v-else v-model="values[index]" :type="parameter.type === 'integer' ? 'number' : 'text'" step="1" :name="parameter.name"
          :required="parameter.required" :disabled="!isOpen(index)" autocomplete="off">
      </label>
      <div class="actions"><button type="button" @click="$emit('cancel')">{{ t("cancel") }}</button><button class="primary">{{ t("run") }}</button></div>
    </form>`,
};
