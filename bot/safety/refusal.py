"""What a person is told where something was blocked: the rule, and what to do."""

import math
from collections.abc import Callable, Mapping

from bot.safety.pictures.picture import PICTURE_REFUSALS, picture_refusal
from bot.safety.policy import Category
from bot.safety.verdict import Stage, Verdict
from bot.words import T, Text, Tn

__all__ = ["REFUSALS", "refusal"]


def refusal(verdict: Verdict, *, stage: Stage = Stage.INPUT) -> Text:
    """Return what to say instead; never a word of what was blocked.

    At the output stage it stands behind what was already shown of an answer.
    """
    if verdict.filter == "pictures" and verdict.category == Category.SEXUAL:
        return _of_pictures(stage)
    write = REFUSALS[stage].get(verdict.category, _GENERAL[stage])
    return write(verdict)


def _too_long(verdict: Verdict) -> Text:
    if verdict.limit is None:
        return T(
            "That message is too long for me. Please shorten it or send it in parts."
        )
    return Tn(
        "That message is too long for me: I can take {n} character. Please shorten it "
        "or send it in parts.",
        "That message is too long for me: I can take {n} characters. Please shorten it "
        "or send it in parts.",
        verdict.limit,
    )


def _too_fast(verdict: Verdict) -> Text:
    return Tn(
        "That was too fast for me. Please write again in {n} second.",
        "That was too fast for me. Please write again in {n} seconds.",
        max(1, math.ceil(verdict.retry_after_s or 0)),
    )


def _stopped_link(verdict: Verdict) -> Text:
    return T(
        "I stop here: I was about to show a link that is not wanted in this "
        "community. Please ask me in another way."
    )


def _stopped_picture(verdict: Verdict) -> Text:
    return T(
        "I stop here: something was wrong with the picture I was about to send. "
        "Please ask again."
    )


def _of_pictures(stage: Stage) -> Text:
    """Return what is said of a picture that the classifier blocked."""
    if stage is Stage.INPUT:
        return T(
            "That picture is not safe for this channel, so I leave it be. Please send "
            "another one."
        )
    return T(
        "I stop here: the picture I made is not safe for this channel. Please ask me "
        "for another one."
    )


REFUSALS: Mapping[Stage, Mapping[str, Callable[[Verdict], Text]]] = {
    Stage.INPUT: {
        "length": _too_long,
        "flood": _too_fast,
        "word": lambda _: T(
            "I cannot take that message: it has a word that is not wanted in this "
            "community. Please say it in other words."
        ),
        "invite": lambda _: T(
            "I cannot take that message: invitations to other places are not wanted in "
            "this community. Please write it without."
        ),
        "link": lambda _: T(
            "I cannot take that message: it has a link that is not wanted in this "
            "community. Please write it without."
        ),
        "repeat": lambda verdict: Tn(
            "I have just heard that several times. Please wait {n} second, or say "
            "something new.",
            "I have just heard that several times. Please wait {n} seconds, or say "
            "something new.",
            max(1, math.ceil(verdict.retry_after_s or 0)),
        ),
        "mention": lambda verdict: Tn(
            "That message calls too many people. Please mention no more than {n} "
            "person.",
            "That message calls too many people. Please mention no more than {n} "
            "people.",
            verdict.limit or 1,
        ),
        **{
            category: lambda verdict: picture_refusal(verdict.category, verdict.limit)
            for category in PICTURE_REFUSALS
        },
        "failure": lambda _: T(
            "I cannot take that message, because I could not check it. Please try "
            "again; if it stays so, tell a moderator."
        ),
    },
    Stage.OUTPUT: {
        "prompt_leak": lambda _: T(
            "I stop here: what I was told about myself stays with me. Please ask me "
            "something else."
        ),
        **dict.fromkeys(("invite", "link"), _stopped_link),
        **dict.fromkeys(PICTURE_REFUSALS, _stopped_picture),
        "word": lambda _: T(
            "I stop here: I was about to use a word that is not wanted in this "
            "community. Please ask me in another way."
        ),
        "failure": lambda _: T(
            "I stop here, because I could not check what comes next. Please ask again; "
            "if it stays so, tell a moderator."
        ),
    },
}
"""What is said, by stage and category of the verdict."""

_GENERAL: Mapping[Stage, Callable[[Verdict], Text]] = {
    Stage.INPUT: lambda _: T(
        "I cannot take that message: it is against a rule of this community. Please "
        "say it in another way, or ask a moderator."
    ),
    Stage.OUTPUT: lambda _: T(
        "I stop here: what comes next is against a rule of this community. Please ask "
        "me in another way."
    ),
}
