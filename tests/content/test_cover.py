import asyncio
import io
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.errors import UserError
from bot.lettering.fonts import Fonts, cleaned_title
from content.cover import Covers, Shape, make_cover
from content.cover_colours import READABLE, Ground, scheme_of
from content.cover_compositions import COMPOSITIONS, SIZES, SUITED, composition_for
from content.cover_contrast import worst_contrast
from content.cover_lettering import Lettering

NO_SYSTEM_FONTS: tuple[Path, ...] = ()
FONTS = Fonts(system_folders=NO_SYSTEM_FONTS)
TITLE = "Watering tomatoes in a heat wave"
ODD_TITLES = (
    "",
    " ",
    "Hi",
    TITLE,
    "word " * 80,
    "x" * 400,
    "炎热天气里如何给番茄浇水",
    "كيف تسقي الطماطم",
    "ᚠᚢᚦ",
    "🍅🍅🍅",
)


def cover(title: str = TITLE, *, kind: str = "article", seed: int = 1) -> bytes:
    return make_cover(title, kind=kind, name="Gardeners", seed=seed, fonts=FONTS)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def are_alike(one: bytes, other: bytes) -> bool:
    difference = ImageChops.difference(opened(one), opened(other))
    return max(high for _, high in difference.getextrema()) < 40  # type: ignore[misc]


def chunks_of_webp(content: bytes) -> list[bytes]:
    names, place = [], 12
    while place < len(content):
        names.append(content[place : place + 4])
        length = int.from_bytes(content[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    return names


@pytest.mark.parametrize("shape", Shape)
def test_a_cover_has_the_size_of_its_shape(shape: Shape) -> None:
    content = make_cover(TITLE, kind="poem", name="x", shape=shape, fonts=FONTS)
    assert opened(content).size == SIZES[shape]


def test_a_cover_is_small_and_says_nothing_about_who_made_it() -> None:
    content = cover()
    assert len(content) < 400_000
    assert chunks_of_webp(content) == [b"VP8 "]


def test_the_same_arguments_give_the_same_bytes_whatever_was_made_before() -> None:
    fresh = Fonts(system_folders=NO_SYSTEM_FONTS)
    first = make_cover(TITLE, kind="article", name="Gardeners", seed=1, fonts=fresh)
    cover("Something else", seed=2)
    assert cover() == first


def test_another_seed_gives_another_picture() -> None:
    assert len({cover(seed=seed) for seed in range(6)}) == 6


def test_a_colour_that_cannot_be_read_is_said_so() -> None:
    with pytest.raises(UserError, match="Write it like"):
        make_cover(TITLE, kind="article", name="x", colours=["blood"], fonts=FONTS)


def test_no_colours_are_the_colours_of_the_hearth() -> None:
    bare = make_cover(
        TITLE, kind="article", name="Gardeners", seed=1, colours=(), fonts=FONTS
    )
    assert bare == cover()


@pytest.mark.parametrize("title", ["ᚠᚢᚦ", "", "🍅"])
def test_the_name_stands_for_a_title_that_no_font_can_write(title: str) -> None:
    assert are_alike(
        cover(title),
        make_cover("Gardeners", kind="article", name="", seed=1, fonts=FONTS),
    )


def test_nothing_that_can_be_written_still_gives_a_picture() -> None:
    content = make_cover("ᚠ", kind="ᚠ", name="ᚠ", fonts=FONTS)
    assert opened(content).size == SIZES[Shape.WIDE]


def test_the_label_is_in_the_language_of_the_post() -> None:
    german = make_cover(
        TITLE, kind="article", name="Gardeners", seed=1, label="Artikel", fonts=FONTS
    )
    assert not are_alike(german, cover())


def test_a_title_from_the_right_turns_the_whole_cover_round() -> None:
    frames = {
        name: composition.frames[Shape.WIDE]
        for name, composition in COMPOSITIONS.items()
    }
    for frame in frames.values():
        turned = frame.mirrored(1200)
        assert turned.box.width == frame.box.width
        assert turned.box.left == 1200 - frame.box.right
    picture = opened(cover("שלום לכל הגננים", kind="digest", seed=3))
    other = opened(cover("Hello to all gardeners", kind="digest", seed=3))
    strip = (1000, 0, 1200, 630)
    mirrored = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).crop(strip)
    difference = ImageChops.difference(mirrored, other.crop(strip))
    assert sum(difference.resize((1, 1)).tobytes()) < 12


@pytest.mark.parametrize("name", COMPOSITIONS)
@pytest.mark.parametrize("shape", Shape)
def test_words_keep_to_their_frame(name: str, shape: Shape) -> None:
    composition = COMPOSITIONS[name]
    frame, scheme = composition.frames[shape], scheme_of((), composition.grounds[0])
    plain = Image.new("RGB", SIZES[shape], scheme.ground)
    for title in ODD_TITLES:
        lettering = Lettering(FONTS, scheme, frame)
        written = lettering.on(
            plain.copy(), title=cleaned_title(title), label="Article", name="y" * 90
        )
        box = ImageChops.difference(plain, written).getbbox()
        assert box is not None
        assert box[0] >= frame.box.left - 2
        assert box[1] >= frame.box.top - 2
        assert box[2] <= frame.box.right + 2
        assert box[3] <= frame.box.bottom + 2


@pytest.mark.parametrize("name", COMPOSITIONS)
@pytest.mark.parametrize("shape", Shape)
def test_frames_leave_a_margin(name: str, shape: Shape) -> None:
    (width, height), box = SIZES[shape], COMPOSITIONS[name].frames[shape].box
    assert min(box.left, box.top, width - box.right, height - box.bottom) >= 40


@pytest.mark.parametrize("name", COMPOSITIONS)
@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), max_size=2),
    st.sampled_from(Ground),
    st.sampled_from(Shape),
    st.sampled_from([TITLE, "Hi", "What we talked about this week, and more " * 3]),
    st.integers(0, 999),
)
def test_all_words_can_be_read_on_whatever_was_painted(
    name: str, colours: list[str], ground: Ground, shape: Shape, title: str, seed: int
) -> None:
    composition = COMPOSITIONS[name]
    scheme = scheme_of(colours, ground)
    painted = composition.paint(SIZES[shape], scheme, Random(seed))  # noqa: S311
    picture, words = Lettering(FONTS, scheme, composition.frames[shape]).readable(
        painted, title=title, label="Article", name="Gardeners"
    )
    assert len(words) == 3
    for _, setting, ink in words:
        for line in setting.lines:
            assert worst_contrast(picture, line.ink, ink) >= READABLE


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=30))
def test_every_title_gives_a_picture(title: str, kind: str, name: str) -> None:
    content = make_cover(title, kind=kind, name=name, fonts=FONTS)
    assert opened(content).size == SIZES[Shape.WIDE]


