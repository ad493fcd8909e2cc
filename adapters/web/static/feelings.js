// What people make of a post: its poll to vote in, and emoji to put below it.

const EMOJI = ["👍", "❤️", "😂"];

export const Poll = {
  inject: ["t"],
  props: { message: Object, canWrite: Boolean },
  emits: ["vote"],
  computed: {
    poll() { return this.message.poll; },
    own() { return this.message.own_vote ?? null; },
    solution() { return this.message.solution ?? null; },
    isShown() { return this.own !== null || !!this.message.is_over; },
    canVote() { return this.canWrite && !this.message.is_over && !(this.poll.is_quiz && this.own !== null); },
    num() { return (this.message.votes ?? []).reduce((sum, one) => sum + one, 0); },
  },
  methods: {
    vote(index) { if (this.canVote) this.$emit("vote", index); },
    letter(index) { return "ABCDEFGHIJ"[index] ?? ""; },
    share(index) { return this.num ? Math.round((100 * (this.message.votes?.[index] ?? 0)) / this.num) : 0; },
    isRight(index) { return this.solution?.answer === index; },
    label(index) {
      const parts = [`${this.letter(index)}: ${this.poll.answers[index]}`];
      if (this.isShown) parts.push(`${this.share(index)} %`);
      if (this.own === index) parts.push(this.t("your_vote"));
      if (this.isRight(index)) parts.push(this.t("right_answer"));
      return parts.join(", ");
    },
  },
  template: `
    <div class="poll" role="group" :aria-label="poll.question">
      <strong dir="auto">{{ poll.question }}</strong>
      <button v-for="(answer, index) in poll.answers" :key="index" type="button" :disabled="!canWrite" :aria-disabled="!canVote" :aria-pressed="own === index" :aria-label="label(index)"
          :class="{ 'is-own': own === index, 'is-right': isRight(index), 'is-wrong': solution && own === index && !isRight(index) }" @click="vote(index)">
        <span v-if="isShown" class="bar" :style="{ width: share(index) + '%' }"></span>
        <span class="letter">{{ letter(index) }}</span><span class="answer" dir="auto">{{ answer }}</span>
        <span v-if="isRight(index)" class="mark">✓</span><span v-else-if="solution && own === index" class="mark">✗</span>
        <span v-if="isShown" class="share">{{ share(index) }} %</span>
      </button>
      <p v-if="solution && solution.explanation" class="explanation" dir="auto" role="status">{{ solution.explanation }}</p>
      <small>{{ num === 1 ? t("one_vote") : t("votes", { n: num }) }}<template v-if="message.is_over"> · {{ t("poll_over") }}</template></small>
    </div>`,
};

export const Reactions = {
  inject: ["t"],
  props: { message: Object, canWrite: Boolean },
  emits: ["react"],
  computed: {
    row() { return this.message.reactions ?? EMOJI.map((emoji) => [emoji, 0]); },
  },
  methods: {
    isOwn(emoji) { return (this.message.own_reactions ?? []).includes(emoji); },
  },
  template: `
    <div class="reactions" role="group" :aria-label="t('reactions')">
      <button v-for="[emoji, num] in row" :key="emoji" type="button" :disabled="!canWrite" :aria-pressed="isOwn(emoji)"
          :aria-label="emoji + ' ' + num" @click="$emit('react', emoji, !isOwn(emoji))">
        <span aria-hidden="true">{{ emoji }}</span><span v-if="num" class="num" aria-hidden="true">{{ num }}</span>
      </button>
    </div>`,
};
