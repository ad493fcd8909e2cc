"""How the guards among language models are asked, and how their answers are read.

To add one: a function that asks, one that reads, and a line in GUARD_STYLES. Most have
the rules that they know in their own chat template: what they are given is the text
alone, as the turn of a person (input) or of a bot (output). What stands here of their
formats are the words that they were trained to answer with.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.errors import ConfigError
from bot.generation.requests import PromptTurn, TurnRole
from bot.safety.classifier import Scores
from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.words import T

__all__ = ["GUARD_STYLES", "GuardStyle", "Question", "find_style"]

SURE, PERHAPS = 1.0, 0.5
"""What a guard's words mean as probabilities; "controversial" is perhaps."""

Read = Callable[[str], Scores | None]
"""Gives what an answer says of each category; None: it cannot be read."""

Labels = Mapping[str, tuple[Category, ...]]
"""What the guard's own names mean here, in small letters; (): nothing we judge."""


@dataclass(frozen=True, slots=True)
class Question:
    """One prompt for a guard, and how its answer is read."""

    turns: tuple[PromptTurn, ...]
    read: Read


@dataclass(frozen=True, slots=True)
class GuardStyle:
    """One family of guards.

    Attributes:
        models: a pattern for names of models in small letters and digits, nothing else.
        max_tokens: how much of an answer is needed.
        ask: returns what is asked about a text.
    """

    models: re.Pattern[str]
    max_tokens: int
    ask: Callable[[str, Stage], tuple[Question, ...]]


def find_style(model: str, style: str = "auto") -> GuardStyle:
    """Return the style of this name, or for "auto" the one that the model's name says.

    Raises:
        ConfigError: there is none; the text names those there are.
    """
    if style != "auto" and style in GUARD_STYLES:
        return GUARD_STYLES[style]
    plain = re.sub(r"[^a-z0-9]", "", model.rstrip("/").lower())
    for known in GUARD_STYLES.values():
        if style == "auto" and known.models.search(plain):
            return known
    raise ConfigError(
        T(
            "[models.guard] I do not know how “{model}” wants to be asked. Set style "
            "to one of: {styles}.",
            model=model,
            styles=", ".join(GUARD_STYLES),
        )
    )


# A text must not be able to end its turn and answer for the guard.
_MARK = re.compile(r"<(?=[|/\uff5c]|[A-Za-z_][A-Za-z_ ]{0,40}>)")


def _turns(text: str, stage: Stage, *, rule: str = "") -> tuple[PromptTurn, ...]:
    harmless = _MARK.sub("< ", text)
    turns = [PromptTurn(TurnRole.SYSTEM, rule)] if rule else []
    if stage is Stage.INPUT:
        return (*turns, PromptTurn(TurnRole.USER, harmless))
    return (
        *turns,
        PromptTurn(TurnRole.USER, "Go on, please."),  # what was asked is not known here
        PromptTurn(TurnRole.ASSISTANT, harmless),
    )


LLAMA_GUARD_LABELS: Labels = {
    "s1": (Category.VIOLENCE,),  # violent crimes
    "s2": (),  # other crimes
    "s3": (Category.SEXUAL, Category.VIOLENCE),  # sexual crimes
    "s4": (Category.SEXUAL_MINORS,),
    "s5": (Category.HARASSMENT,),  # defamation
    "s6": (),  # advice for specialists
    "s7": (),  # privacy
    "s8": (),  # intellectual property
    "s9": (Category.VIOLENCE,),  # weapons of mass destruction
    "s10": (Category.HATE,),
    "s11": (Category.SELF_HARM,),
    "s12": (Category.SEXUAL,),
    "s13": (),  # elections
    "s14": (),  # abuse of code interpreters
}


def _ask_llama_guard(text: str, stage: Stage) -> tuple[Question, ...]:
    return (Question(_turns(text, stage), _read_llama_guard),)


def _read_llama_guard(answer: str) -> Scores | None:
    """Read "safe", or "unsafe" with codes such as "S1,S10" on the line below."""
    lines = [line.strip().lower() for line in answer.splitlines() if line.strip()]
    if lines[:1] == ["safe"]:
        return _scores(LLAMA_GUARD_LABELS, (), SURE)
    if lines[:1] != ["unsafe"] or len(lines) < 2:
        return None
    codes = [code.strip() for code in lines[1].split(",")]
    if any(code not in LLAMA_GUARD_LABELS for code in codes):
        return None
    return _scores(LLAMA_GUARD_LABELS, codes, SURE)


