"""Plain rules for what people say of themselves, and for "remember that …".

English, Chinese and German. A rule is a pattern, never a model: the same words always
lead to the same offer.
"""

import re
from dataclasses import replace

from bot.messages import Message

__all__ = ["as_remembering", "told_of_themselves"]

SHORTEST = 3
"""What is shorter says nothing to remember, in characters."""

_ASKED = re.compile(
    r"(?:please\s+|bitte\s+|请|請)?(?:"
    r"(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?)?remember\s*"
    r"(?:,?\s+that(?!\s+(?:time|day|night|moment|one)\b)\s+|:\s*)"
    r"|merk(?:e)?\s+dir\s*(?:bitte\s*)?(?:,?\s*dass\s+|:\s*)"
    r"|denk(?:e)?\s+(?:bitte\s+)?daran\s*(?:,?\s*dass\s+|:\s*)"
    r"|(?:你)?(?:能|可以)?(?:帮我|幫我)?(?:记住|記住|记着|記著)(?![了啦吗嗎])[\s,，:：]*"
    r")(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_REQUEST = re.compile(
    r".{0,40}?(?:\b(?:can|could|would|will)\s+you\b|能|可以)", re.IGNORECASE
)
_CALLED_BY_NAME = re.compile(
    r"(?:(?:hey|hi|hallo|hello)\s+)?\w{1,32}\s*[,:，：]\s*", re.IGNORECASE
)

_CLAUSE = r"[^,;，；、\n]{1,60}"
_SENTENCE = r"[^;；\n]{1,80}"
_NOT = r"(?!\s*(?:not|no|nicht|kein|irrelevant|unknown|不)\b)"
_OFFERED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bmy name(?:'s|’s| is){_NOT}\s+{_CLAUSE}",
        rf"\b(?:you can|please) call me\s+{_CLAUSE}",
        rf"\bi live in\s+{_CLAUSE}",
        rf"\bi(?:'m|’m| am) allergic to\s+{_SENTENCE}",
        r"\bi(?:'m|’m| am) (?:a )?(?:vegetarian|vegan)\b",
        rf"\bmein name ist{_NOT}\s+{_CLAUSE}",
        rf"\bich hei(?:ß|ss)e{_NOT}\s+{_CLAUSE}",
        rf"\bich wohne in\s+{_CLAUSE}",
        rf"\bich bin allergisch (?:gegen|auf)\s+{_SENTENCE}",
        r"\bich bin (?:vegetarier(?:in)?|veganer(?:in)?|vegan)\b",
        r"我(?:的名字)?(?:叫做?|名字是|的名字是)(?!什么|什麼|啥|不)[^,;，；、\s]{1,20}",
        r"我(?:现在|現在)?住在(?!哪)[^,;，；、\s]{1,30}",
        r"我对[^,;，；\s]{1,30}过敏|我對[^,;，；\s]{1,30}過敏",
        r"我(?:是|吃)(?:素食者|素|纯素)",
    )
)
_SENTENCES = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]?")
_SENSITIVE = re.compile(
    r"\d{4}|pass\s?word|passwor[dt]|passcode|kennwort|\bpin\b|密码|密碼|口令|@|://",
    re.IGNORECASE,
)
_HYPOTHESIS = re.compile(r"\b(?:if|wenn|falls|ob|whether)\s*$|(?:如果|假如|要是)\s*$")
_NEXT = re.compile(r"\s(?:and|but|und|aber)\s(?=i\b|ich\b)", re.IGNORECASE)
_SPOKEN = re.compile(r"[\"“„«「『]\s*$")


def as_remembering(message: Message) -> Message:
    """Return "remember that …" to the bot as `/remember …`; others as they are."""
    if not message.is_to_bot or message.attachments:
        return message
    text = message.text.strip()
    found = _ASKED.fullmatch(text)
    if found is None and (called := _CALLED_BY_NAME.match(text)):
        found = _ASKED.fullmatch(text[called.end() :])
    if found is None:
        return message
    what = found["what"].strip()
    if what.endswith(("?", "？")):
        if _REQUEST.match(text) is None:
            return message  # "Remember that film?" asks for something else
        what = what.rstrip("?？ ").removesuffix("吗").removesuffix("嗎")
    if len(what) < SHORTEST:
        return message
    return replace(message, text=f"/remember {what}")


def told_of_themselves(text: str) -> str:
    """Return the words in which a person says something worth remembering, or "".

    Nothing with numbers, passwords or addresses, no question, no "if".
    """
    for sentence in _SENTENCES.findall(text):
        if sentence.endswith(("?", "？")):
            continue
        spoken = sentence.rstrip(".!。！\n ")
        for pattern in _OFFERED:
            found = pattern.search(spoken)
            if found is None:
                continue
            before = spoken[: found.start()]
            if _HYPOTHESIS.search(before) or _SPOKEN.search(before):
                continue
            words = _NEXT.split(found[0])[0]
            if not _SENSITIVE.search(words):
                return words.strip()
    return ""
