import asyncio
import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from structlog.testing import capture_logs
from typing_extensions import override

from bot.errors import MissingError, StoreError
from bot.messages import Attachment, Author, Channel
from bot.safety.classifier import Scores
from bot.safety.filter import FilterChain, Subject
from bot.safety.picture_filter import PictureFilter, is_picture
from bot.safety.pictures.fake import FakePictureClassifier, FakePictureReader
from bot.safety.pictures.opener import DirectOpener, PictureOpener
from bot.safety.pictures.perceptual_hash import HashList, picture_hashes
from bot.safety.pictures.picture import Picture, PictureLimits, PictureRefusedError
from bot.safety.pictures.text_in_picture import PictureReader
from bot.safety.policy import Category, Level, Policy
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.words import T

RED, PINK, DARK = (255, 0, 0), (204, 90, 90), (90, 90, 90)
FOR_ADULTS = Policy(is_age_restricted=True)


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (30, 20)) -> bytes:
    """Return a PNG of one colour; the fake classifier finds red ones indecent."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def drawing(seed: int) -> bytes:
    """Return a PNG that differs from others."""
    grain = hashlib.shake_256(bytes([seed])).digest(12 * 9 * 3)
    file = io.BytesIO()
    image = Image.frombytes("RGB", (12, 9), grain).resize((240, 180))
    image.point(lambda value: value // 2).save(file, "PNG")
    return file.getvalue()


def png(content: bytes) -> Attachment:
    return Attachment("picture.png", "image/png", content)


@pytest.fixture
def message(channel: Channel, author: Author) -> Subject:
    return Subject("Look!", Stage.INPUT, channel, author)


def build(
    *,
    reader: PictureReader | None = None,
    words: Callable[[str], Verdict] | None = None,
    **options: object,
) -> PictureFilter:
    async def judge_text(text: str, subject: Subject) -> Verdict:
        assert words is not None
        return words(text)

    collaborators: dict[str, object] = {
        "opener": DirectOpener(PictureLimits(max_bytes=100_000)),
        "classifier": FakePictureClassifier(),
        "reader": reader,
        "judge_text": judge_text if words else None,
    }
    return PictureFilter(**{**collaborators, **options})  # type: ignore[arg-type]


async def judge(candidate: PictureFilter, subject: Subject, *files: bytes) -> Verdict:
    attachments = tuple(png(content) for content in files)
    return await candidate.judge(replace(subject, attachments=attachments))


@pytest.mark.parametrize(
    ("content", "category", "limit"),
    [
        (bytes(100_001), "picture_size", 100_000),
        (b"no picture at all", "picture_format", None),
        (b"II*\x00" + bytes(90), "picture_format", None),
        (plain(DARK)[:-15], "picture_broken", None),
        (plain(DARK) + b"PK\x03\x04", "picture_polyglot", None),
    ],
    ids=["size", "format", "other", "broken", "polyglot"],
)
@pytest.mark.parametrize("stage", list(Stage))
async def test_picture_that_is_not_opened_blocks(
    message: Subject, content: bytes, category: str, limit: int | None, stage: Stage
) -> None:
    verdict = await judge(build(), replace(message, stage=stage), content)

    assert verdict.action is Action.BLOCK
    assert (verdict.category, verdict.limit) == (category, limit)
    assert verdict.filter == "pictures"
    assert verdict.reason.startswith("picture 1 ")


async def test_opened_in_the_chain_a_picture_that_hangs_blocks_at_both_stages(
    message: Subject,
) -> None:
    class Hanging(PictureOpener):
        @override
        async def open(self, content: bytes) -> Picture:
            never: asyncio.Future[Picture] = asyncio.get_running_loop().create_future()
            return await never

    chain = FilterChain([build(opener=Hanging(), time_limit_s=0.02)])
    for stage in Stage:
        subject = replace(message, stage=stage, attachments=(png(plain(DARK)),))

        judgement = await chain.judge(subject)

        assert judgement.is_blocked
        assert judgement.verdict.category == "picture_slow"


@pytest.mark.parametrize(
    "category", ["size", "format", "bomb", "frames", "polyglot", "broken", "slow"]
)
async def test_every_refusal_of_the_opener_has_a_reason(
    message: Subject, category: str
) -> None:
    class Refusing(PictureOpener):
        @override
        async def open(self, content: bytes) -> Picture:
            raise PictureRefusedError(category, limit=7)

    verdict = await judge(build(opener=Refusing()), message, plain(DARK))

    assert verdict.category == f"picture_{category}"
    assert verdict.reason
    assert verdict.limit == 7


async def test_message_without_files_passes_at_once(message: Subject) -> None:
    assert await build().judge(message) is ALLOW


async def test_file_that_is_no_picture_passes(message: Subject) -> None:
    notes = Attachment("notes.txt", "text/plain", b"GIF is a format")
    classifier = FakePictureClassifier()

    verdict = await build(classifier=classifier).judge(
        replace(message, attachments=(notes,))
    )

    assert verdict is ALLOW
    assert not classifier.asked


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("notes.txt", "text/plain", plain(RED)),
        ("noname", "", b"\xff\xd8\xff\xe0" + bytes(50)),
        ("a.bin", "application/octet-stream", b"GIF89a" + bytes(50)),
        ("a.heic", "", b"\x00\x00\x00\x18ftypheic"),
        ("scan", "", b"MM\x00*" + bytes(20)),
        ("logo.SVG", "", b"<svg/>"),
        ("a", "IMAGE/x-icon", b""),
    ],
)
async def test_picture_in_disguise_is_judged(
    message: Subject, name: str, media_type: str, content: bytes
) -> None:
    file = Attachment(name, media_type, content)
    assert is_picture(file)

    verdict = await build().judge(replace(message, attachments=(file,)))

    assert verdict.action is Action.BLOCK


async def test_harmless_picture_passes_with_its_score(message: Subject) -> None:
    for stage in Stage:
        verdict = await judge(build(), replace(message, stage=stage), plain(DARK))

        assert verdict == ALLOW
        assert verdict.scores == {"sexual": pytest.approx(90 / 255)}


async def test_indecent_picture_blocks_with_its_score(message: Subject) -> None:
    verdict = await judge(build(), message, plain(RED))

    assert (verdict.action, verdict.category) == (Action.BLOCK, "sexual")
    assert verdict.score == 1.0
    assert verdict.scores == {"sexual": 1.0}
    assert verdict.reason == "picture 1 looks sexual to fake"


async def test_one_bad_picture_of_several_blocks_and_is_named(
    message: Subject,
) -> None:
    classifier = FakePictureClassifier()
    candidate = build(classifier=classifier)

    verdict = await judge(
        candidate, message, plain(DARK), plain(RED), plain(DARK), plain(DARK)
    )

    assert verdict.action is Action.BLOCK
    assert verdict.reason.startswith("picture 2 ")
    assert len(classifier.asked) == 2  # the rest need not be looked at


async def test_highest_score_of_several_is_kept(message: Subject) -> None:
    verdict = await judge(
        build(), message, plain(DARK), plain((120, 0, 0)), plain(DARK)
    )

    assert verdict.action is Action.ALLOW
    assert verdict.scores == {"sexual": pytest.approx(120 / 255)}


@pytest.mark.parametrize(
    ("policy", "colour", "action"),
    [
        (Policy(), PINK, Action.BLOCK),
        (FOR_ADULTS, PINK, Action.ALLOW),
        (FOR_ADULTS, RED, Action.BLOCK),
        (Policy(level=Level.STRICT), (110, 90, 90), Action.BLOCK),
        (Policy(level=Level.OFF), RED, Action.ALLOW),
        (Policy(levels={Category.SEXUAL: Level.OFF}), RED, Action.ALLOW),
        (Policy(thresholds={Category.SEXUAL: 0.3}), DARK, Action.BLOCK),
        (Policy(thresholds={Category.SEXUAL: 0.99}), PINK, Action.ALLOW),
        (Policy(Level.OFF, thresholds={Category.SEXUAL: 0.1}), RED, Action.ALLOW),
        (Policy(is_shadow=True), RED, Action.FLAG),
    ],
)
async def test_place_decides_what_is_too_much(
    message: Subject,
    policy: Policy,
    colour: tuple[int, int, int],
    action: Action,
) -> None:
    verdict = await judge(build(), replace(message, policy=policy), plain(colour))

    assert verdict.action is action
    assert verdict.scores.keys() == {"sexual"}


async def test_listed_picture_blocks_where_it_is_listed(message: Subject) -> None:
    unwanted = picture_hashes(await DirectOpener().open(drawing(1)))
    places: list[Channel | None] = []

    async def hashes_of(channel: Channel | None) -> HashList:
        places.append(channel)
        return HashList((value, "spam") for value in unwanted)

    candidate = build(hashes_of=hashes_of)

    verdict = await judge(candidate, message, drawing(2), drawing(1))
    assert (verdict.action, verdict.category) == (Action.BLOCK, "picture_listed")
    assert verdict.reason == "picture 2 is on the list of unwanted pictures"
    assert verdict.scores.keys() == {"sexual"}
    assert places == [message.channel] * 2

    shadow = replace(message, policy=Policy(is_shadow=True))
    assert (await judge(candidate, shadow, drawing(1))).action is Action.BLOCK
    assert (await judge(candidate, message, drawing(3))).action is Action.ALLOW


def bad_words(text: str) -> Verdict:
    if "grapefruit" not in text:
        return replace(ALLOW, scores={"hate": 0.1})
    return Verdict(Action.BLOCK, "word", 1.0, "word_list", "has a blocked word")


async def test_what_is_written_in_a_picture_is_judged_as_a_text(
    message: Subject,
) -> None:
    reader = FakePictureReader({(30, 20): "Buy grapefruit", (31, 20): "Hello"})
    candidate = build(reader=reader, words=bad_words)

    good = await judge(candidate, message, plain(DARK, (31, 20)), plain(DARK, (9, 9)))
    bad = await judge(candidate, message, plain(DARK, (31, 20)), plain(DARK))

    assert good.action is Action.ALLOW
    assert good.scores == {"hate": 0.1, "sexual": pytest.approx(90 / 255)}
    assert (bad.action, bad.category, bad.filter) == (Action.BLOCK, "word", "pictures")
    assert bad.reason == "text in picture 2: has a blocked word"


async def test_what_cannot_be_taken_out_of_a_picture_is_flagged(
    message: Subject,
) -> None:
    redacted = Verdict(Action.REDACT, "personal", 0.8, "pii", "a number", "Call ***")
    candidate = build(
        reader=FakePictureReader({(30, 20): "Call 5550100"}), words=lambda _: redacted
    )

    verdict = await judge(candidate, message, plain(DARK))

    assert (verdict.action, verdict.text) == (Action.FLAG, None)


class BrokenClassifier(FakePictureClassifier):
    @override
    async def classify(self, picture: Picture) -> Scores:
        raise MissingError(T("The weights are damaged."))


class BrokenReader(PictureReader):
    @override
    async def read(self, picture: Picture) -> str:
        raise MissingError(T("The models are gone."))


async def broken_list(channel: Channel | None) -> HashList:
    raise StoreError(T("The disk is gone."))


@pytest.mark.parametrize(
    "broken",
    [
        {"classifier": BrokenClassifier()},
        {"reader": BrokenReader(), "words": bad_words},
        {"hashes_of": broken_list},
    ],
    ids=["classifier", "reader", "list"],
)
@pytest.mark.parametrize("stage", list(Stage))
async def test_picture_that_cannot_be_checked_blocks(
    message: Subject, broken: dict[str, Any], stage: Stage
) -> None:
    with capture_logs() as logs:
        verdict = await judge(
            build(**broken), replace(message, stage=stage), plain(DARK)
        )

    assert (verdict.action, verdict.category) == (Action.BLOCK, "failure")
    assert verdict.reason == "picture 1 could not be checked"
    assert logs[-1]["event"] == "picture cannot be checked"
