"""/lesson: a short lesson for one person, with words from before again."""

import asyncio
import re
import uuid
from dataclasses import dataclass

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Button
from bot.owner import owner_of
from bot.pause import Output
from bot.preferences import person_key
from bot.publication import Poll, Publication
from bot.safety.filter import Subject
from bot.safety.refuser import Refuser
from bot.safety.verdict import Stage
from bot.store.own_lessons import OwnLessonRepository, OwnLessons, OwnQuestion
from bot.store.posts import StoredPost
from bot.store.settings import SettingsRepository
from bot.words import T, Text, Words, join_texts
from content.content import Content
from content.drafting import Draft, DraftFailedError
from content.judging import Ending
from content.kinds.lesson import is_in_table, split_level
from content.past import PastPosts
from content.posts import PostStatus
from content.sources.plain_text import one_line

__all__ = ["lesson_command"]

MAX_LENGTH = 120  # characters
LETTERS = "ABCD"
ANSWER = re.compile(r"answer ([0-9a-f]{8}) ([0-3])")
FORGET = "forget"
FIRST_TOPIC = "words"
WHATEVER = frozenset(
    {"", "level", "word", "words", "a word", "vocabulary", "单词", "词语"}
)
"""Topics that ask for the next word of the table."""
WISHES = ("", "", "The reader knows the basics.", "The reader is advanced: be exact.")


def lesson_command(content: Content, words: Words) -> Command:
    """Return the command that teaches one person, and takes their answers."""
    teacher = _Teacher(content, words)
    return Command(
        name="lesson",
        summary=T("A short lesson for you alone. What you learned comes again."),
        parameters=(
            Parameter(
                "topic",
                T("What about, with a level if you like; or “forget”."),
                type=ParameterType.REST,
            ),
        ),
        run=teacher.run,
        makes=Output.CHAT,
    )


@dataclass(frozen=True, slots=True)
class _Written:
    draft: Draft
    ending: Ending