@pytest.mark.parametrize("kind", [*SUITED, "something new"])
def test_every_kind_has_compositions(kind: str) -> None:
    for seed in range(10):
        chosen = composition_for(kind, Random(seed))  # noqa: S311
        assert set(chosen.frames) == set(Shape)
    assert set(SUITED.get(kind, ())) <= set(COMPOSITIONS)


def test_a_cover_takes_a_fraction_of_a_second() -> None:
    spent_s = []
    for seed in range(5):
        start_s = time.process_time()
        cover(seed=seed)
        spent_s.append(time.process_time() - start_s)
    assert min(spent_s) < 0.5


async def test_covers_are_made_beside_the_event_loop_and_named_neutrally() -> None:
    covers = Covers()
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    both = await asyncio.gather(
        covers.cover(TITLE, kind="article", name="Gardeners", seed=1),
        covers.cover(TITLE, kind="poem", name="Gardeners", colours=["#0a6"]),
    )
    turning.cancel()
    assert turns > 10
    assert {attachment.name for attachment in both} == {"cover.webp"}
    assert {attachment.media_type for attachment in both} == {"image/webp"}
    assert opened(both[0].content).size == SIZES[Shape.WIDE]
    assert both[0].content != both[1].content


async def test_a_community_has_its_own_colours() -> None:
    covers = Covers(colours=["#0f766e"])
    own = await covers.cover(TITLE, kind="poem", name="x", colours=["#7c3aed"])
    same = await Covers(colours=["#7c3aed"]).cover(TITLE, kind="poem", name="x")
    assert own == same
