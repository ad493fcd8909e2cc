"""How cases are spoken of, to moderators and to those who asked."""

from collections.abc import Mapping
from dataclasses import replace

from bot.cases import Case, CaseKind, CaseNote, CaseState, Outcome
from bot.safety.verdict import Stage
from bot.store.judgements import StoredJudgement
from bot.words import T, Text

__all__ = ["KINDS", "OUTCOMES", "STATES", "note_line", "told"]

KINDS: Mapping[CaseKind, Text] = {
    CaseKind.REPORT: T("report"),
    CaseKind.APPEAL: T("appeal"),
    CaseKind.NOTICED: T("noticed"),
}
STATES: Mapping[CaseState, Text] = {
    CaseState.OPEN: T("open"),
    CaseState.TAKEN: T("taken"),
    CaseState.WAITING: T("waiting"),
    CaseState.CLOSED: T("closed"),
}
OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.DISMISSED: T("nothing to do"),
    Outcome.ACTED: T("something was done"),
    Outcome.GRANTED: T("the refusal was wrong"),
    Outcome.UPHELD: T("the refusal stays"),
}
_DID: Mapping[str, Text] = {
    "delete": T("{name} took away: {text}"),
    "warn": T("{name} warned: {text}"),
    "timeout": T("{name} gave a time-out: {text}"),
    "kick": T("{name} put out: {text}"),
    "ban": T("{name} banned: {text}"),
    "wrong": T("{name} taught the filters: harmless"),
    "note": T("{name}: {text}"),
}


def note_line(note: CaseNote) -> Text:
    """Return what a moderator wrote down or did, in one line."""
    text = _DID.get(note.what, _DID["note"])
    return replace(text, values=(("name", note.by_name), ("text", note.text)))


def told(case: Case, judged: StoredJudgement | None) -> Text:
    """Return the one line that who asked is told: never what was done to whom."""
    if case.outcome is Outcome.UPHELD:
        return T(
            "The moderators have looked at it ({name}): the refusal stays.",
            name=case.owner_name,
        )
    if case.outcome is Outcome.GRANTED:
        if judged is not None and judged.stage is Stage.OUTPUT:
            return T(
                "The moderators have looked at it ({name}): there was nothing wrong. "
                "Please ask again.",
                name=case.owner_name,
            )
        return T(
            "The moderators have looked at it ({name}): your message was fine. Please "
            "send it again.",
            name=case.owner_name,
        )
    if case.outcome is Outcome.ACTED:
        return T(
            "Your report {number}: the moderators have looked at it and did something "
            "about it. Thank you.",
            number=case.number,
        )
    return T(
        "Your report {number}: the moderators have looked at it and found nothing that "
        "they have to do. Thank you all the same.",
        number=case.number,
    )
