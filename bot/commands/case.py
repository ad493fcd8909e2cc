"""/case: what moderators have to look at, and what became of one's own reports."""

from collections.abc import Sequence

from bot.case_actions import CaseActions, Measure
from bot.case_cards import case_card
from bot.case_desk import Answered, CaseDesk
from bot.case_words import KINDS, OUTCOMES, STATES, note_line
from bot.cases import By, Case, CaseKind, Move, Outcome
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Role
from bot.words import T, Text, Tn, Words

__all__ = ["answered_text", "by_of", "case_command"]

LIST, MINE, SHOW, NOTE, CLOSE = "list", "mine", "show", "note", "close"
MOVES = (Move.TAKE, Move.WAIT, Move.REOPEN)
WHAT = (MINE, LIST, SHOW, *MOVES, NOTE, *Measure, CLOSE)

NUM_SHOWN = 20
NUM_LOOKED_AT = 500

_MOVED = {
    Move.TAKE: T("Case {number} is yours now."),
    Move.WAIT: T("Case {number} is put aside; it stays yours."),
    Move.REOPEN: T("Case {number} is open again."),
}


def case_command(desk: CaseDesk, actions: CaseActions, words: Words) -> Command:
    """Return the command for cases; members see with it what became of their own."""
    shown = _Shown(desk, words)

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what = str(arguments.get("what", MINE))
        if what == MINE:
            return await shown.mine(context)
        if context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may do that. /case mine shows yours."))
        if what == LIST:
            return await shown.list(context)
        text = str(arguments.get("text", ""))
        case = await desk.find(_number(arguments), context.channel, context.author)
        by = by_of(context)
        if what == SHOW:
            return await shown.one(case, context)
        if what in MOVES:
            await desk.move(case.number, Move(what), by)
            return _done(T(_MOVED[Move(what)].template, number=case.number))
        if what == CLOSE:
            return await _closed(desk, case, by, text)
        if what == NOTE:
            if not text.strip():
                raise UserError(T("Write the note behind the number."))
            await desk.cases.note(case.number, NOTE, text.strip(), by)
            return Answer(T("It is noted in case {number}.", number=case.number))
        measure = Measure(what)
        said = await actions.take(measure, case, by, text)
        return _done(said)

    return Command(
        name="case",
        summary=T("See what became of your reports; moderators deal with cases."),
        parameters=(
            Parameter(
                "what",
                T("mine, or for moderators what to do; left out, mine."),
                choices=lambda: WHAT,
            ),
            Parameter("number", T("The number of the case."), ParameterType.INTEGER),
            Parameter(
                "text",
                T("The note, the warning, minutes, or how it is closed."),
                ParameterType.REST,
            ),
        ),
        run=run,
        steers=True,
    )


def by_of(context: CommandContext) -> By:
    """Return who acts in a context."""
    return By(context.actor, context.author.name)


def answered_text(answered: Answered) -> Text:
    """Return what a moderator reads who has closed a case."""
    names = ", ".join(voice.person_name for voice in answered.told)
    missed = ", ".join(voice.person_name for voice in answered.not_told)
    if missed:
        return T(
            "Decided. {name} could not be told in private: they read it at their next "
            "command, or with /case mine.",
            name=missed,
        )
    if not names:
        return T("Case {number} is closed.", number=answered.case.number)
    if len(answered.told) == 1:
        return T("Decided, and {name} was told.", name=names)
    return Tn(
        "Decided, and {n} person was told.",
        "Decided, and {n} people were told.",
        n=len(answered.told),
    )


async def _closed(desk: CaseDesk, case: Case, by: By, text: str) -> Answer:
    word, _, note = text.strip().partition(" ")
    if word not in set(Outcome):
        is_appeal = case.kind is CaseKind.APPEAL
        usual = Outcome.UPHELD if is_appeal else Outcome.ACTED
        raise UserError(
            T(
                "Say how it ends: /case close {number} {outcome}. There are: "
                "{choices}. What you write behind that is noted and told to nobody.",
                number=case.number,
                outcome=usual,
                choices=", ".join(Outcome),
            )
        )
    answered = await desk.close(case, Outcome(word), by)
    if note.strip():
        await desk.cases.note(case.number, NOTE, note.strip(), by)
    return _done(answered_text(answered))


def _done(text: Text) -> Answer:
    # It does not settle the card: the desk has changed that already.
    return Answer(text, is_private=False)


def _number(arguments: Arguments) -> int:
    if "number" not in arguments:
        raise UserError(T("Which one? Write its number: /case list shows them."))
    return int(arguments["number"])


class _Shown:
    """What the command says of cases."""

    def __init__(self, desk: CaseDesk, words: Words) -> None:
        self._desk = desk
        self._words = words

    async def mine(self, context: CommandContext) -> Answer:
        """Return what somebody reported or appealed, with what became of it."""
        platform = context.channel.platform
        cases = await self._desk.people.cases_of(
            platform, context.author.id, limit=NUM_SHOWN
        )
        if not cases:
            return Answer(T("You have reported nothing, and appealed nothing."))
        await self._desk.seen(platform, context.author, cases)
        return Answer(self._lines(cases, context.language))

    async def list(self, context: CommandContext) -> Answer:
        """Return the cases that wait for somebody."""
        cases = [
            case
            for case in await self._desk.cases.undecided(limit=NUM_LOOKED_AT)
            if await self._desk.oversees(case, context.channel)
        ]
        if not cases:
            return Answer(T("No case waits for anybody."))
        lines = self._lines(cases[:NUM_SHOWN], context.language, is_counted=True)
        if len(cases) > NUM_SHOWN:
            more = T("… and {n} more.", n=len(cases) - NUM_SHOWN)
            lines = f"{lines}\n{self._words.say(more, context.language)}"
        return Answer(lines)

    async def one(self, case: Case, context: CommandContext) -> Answer:
        """Return a case with its notes, and the buttons of its card."""
        file = await self._desk.file(case)
        said = case_card(file).said(self._words, context.language)
        notes = [
            f"- {note.at_utc:%Y-%m-%d %H:%M} UTC · "
            f"{self._words.say(note_line(note), context.language)}"
            for note in file.notes
        ]
        return Answer("\n".join([said.text, *notes]), buttons=said.buttons)

    def _lines(
        self, cases: Sequence[Case], language: str, *, is_counted: bool = False
    ) -> str:
        return "\n".join(
            self._line(case, language, is_counted=is_counted) for case in cases
        )

    def _line(self, case: Case, language: str, *, is_counted: bool) -> str:
        standing = STATES[case.state]
        if case.outcome is not None:
            standing = OUTCOMES[case.outcome]
        parts = [
            f"- **{case.number}** {self._words.say(KINDS[case.kind], language)}",
            self._words.say(standing, language),
        ]
        if is_counted:
            owner = "" if case.owner_name == "" else case.owner_name
            parts += [f"{max(case.num_messages, case.num_voices)}×", owner]
            parts.append(f"{case.created_utc:%Y-%m-%d %H:%M} UTC")
        return " · ".join(part for part in parts if part)