class _Teacher:
    """Gives lessons: one at a time for each person, each judged before it is shown."""

    def __init__(self, content: Content, words: Words) -> None:
        self._content = content
        self._words = words
        self._lessons = OwnLessonRepository(SettingsRepository(content.store))
        self._refuser = Refuser(content.config.safety.care, words)
        self._at_work: set[str] = set()
        self._changing = asyncio.Lock()  # a lesson may end while an answer is counted

    async def run(self, context: CommandContext, arguments: Arguments) -> Answer:
        topic = one_line(str(arguments.get("topic", ""))).strip(" :：")
        person = person_key(context.channel, context.author)
        if answer := ANSWER.fullmatch(topic):
            return await self._answered(context, person, answer[1], int(answer[2]))
        if topic.lower() == FORGET:
            async with self._changing:
                had = await self._lessons.forget(person)
            return Answer(
                T("Your lessons are forgotten.")
                if had
                else T("There are no lessons of yours.")
            )
        if len(topic) > MAX_LENGTH:
            raise UserError(
                T("Please say it in 1 to {limit} characters.", limit=MAX_LENGTH)
            )
        if person in self._at_work:
            raise UserError(T("Your lesson is still being written. It comes soon."))
        self._at_work.add(person)
        try:
            return await self._lesson(context, person, topic)
        finally:
            self._at_work.discard(person)

    async def _lesson(self, context: CommandContext, person: str, topic: str) -> Answer:
        if topic:
            place, author = context.channel, context.author
            subject = Subject(topic, Stage.INPUT, place, author)
            judgement, number = await self._content.writer.judging.asked(
                subject, context.message_id or "", author=author, channel=place
            )
            verdict, language = judgement.verdict, context.language
            if judgement.is_blocked:
                return Answer(
                    self._refuser.say(verdict, language),
                    buttons=self._refuser.buttons(verdict, number, language),
                )
            topic = judgement.text
        before = await self._lessons.get(person, context.language)
        if not topic and not is_in_table(before.topic, context.language):
            topic = before.topic
        topic = topic or FIRST_TOPIC
        written = await self._written(context, topic, before)
        ending, poll = written.ending, None
        if ending.extras is not None:
            poll = ending.extras.poll
        question = OwnQuestion(uuid.uuid4().hex[:8], poll) if poll else None
        async with self._changing:
            lessons = (await self._lessons.get(person, context.language)).taught(
                topic, written.draft.lesson, question, self._content.clock.now_utc()
            )
            await self._lessons.put(person, context.language, lessons)
        text = Publication("", ending.title or "", ending.body or "").text
        if question is None:
            return Answer(text)
        text = f"{text}\n\n{_asked(question.poll)}"
        return Answer(text, buttons=_buttons(question))

    async def _written(
        self, context: CommandContext, topic: str, before: OwnLessons
    ) -> _Written:
        writer, now_utc = self._content.writer, self._content.clock.now_utc()
        number = uuid.uuid4()
        wanted, wish = _wanted(topic, context.language)
        # Of a subject that the model explains, it is to tell something new each time.
        is_explained = wanted.endswith(":")
        earlier = tuple(one.meaning for one in before.words if is_explained)
        try:
            draft = await writer.draft(
                "lesson",
                topic=wanted,
                language=context.language,
                persona="",
                seed=number.int % 1_000_000,
                wish=wish,
                past=PastPosts(earlier=earlier, lessons=before.items(now_utc)),
                owner=owner_of(context.channel, context.author),
            )
        except DraftFailedError as error:
            raise _not_written(error.text) from error
        if not draft.score.is_good_enough:
            raise _not_written(join_texts(draft.score.reasons) or T("none"))
        post = StoredPost(
            f"lesson-{number.hex[:12]}",
            "lesson",
            topic,
            PostStatus.DRAFTING,
            context.language,
            "",
            now_utc,
            now_utc,
        )
        ending = await writer.judged(
            post, draft.title, draft.body, [context.channel], draft.extras
        )
        if ending.status is not PostStatus.APPROVED:
            raise UserError(
                T(
                    "What I wrote about that may not be shown here. Please try again, "
                    "or name another topic."
                )
            )
        return _Written(draft, ending)

    async def _answered(
        self, context: CommandContext, person: str, key: str, choice: int
    ) -> Answer:
        async with self._changing:
            lessons = await self._lessons.get(person, context.language)
            question = lessons.question
            if question is None or question.key != key:
                raise UserError(
                    T(
                        "That question belongs to somebody else, or to an earlier "
                        "lesson of yours. /lesson gives you one of your own."
                    )
                )
            if question.choice is not None:
                raise UserError(T("You have answered that already."))
            lessons = lessons.answered(choice, self._content.clock.now_utc())
            await self._lessons.put(person, context.language, lessons)
        poll = question.poll
        right = poll.answers[poll.correct or 0]
        if choice == poll.correct:
            text = T("Right: {answer}. It comes again later.", answer=right)
        else:
            text = T("Not quite. It is: {answer}. It comes again soon.", answer=right)
        said = self._words.say(text, context.language)
        meaning = next(one.meaning for one in lessons.words if one.word == right)
        told = f"{said}\n\n**{right}:** {meaning}"
        return Answer(told)


def _wanted(topic: str, language: str) -> tuple[str, str]:
    """Return a topic as the kind understands it, and what to ask for besides."""
    subject, level = split_level(topic)
    if re.search("[:：]", topic) or is_in_table(topic, language):
        return topic, ""
    if subject.strip(" 123").lower() in WHATEVER:
        return f"words level {level or 1}", ""
    return f"{subject}:", WISHES[level]


def _asked(poll: Poll) -> str:
    answers = zip(LETTERS, poll.answers, strict=False)
    lines = "\n".join(f"- {letter}: {answer}" for letter, answer in answers)
    return f"**{poll.question}**\n\n{lines}"


def _buttons(question: OwnQuestion) -> tuple[Button, ...]:
    return tuple(
        Button(letter, f"/lesson answer {question.key} {index}")
        for index, (letter, _) in enumerate(
            zip(LETTERS, question.poll.answers, strict=False)
        )
    )


def _not_written(reason: Text) -> UserError:
    return UserError(
        T(
            "I could not write a good lesson about that ({reason}). Please try again, "
            "or name another topic.",
            reason=reason,
        )
    )
