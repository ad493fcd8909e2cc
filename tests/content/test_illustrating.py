"""The picture of a post: made once, kept, made anew where its text changed."""

import asyncio
import io
from dataclasses import replace

import pytest
from PIL import Image

from bot.clock import FakeClock
from bot.config_cover import CoverConfig
from bot.drawing import Drawn, Undrawn, Wanted
from bot.drawn import Judged
from bot.errors import BackendError, OverloadedError
from bot.generation.requests import Drawing, Owner, Priority
from bot.messages import Attachment, Channel
from bot.provenance import Provenance
from bot.safety.filter import Judgement, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.store.judgements import JudgementRepository
from bot.store.post_extras import PostExtras
from bot.store.post_pictures import PostPictureRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.words import T, Words
from content.illustrating import Illustrating, picture_prompt
from content.judging import desk_of
from content.post_cover import PostCovers

PLACE = Channel("fake", "announcements", "fakeville")
BLOCK = Verdict(Action.BLOCK, "violence", 0.9, "fake", "no")


def painted(seed: int, *, is_sticker: bool) -> bytes:
    picture = Image.new("RGBA" if is_sticker else "RGB", (60, 60))
    picture.paste((seed % 256, 90, 90), (15, 15, 45, 45))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


class Painter:
    """Paints squares. Attributes: asked: what was wanted, in order."""

    def __init__(self, *, is_sticker: bool = False) -> None:
        self.asked: list[Wanted] = []
        self.refuse_next: list[str] = []
        self.is_broken = False
        self.num_busy = 0
        self._is_sticker = is_sticker

    async def draw(
        self, wanted: Wanted, *, owner: Owner, priority: Priority
    ) -> Drawn | Undrawn:
        self.asked.append(wanted)
        if self.is_broken:
            raise BackendError(T("The model could not draw this."))
        if self.num_busy:
            self.num_busy -= 1
            raise OverloadedError(T("Too many wait."))
        seed = wanted.params.seed or 0
        png = painted(seed, is_sticker=self._is_sticker)
        file = Attachment("picture.png", "image/png", png)
        if self.refuse_next:
            is_words = self.refuse_next.pop(0) == "words"
            files = () if is_words else (file,)
            subject = Subject("", Stage.OUTPUT, PLACE, attachments=files)
            return Undrawn(subject, Judgement(BLOCK, "", (BLOCK,), BLOCK))
        provenance = Provenance("painter", seed)
        passed = Judged(Subject("", Stage.OUTPUT), Judgement(ALLOW, ""))
        return Drawn(file, Drawing(png, 60, 60), provenance, passed, passed)


class Rig:
    """What makes pictures, and the post that it makes them for."""

    def __init__(self, store: Store, post: StoredPost) -> None:
        self.store = store
        self.post = post
        self.pictures = PostPictureRepository(store)

    def illustrating(
        self, painter: Painter | None = None, *, has_covers: bool = True
    ) -> Illustrating:
        covers = PostCovers(CoverConfig(), name="Hearth") if has_covers else None
        return Illustrating(
            self.pictures,
            covers=covers,
            drawer=painter,
            judgements=JudgementRepository(self.store),
            places_of=lambda _: (PLACE,),
            bot_name="Hearth",
            words=Words({}),
            clock=self.store.clock,
        )


@pytest.fixture
async def rig(store: Store, clock: FakeClock) -> Rig:
    now_utc = clock.now_utc()
    post = StoredPost(
        "p1",
        "article",
        "Tomatoes in pots",
        "pending_review",
        "en",
        "",
        now_utc,
        now_utc,
        "Small pots, big tomatoes",
        "Body.",
    )
    await PostRepository(store).create(post, actor="test")
    return Rig(store, post)


async def test_post_has_no_picture_where_nothing_makes_any(rig: Rig) -> None:
    illustrating = rig.illustrating(has_covers=False)
    assert await illustrating.picture_of(rig.post) is None
    assert await illustrating.redraw(rig.post)


async def test_broken_model_leaves_the_cover(rig: Rig) -> None:
    painter = Painter()
    painter.is_broken = True
    picture = await rig.illustrating(painter).picture_of(rig.post)
    assert picture is not None
    assert picture.name == "cover.webp"
    assert picture.provenance is None
    assert picture.description == "Cover with the title “Small pots, big tomatoes”"


@pytest.mark.parametrize(("num_busy", "name"), [(2, "picture.png"), (3, "cover.webp")])
async def test_busy_model_is_asked_again_for_a_while(
    rig: Rig, clock: FakeClock, num_busy: int, name: str
) -> None:
    painter = Painter()
    painter.num_busy = num_busy
    drawing = asyncio.create_task(rig.illustrating(painter).picture_of(rig.post))
    async with asyncio.timeout(20):
        while not drawing.done():
            if clock.num_sleepers:
                await clock.advance(60)
            await asyncio.wait([drawing], timeout=0.005)
    picture = await drawing
    assert picture is not None
    assert picture.name == name


