"""What every filter keeps to. A new filter adds a row to CAUGHT."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.config_safety import PersonalDataConfig, SafetyConfig
from bot.messages import Attachment, Author, Channel
from bot.safety.fake import FakeClassifier
from bot.safety.filter import Filter, Subject
from bot.safety.filters import FILTERS, FilterParts, PictureParts
from bot.safety.pictures.fake import FakePictureClassifier
from bot.safety.pictures.opener import DirectOpener
from bot.safety.pictures.perceptual_hash import HashList
from bot.safety.policy import Category
from bot.safety.verdict import Action, Stage, Verdict

CONFIG = SafetyConfig(
    person_per_minute=5,
    channel_per_minute=8,
    max_length=500,
    personal_data=PersonalDataConfig(action="redact"),
    blocked_words=("grapefruit", "sour grape*", "*nope*", "葡萄", "🍇"),
)
GUARD = FakeClassifier({"vermin": {Category.HATE: 0.93}})
PROMPT = "You are the keeper of the lighthouse and speak of nothing but the sea."
NO_PICTURE = Attachment("cat.png", "image/png", b"this is no picture")
ROOM = Channel("web", "general", "home")
ADA = Author("1", "Ada")


@dataclass(frozen=True, slots=True)
class Caught:
    """A text that a filter catches when it comes so many times."""

    text: str
    action: Action
    category: str
    times: int = 1
    stage: Stage = Stage.INPUT
    attachments: tuple[Attachment, ...] = ()


CAUGHT: Mapping[str, Caught] = {
    "too_fast": Caught("hello", Action.BLOCK, "flood", times=6),
    "mention_spam": Caught(
        "<@1> <@2> <@3> <@4> <@5> <@6> <@7> <@8> <@9>", Action.BLOCK, "mention"
    ),
    "repeats": Caught(
        "Free coins for everybody who joins!", Action.BLOCK, "repeat", times=5
    ),
    "too_long": Caught("a" * 501, Action.BLOCK, "length"),
    "secrets": Caught(
        "My key is hf_aB3dE6gH9aB3dE6gH9aB3dE6gH9aB3dE6gH9, ok?",
        Action.REDACT,
        "secret",
    ),
    "personal_data": Caught("Write to joe@gmail.com", Action.REDACT, "personal"),
    "word_list": Caught("Have a Grapefruit!", Action.BLOCK, "word"),
    "links": Caught("[bank.org](https://phish.net)", Action.FLAG, "link"),
    "prompt_leak": Caught(PROMPT, Action.BLOCK, "prompt_leak", stage=Stage.OUTPUT),
    "guard": Caught("You worthless vermin!", Action.BLOCK, "hate"),
    "pictures": Caught(
        "Look!", Action.BLOCK, "picture_format", attachments=(NO_PICTURE,)
    ),
    "mass_mentions": Caught("Come, @everyone!", Action.REDACT, "mention"),
}

ORDINARY = [
    "Hello everyone, I am here now!",
    "Could you kill the process on port 8080?",
    "I could murder a pizza right now.",
    "The suspect shot the sheriff in the film we saw.",
    "My doctor says the lump in my breast is harmless.",
    "Thanks <@123456789>, that was kind.",
    "Write to joe@channel.example or call at 5 pm @ the gym.",
    "1. Bread\n2. Milk\n3. Eggs",
    "```python\n@property\ndef name(self) -> str: ...\n```",
    "Is 3.14 > 2.71? Yes! e.g. see https://a.example/?q=1#x",
    "LOL 😂😂😂 that's sooo good!!!",
    "the quick brown fox jumps over the lazy dog",
    "你好，今天天气怎么样？",
    "我们明天下午三点开会，请大家准时参加。",
    "这本书很有意思，我看了两遍。",
    "你能帮我写一首关于春天的诗吗？",
    "杀死这个进程就好了。",
    "谢谢@小明的帮助！",
    "周末去爬山怎么样",
    "Python 3.11 比以前快多了。",
    "Guten Morgen, wie geht es euch allen?",
    "Der Zug fährt z. B. um 9.30 Uhr ab.",
    "Ich könnte für ein Eis töten.",
    "Über Straßen und Brücken müssen wir reden.",
    "Das kostet ca. 3,50 € pro Stück.",
    "Schreib mir doch @ada, wenn du da bist.",
    "¿Qué tal el fin de semana?",
    "Me muero de risa con este vídeo.",
    "El niño comió una manzana y dos peras.",
    "¡Feliz cumpleaños, Íñigo!",
    "La reunión es a las 17:00 en la sala 2.",
    "Привет всем, как дела?",
    "Убей процесс и запусти его снова.",
    "Ёлка стоит в углу, а кот спит под ней.",
    "Встречаемся в 18:00 у метро.",
    "Спасибо, это очень помогло!",
    "مرحبا، كيف حالكم اليوم؟",
    "سأصل الساعة الخامسة مساءً.",
    "شكرا جزيلا يا @sara على المساعدة.",
    "هذا الكتاب جميل جدا.",
    "قهوة أم شاي؟",
]

STRANGE = [
    "",
    " ",
    "\n" * 50,
    "\x00\x01\x1b[31m\x7f\x85",
    "\ud800 \udfff \ud83d",
    "\u202eright to left\u202c \u2067עברית\u2069",
    "e" + "\u0301" * 400,
    "👨‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽" * 20,
    "\u200b\u200d\u2060\ufeff",
    "￾￿\U0010ffff",
    "@" * 400,
    "<@" * 200,
    "`" * 399,
]

HUGE = [
    "a" * 1_000_000,
    "Hello there, my friend. " * 41_666,
    "好" * 1_000_000,
    "@\u200b" * 500_000,
    "\u0301\u0316" * 500_000,
    "👨‍👩‍👧‍👦" * 142_000,
    "<@1> " * 200_000,
    "`@a`" * 250_000,
    "\x00" * 1_000_000,
]


async def no_hashes(channel: Channel | None) -> HashList:
    return HashList()


def build(name: str, config: SafetyConfig = CONFIG) -> Filter:
    parts = FilterParts(
        config=config,
        clock=FakeClock(),
        guard=GUARD,
        prompts=(PROMPT,),
        pictures=PictureParts(
            opener=DirectOpener(),
            classifier=FakePictureClassifier(),
            hashes_of=no_hashes,
            reader=None,
            max_distance=8,
        ),
    )
    built = FILTERS[name](parts)
    assert built is not None
    return built


def subjects(candidate: Filter, text: str) -> list[Subject]:
    """Return the text at every stage that the filter judges, with and without place."""
    return [
        subject
        for stage in sorted(candidate.stages)
        for subject in (
            Subject(text, stage, ROOM, ADA),
            Subject(text, stage),
            Subject(text, stage, before="Before this. "),
        )
    ]


def check(verdict: Verdict, candidate: Filter) -> None:
    """Assert what is true of every verdict of every filter."""
    assert 0 <= verdict.score <= 1
    assert (verdict.text is not None) == (verdict.action is Action.REDACT)
    if verdict.action is not Action.ALLOW:
        assert verdict.filter == candidate.name
        assert verdict.category
        assert verdict.reason


every_filter = pytest.mark.parametrize("name", list(FILTERS))


def test_every_filter_has_a_row() -> None:
    assert list(CAUGHT) == list(FILTERS)


@every_filter
def test_filter_is_called_as_in_the_table(name: str) -> None:
    candidate = build(name)

    assert candidate.name == name
    assert candidate.stages


@every_filter
async def test_filter_catches_what_it_is_for(name: str) -> None:
    candidate, caught = build(name), CAUGHT[name]
    subject = Subject(
        caught.text, caught.stage, ROOM, ADA, attachments=caught.attachments
    )

    for _ in range(caught.times):
        verdict = await candidate.judge(subject)

    check(verdict, candidate)
    assert (verdict.action, verdict.category) == (caught.action, caught.category)
    assert caught.text not in verdict.reason


@every_filter
@pytest.mark.parametrize("text", ORDINARY)
async def test_filter_allows_ordinary_talk(name: str, text: str) -> None:
    candidate = build(name)

    for subject in subjects(candidate, text):
        assert (await candidate.judge(subject)).action is Action.ALLOW


@every_filter
@pytest.mark.parametrize("text", STRANGE, ids=lambda text: ascii(text[:12]))
async def test_filter_survives_strange_text(name: str, text: str) -> None:
    candidate = build(name)

    for subject in subjects(candidate, text):
        verdict = await candidate.judge(subject)
        check(verdict, candidate)
        assert verdict.action is Action.ALLOW


@every_filter
@pytest.mark.parametrize("text", HUGE, ids=lambda text: ascii(text[:6]))
async def test_filter_judges_a_huge_text_in_time(name: str, text: str) -> None:
    candidate = build(name)
    start_s = time.process_time()

    check(await candidate.judge(Subject(text, max(candidate.stages))), candidate)

    assert time.process_time() - start_s < 4  # measured: under 0.7 s


@every_filter
@given(text=st.text() | st.text(st.characters()))
@settings(max_examples=60)
async def test_filter_takes_any_text_and_is_stable(name: str, text: str) -> None:
    candidate = build(name)

    for subject in subjects(candidate, text):
        verdict = await candidate.judge(subject)
        check(verdict, candidate)
        if verdict.text is not None:
            again = await candidate.judge(Subject(verdict.text, subject.stage))
            assert again.action is Action.ALLOW


@every_filter
async def test_filter_allows_its_own_redacted_text(name: str) -> None:
    candidate = build(name)
    verdict = await candidate.judge(
        Subject(CAUGHT[name].text, CAUGHT[name].stage, ROOM)
    )
    redacted = verdict.text or "nothing was redacted"

    again = await candidate.judge(Subject(redacted, CAUGHT[name].stage, ROOM))

    assert again.action is Action.ALLOW
