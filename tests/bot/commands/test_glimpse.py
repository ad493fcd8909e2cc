"""Of what is being drawn, only what was judged is ever seen."""

import asyncio
import io
from collections.abc import Callable

import pytest
from PIL import Image
from typing_extensions import override

from bot.clock import FakeClock
from bot.commands.glimpse import GAP_PX, Glimpse, side_by_side
from bot.errors import StoreError
from bot.generation.requests import (
    Finished,
    FinishReason,
    GenerationRequest,
    ImageParams,
    ImagePayload,
    Owner,
    Place,
    Progress,
)
from bot.generation.ticket import Ticket, TicketKeeper
from bot.messages import Attachment
from bot.words import T


class Nobody(TicketKeeper):
    """Keeps no tickets."""

    @override
    def place(self, request_id: str) -> Place | None:
        return None

    @override
    def cancel(self, request_id: str) -> None:
        """Nothing."""

    @override
    async def moved(self) -> None:
        """Nothing."""


class Judge:
    """Notes what it is asked; lets all pass unless it is told otherwise."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, int]] = []
        self.answer: Callable[[bytes], Attachment | None] = picture
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def passed(self, png: bytes, seed: int) -> Attachment | None:
        self.asked.append((png, seed))
        await self.may_answer.wait()
        return self.answer(png)


def picture(png: bytes) -> Attachment:
    return Attachment("preview.png", "image/png", png)


def square(colour: str, side_px: int = 8) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side_px, side_px), colour).save(file, "PNG")
    return file.getvalue()


def ticket(seed: int = 5) -> Ticket:
    request = GenerationRequest(
        id=f"r{seed}",
        model="image",
        payload=ImagePayload("a fox"),
        params=ImageParams(seed=seed),
        owner=Owner("town", "ada"),
    )
    return Ticket(request, keeper=Nobody())


def drawing(colour: str, seed: int = 5) -> Ticket:
    begun = ticket(seed)
    begun.feed(Progress(1, 9, square(colour)))
    return begun


def colour_of(shown: Attachment | None, x: int = 0) -> tuple[int, ...]:
    assert shown is not None
    found = Image.open(io.BytesIO(shown.content)).convert("RGB").getpixel((x, 0))
    assert isinstance(found, tuple)
    return found


RED, BLUE = (255, 0, 0), (0, 0, 255)


async def test_what_may_not_be_shown_is_not_and_nothing_is_tried_again() -> None:
    judge = Judge()
    judge.answer = lambda _: None
    one = drawing("red")
    async with Glimpse(judge.passed, clock=FakeClock()) as glimpse:
        assert await glimpse.of([one]) is None
        one.feed(Progress(2, 9, square("blue")))
        assert await glimpse.of([one]) is None
    assert len(judge.asked) == 1


async def test_what_was_seen_before_goes_when_the_next_may_not_be_shown() -> None:
    judge = Judge()
    one = drawing("red")
    async with Glimpse(judge.passed, clock=FakeClock()) as glimpse:
        assert colour_of(await glimpse.of([one])) == RED
        judge.answer = lambda _: None
        one.feed(Progress(2, 9, square("blue")))
        assert await glimpse.of([one]) is None


async def test_what_cannot_be_judged_is_not_shown() -> None:
    judge = Judge()

    def fails(_: bytes) -> Attachment | None:
        raise StoreError(T("The store is closed."))

    judge.answer = fails
    async with Glimpse(judge.passed, clock=FakeClock()) as glimpse:
        assert await glimpse.of([drawing("red")]) is None
    assert len(judge.asked) == 1


async def test_damaged_preview_is_not_shown() -> None:
    judge, one = Judge(), ticket()
    one.feed(Progress(1, 9, b"\x89PNG and no more"))
    async with Glimpse(judge.passed, clock=FakeClock()) as glimpse:
        assert await glimpse.of([one]) is None
    assert judge.asked == []


async def test_slow_judgement_is_waited_for_a_second_and_counts_the_next_time() -> None:
    clock, judge, one = FakeClock(), Judge(), drawing("red")
    judge.may_answer.clear()
    async with asyncio.timeout(20), Glimpse(judge.passed, clock=clock) as glimpse:
        for _ in range(2):
            looking = asyncio.create_task(glimpse.of([one]))
            while not looking.done():
                await clock.advance(0.25)
                await asyncio.sleep(0.001)
            assert looking.result() is None
            one.feed(Progress(2, 9, square("blue")))
        assert len(judge.asked) == 1
        judge.may_answer.set()
        assert colour_of(await glimpse.of([one])) == RED
        assert colour_of(await glimpse.of([one])) == BLUE


async def test_nothing_is_judged_any_more_once_it_is_over() -> None:
    judge = Judge()
    judge.may_answer.clear()
    before = asyncio.all_tasks()
    clock = FakeClock()
    async with Glimpse(judge.passed, clock=clock) as glimpse:
        looking = asyncio.create_task(glimpse.of([drawing("red")]))
        while not judge.asked:  # noqa: ASYNC110 - it comes from a thread
            await asyncio.sleep(0.001)
        await clock.advance(2)
        await looking
    assert asyncio.all_tasks() == before


async def test_same_picture_is_judged_once_and_stays_until_there_is_a_newer_one() -> (
    None
):
    judge, one = Judge(), drawing("red")
    async with Glimpse(judge.passed, clock=FakeClock()) as glimpse:
        first = await glimpse.of([one])
        one.feed(Progress(2, 9))  # a step without a preview
        assert await glimpse.of([one]) is first
        one.end(Finished(FinishReason.STOP, 0, 0))
        assert await glimpse.of([one, ticket(6)]) is first
    assert [seed for _, seed in judge.asked] == [5]


async def test_of_several_only_those_that_are_drawn_stand_side_by_side() -> None:
    judge = Judge()
    done = drawing("green", seed=5)
    done.end(Finished(FinishReason.STOP, 0, 0))
    tickets = [done, drawing("red", seed=6), ticket(7), drawing("blue", seed=8)]
    async with Glimpse(judge.passed, clock=FakeClock()) as glimpse:
        shown = await glimpse.of(tickets)
    assert colour_of(shown) == RED
    assert colour_of(shown, 8 + GAP_PX) == BLUE
    assert [seed for _, seed in judge.asked] == [6]


@pytest.mark.parametrize("sides_px", [(8,), (8, 6), (8, 6, 10, 8)])
def test_row_of_pictures_is_as_wide_as_all_and_as_high_as_the_highest(
    sides_px: tuple[int, ...],
) -> None:
    row = side_by_side([square("red", side) for side in sides_px])
    width = sum(sides_px) + GAP_PX * (len(sides_px) - 1)
    assert Image.open(io.BytesIO(row)).size == (width, max(sides_px))