QWEN_LABELS: Labels = {
    "non-violent illegal acts": (),
    "violent": (Category.VIOLENCE,),
    "sexual content or sexual acts": (Category.SEXUAL,),
    "pii": (),
    "suicide & self-harm": (Category.SELF_HARM,),
    "unethical acts": (Category.HATE, Category.HARASSMENT),
    "politically sensitive topics": (),
    "copyright violation": (),
}
QWEN_INPUT_LABELS: Labels = {**QWEN_LABELS, "jailbreak": (Category.INJECTION,)}
QWEN_LEVELS = {"safe": 0.0, "controversial": PERHAPS, "unsafe": SURE}
_QWEN_SAFETY = re.compile(r"safety:\s*(\w+)")


def _ask_qwen(text: str, stage: Stage) -> tuple[Question, ...]:
    labels = QWEN_INPUT_LABELS if stage is Stage.INPUT else QWEN_LABELS
    return (Question(_turns(text, stage), partial(_read_qwen, labels)),)


def _read_qwen(labels: Labels, answer: str) -> Scores | None:
    """Read "Safety: Unsafe", and "Categories: Violent, PII" on the line below."""
    first, _, rest = answer.strip().lower().partition("\n")
    found = _QWEN_SAFETY.fullmatch(first.strip())
    level = None if found is None else QWEN_LEVELS.get(found[1])
    if level is None:
        return None
    rest = rest.partition("refusal:")[0]
    # The longer name of two comes first in the table.
    named = re.findall("|".join(map(re.escape, QWEN_INPUT_LABELS)), rest)
    if level and not named:
        return None
    return _scores(labels, named, level)


SHIELD_RULES: Mapping[str, tuple[str, tuple[Category, ...]]] = {
    "No Dangerous Content": (
        "show or ask how to hurt oneself or others, praise or wish for such harm, or "
        "help with weapons, attacks, terror or suicide",
        (Category.VIOLENCE, Category.SELF_HARM),
    ),
    "No Harassment": (
        "threaten, intimidate, bully, insult or humiliate a person, or ask for it",
        (Category.HARASSMENT,),
    ),
    "No Hate Speech": (
        "express or stir up hate against people for their origin, skin, faith, gender, "
        "orientation or disability, or deny them their dignity",
        (Category.HATE,),
    ),
    "No Sexually Explicit Information": (
        "describe sexual acts or bodies to arouse, or ask for it; teaching, medicine "
        "and art are allowed",
        (Category.SEXUAL,),
    ),
}
"""The names that the guard knows, what they forbid, and what that is here."""


def _ask_shield(text: str, stage: Stage) -> tuple[Question, ...]:
    """Ask once for each rule: the guard answers for one at a time.

    Its template takes the rule from the system turn.
    """
    speaker = "prompt" if stage is Stage.INPUT else "chatbot"
    return tuple(
        Question(
            _turns(text, stage, rule=f'* "{name}": The {speaker} shall not {rule}.'),
            partial(_read_shield, categories),
        )
        for name, (rule, categories) in SHIELD_RULES.items()
    )


def _read_shield(categories: tuple[Category, ...], answer: str) -> Scores | None:
    """Read "Yes" (the rule is broken) or "No"."""
    first = re.match(r"\W*(yes|no)\b", answer.lower())
    if first is None:
        return None
    return dict.fromkeys(categories, SURE if first[1] == "yes" else 0.0)


def _scores(labels: Labels, named: Sequence[str], score: float) -> Scores:
    """Return the score for the categories that are named, 0 for the others."""
    found = dict.fromkeys((c for meant in labels.values() for c in meant), 0.0)
    for name in named:
        found.update(dict.fromkeys(labels.get(name, ()), score))
    return found


GUARD_STYLES: Mapping[str, GuardStyle] = {
    "llama-guard-3": GuardStyle(re.compile("llamaguard3"), 24, _ask_llama_guard),
    # Its second generation looks at pictures, and its streaming one writes nothing.
    "shieldgemma": GuardStyle(re.compile("shieldgemma(?!2(4b|$))"), 4, _ask_shield),
    "qwen3guard": GuardStyle(re.compile("qwen3guard(?!stream)"), 64, _ask_qwen),
}
"""Every style there is, by the name that settings use."""