@pytest.mark.parametrize(
    ("refusals", "times_asked", "name"),
    [
        (["words"], 1, "cover.webp"),
        (["picture"], 2, "picture.png"),
        (["picture", "picture"], 2, "cover.webp"),
    ],
)
async def test_refused_picture_is_noted_and_tried_once_more(
    rig: Rig, refusals: list[str], times_asked: int, name: str
) -> None:
    painter = Painter()
    painter.refuse_next = [*refusals]

    picture = await rig.illustrating(painter).picture_of(rig.post)

    assert picture is not None
    assert picture.name == name
    assert len({wanted.params.seed for wanted in painter.asked}) == times_asked
    judged = await JudgementRepository(rig.store).of_message("p1", desk_of("p1"))
    assert len(judged) == len(refusals)


async def test_drawn_picture_is_kept_with_its_words_and_not_drawn_again(
    rig: Rig,
) -> None:
    painter = Painter()
    first = await rig.illustrating(painter).picture_of(rig.post)
    again = await rig.illustrating(painter).picture_of(rig.post)  # after a restart

    assert first is not None
    assert again == first
    assert first.provenance is not None
    assert first.provenance.model == "painter"
    assert first.description == "A picture made by AI: Small pots, big tomatoes"
    (wanted,) = painter.asked
    assert wanted.places == (PLACE,)
    assert "photograph of Tomatoes in pots" in wanted.prompt
    kept = await rig.pictures.get("p1")
    assert kept is not None
    assert (kept.prompt, kept.is_cover) == (wanted.prompt, False)


async def test_sticker_is_set_into_the_cover(rig: Rig) -> None:
    plain = await rig.illustrating().picture_of(rig.post)
    await rig.illustrating(painter := Painter(is_sticker=True)).redraw(rig.post)
    picture = await rig.illustrating(painter).picture_of(rig.post)

    assert plain is not None
    assert picture is not None
    assert picture.name == "cover.webp"
    assert picture.content != plain.content
    assert picture.provenance is not None
    assert picture.provenance.model == "painter"


async def test_next_picture_takes_the_place_of_the_one_before(rig: Rig) -> None:
    illustrating = rig.illustrating()
    first = await illustrating.picture_of(rig.post)
    assert await illustrating.redraw(rig.post)
    second = await illustrating.picture_of(rig.post)

    assert first is not None
    assert second is not None
    assert first.content != second.content
    kept = await rig.pictures.get("p1")
    assert kept is not None
    assert kept.number == 1


async def test_decided_post_keeps_its_picture(rig: Rig) -> None:
    illustrating = rig.illustrating()
    first = await illustrating.picture_of(rig.post)
    await PostRepository(rig.store).transition(
        "p1", "pending_review", "approved", actor="test"
    )
    assert not await illustrating.redraw(rig.post)
    assert await illustrating.picture_of(rig.post) == first


async def test_other_title_makes_a_new_cover_but_no_new_drawing(rig: Rig) -> None:
    renamed = replace(rig.post, title="Other words")
    painter = Painter()
    drawn = await rig.illustrating(painter).picture_of(rig.post)
    assert await rig.illustrating(painter).picture_of(renamed) == drawn

    await rig.illustrating().redraw(rig.post)
    cover = await rig.illustrating().picture_of(rig.post)
    other = await rig.illustrating().picture_of(renamed)
    assert cover is not None
    assert other is not None
    assert other.content != cover.content
    assert "Other words" in other.description


async def test_other_scene_is_drawn_anew(rig: Rig) -> None:
    painter = Painter()
    first = replace(rig.post, extras=PostExtras(scene="a fox in the snow"))
    second = replace(rig.post, extras=PostExtras(scene="a hare in the grass"))
    illustrating = rig.illustrating(painter)
    picture = await illustrating.picture_of(first)
    await illustrating.picture_of(second)

    assert picture is not None
    assert picture.description == "A picture made by AI: a fox in the snow"
    assert [wanted.prompt.split(",")[0] for wanted in painter.asked] == [
        "a fox in the snow",
        "a hare in the grass",
    ]


async def test_many_who_ask_at_once_get_the_same(rig: Rig) -> None:
    painter = Painter()
    illustrating = rig.illustrating(painter)
    async with asyncio.timeout(20):
        pictures = await asyncio.gather(
            *(illustrating.picture_of(rig.post) for _ in range(5))
        )
    assert len(painter.asked) == 1
    assert len({picture.content for picture in pictures if picture}) == 1


@pytest.mark.parametrize("kind", ["quiz", "translation", "digest"])
def test_what_is_no_subject_is_not_asked_for(rig: Rig, kind: str) -> None:
    odd = replace(rig.post, kind=kind, topic="a question | right | wrong | wrong")
    assert "|" not in picture_prompt(odd)


def test_subject_in_another_script_is_left_out(rig: Rig) -> None:
    assert picture_prompt(replace(rig.post, topic="番茄")).isascii()
