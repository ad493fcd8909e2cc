"""What moderators see of a case: its card, with what they can do about it."""

import math
from dataclasses import dataclass

from bot.case_words import OUTCOMES, note_line
from bot.cases import (
    Case,
    CaseKind,
    CaseMessage,
    CaseNote,
    CaseState,
    History,
    Voice,
)
from bot.commands.verdicts import HARMLESS
from bot.moderators import AnyCardButton, Card, CardButton
from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.store.judgements import StoredJudgement
from bot.words import T, Text, Tn

__all__ = ["CaseFile", "case_card"]

NUM_EXCERPTS = 3
EXCERPT_LENGTH = 160


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with all that a card of it shows.

    Attributes:
        place: the name of the channel that the last message is in.
        judged: what filters said of the first message; None: nothing, or forgotten.
        history: that of the one person it is about; None: they are several, or nobody.
    """

    case: Case
    place: str
    messages: tuple[CaseMessage, ...]
    voices: tuple[Voice, ...]
    notes: tuple[CaseNote, ...]
    judged: StoredJudgement | None = None
    history: History | None = None

    @property
    def authors(self) -> tuple[CaseMessage, ...]:
        """Return one message of each person that it is about."""
        first: dict[tuple[str, str], CaseMessage] = {}
        for message in self.messages:
            if message.author_id:
                platform = message.channel_key.partition(":")[0]
                first.setdefault((platform, message.author_id), message)
        return tuple(first.values())


def case_card(file: CaseFile) -> Card:
    """Return the card of a case as it is now."""
    notes = [one for one in file.notes if one.what != "note"]
    lines = (
        _head(file),
        *_background(file),
        *(note_line(one) for one in notes),
        *_standing(file.case),
    )
    return Card(lines, quote=_quote(file), buttons=_buttons(file))


def _head(file: CaseFile) -> Text:
    case = file.case
    if case.kind is CaseKind.REPORT:
        return _report(file)
    if case.kind is CaseKind.NOTICED and case.num_messages > 1:
        return _raid(file)
    values: dict[str, object] = {
        "number": case.number,
        "name": file.messages[0].author_name if file.messages else "?",
        "channel": file.place,
        "found": _found(file.judged),
    }
    if case.kind is CaseKind.NOTICED:
        return T(
            "Case {number}: {name} wrote something in {channel} that filters noticed "
            "({found}).",
            **values,
        )
    if file.judged is not None and file.judged.stage is Stage.OUTPUT:
        return T(
            "Appeal {number}: {name} asks you to look at an answer that was stopped in "
            "{channel} ({found}).",
            **values,
        )
    return T(
        "Appeal {number}: {name} asks you to look at a message that was refused in "
        "{channel} ({found}).",
        **values,
    )


def _found(judged: StoredJudgement | None) -> str:
    if judged is None:
        return "?"
    found = judged.found
    return f"{found.filter}: {found.category} {found.score:.2f}"


def _report(file: CaseFile) -> Text:
    reasons = [voice.reason for voice in file.voices if voice.reason]
    reason = reasons[-1] if reasons else ""
    num_voices = len(file.voices)
    if num_voices < 2:
        return T(
            "Report {number}: {name} asks you to look at a message in {channel}. "
            "{reason}",
            number=file.case.number,
            name=file.voices[0].person_name if file.voices else "?",
            channel=file.place,
            reason=reason,
        )
    return T(
        "Report {number}: {people} people ask you to look at a message in {channel}. "
        "{reason}",
        number=file.case.number,
        people=num_voices,
        channel=file.place,
        reason=reason,
    )


def _raid(file: CaseFile) -> Text:
    times = [one.at_utc for one in file.messages if one.at_utc is not None]
    lasts_s = (max(times) - min(times)).total_seconds() if times else 0.0
    return T(
        "Case {number}: {messages} by {people} in {minutes} were noticed, the last one "
        "in {channel} ({found}).",
        number=file.case.number,
        messages=Tn("{n} message", "{n} messages", n=file.case.num_messages),
        people=Tn("{n} person", "{n} people", n=file.case.num_people),
        minutes=Tn("{n} minute", "{n} minutes", n=max(1, math.ceil(lasts_s / 60))),
        channel=file.place,
        found=_found(file.judged),
    )


def _background(file: CaseFile) -> list[Text]:
    lines = []
    if file.history is not None and file.authors:
        lines.append(
            T(
                "{name} so far: noticed {verdicts}×, in cases {cases}×, warned "
                "{warnings}×.",
                name=file.authors[0].author_name,
                verdicts=file.history.verdicts,
                cases=file.history.cases,
                warnings=file.history.warnings,
            )
        )
    if file.messages and file.messages[-1].link:
        lines.append(T("There: {link}", link=file.messages[-1].link))
    return lines


def _standing(case: Case) -> tuple[Text, ...]:
    if case.state is CaseState.TAKEN:
        return (T("{name} looks at it.", name=case.owner_name),)
    if case.state is CaseState.WAITING:
        return (T("{name} has put it aside for now.", name=case.owner_name),)
    if case.outcome is not None:
        outcome = OUTCOMES[case.outcome]
        return (
            T("Decided by {name}: {outcome}.", name=case.owner_name, outcome=outcome),
        )
    return ()


def _quote(file: CaseFile) -> str:
    said = [one for one in file.messages if one.text]
    if len(said) == 1:
        (one,) = said
        is_named = file.case.kind is CaseKind.REPORT and one.author_name
        return f"{one.author_name}: {one.text}" if is_named else one.text
    return "\n".join(
        f"{one.author_name}: {' '.join(one.text.split())[:EXCERPT_LENGTH]}"
        for one in said[-NUM_EXCERPTS:]
    )


def _buttons(file: CaseFile) -> tuple[AnyCardButton, ...]:
    case, line = file.case, f"/case {{}} {file.case.number}"
    if case.is_closed:
        return ((T("Reopen"), line.format("reopen")),)
    take: tuple[AnyCardButton, ...] = ()
    if case.state is CaseState.OPEN:
        take = ((T("Take"), line.format("take")),)
    if case.kind is CaseKind.APPEAL:
        return (*take, *_appeal_buttons(file, line.format("close")))
    return (
        *take,
        (T("Dismiss"), f"{line.format('close')} dismissed"),
        *_measures(file, line),
        (T("Close"), f"{line.format('close')} acted"),
    )


def _appeal_buttons(file: CaseFile, close: str) -> tuple[AnyCardButton, ...]:
    judged = file.judged
    decide = (
        (T("It was fine"), f"{close} granted"),
        (T("The refusal stays"), f"{close} upheld"),
    )
    if judged is None or judged.found.category not in set(Category):
        return decide
    return (*decide, (T("Teach: harmless"), f"/correct {judged.id} {HARMLESS}"))


def _measures(file: CaseFile, line: str) -> tuple[AnyCardButton, ...]:
    is_raid = len(file.messages) > 1
    delete = T("Delete all") if is_raid else T("Delete")
    buttons: list[AnyCardButton] = [(delete, line.format("delete"))]
    if file.authors:
        warn = CardButton(
            T("Warn …"), line.format("warn"), asks=T("What they are told, in private.")
        )
        pause = T("Time out all, 1 h") if len(file.authors) > 1 else T("Time out, 1 h")
        buttons = [warn, *buttons, (pause, line.format("timeout"))]
    if len(file.authors) == 1:  # nobody is banned in passing, with a whole crowd
        buttons.append((T("Ban"), line.format("ban")))
    if file.case.kind is CaseKind.NOTICED:
        buttons.append((T("Wrong"), line.format("wrong")))
    return tuple(buttons)
