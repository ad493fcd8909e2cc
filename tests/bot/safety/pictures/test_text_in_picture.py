import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from bot.clock import FakeClock
from bot.errors import MissingError
from bot.safety.pictures.picture import Frame
from bot.safety.pictures.text_in_picture import LineEngine, LineReader, Place
from bot.words import T

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio


def place(left: float, top: float, height: float) -> Place:
    right, bottom = left + 50, top + height
    return Place(((left, top), (right, top), (right, bottom), (left, bottom)))


class Watch(FakeClock):
    """Moves on by a second for each line, in whatever thread that is read."""

    def __init__(self) -> None:
        super().__init__()
        self._now_s = 0.0

    @override
    def monotonic(self) -> float:
        return self._now_s

    def tick(self) -> None:
        self._now_s += 1


class FakeEngine(LineEngine):
    """Finds the same lines in each frame; reading one calls `while_reading`."""

    def __init__(
        self,
        lines: list[tuple[Place, str, float]],
        while_reading: Callable[[], object] = lambda: None,
    ) -> None:
        self.read_lines: list[str] = []
        self.threads: set[int] = set()
        self._lines = lines
        self._while_reading = while_reading

    @override
    def find(self, frame: Frame) -> list[Place]:
        return [where for where, _, _ in self._lines]

    @override
    def read(self, frame: Frame, place: Place) -> tuple[str, float]:
        self.threads.add(threading.get_ident())
        text, score = next(
            (text, score) for where, text, score in self._lines if where is place
        )
        self.read_lines.append(text)
        self._while_reading()
        return text, score


LINES = [
    (place(100, 10, 12), "right", 0.9),
    (place(0, 10, 14), "left", 0.9),
    (place(0, 90, 40), "LARGE", 0.99),
    (place(0, 50, 11), "smudge", 0.3),
    (place(0, 70, 9), "  ", 0.9),
]


async def test_reader_that_cannot_be_loaded_is_tried_again(studio: "Studio") -> None:
    engines = [FakeEngine(LINES)]

    def load() -> LineEngine:
        if len(engines) == 1:
            engines.append(engines[0])
            raise MissingError(T("It is not installed."))
        return engines[0]

    reader = LineReader(load, clock=FakeClock())
    picture = studio.picture(studio.scene())

    with pytest.raises(MissingError):
        await reader.read(picture)

    assert "LARGE" in await reader.read(picture)
    reader.close()


async def test_picture_without_text_reads_as_nothing(studio: "Studio") -> None:
    reader = LineReader(lambda: FakeEngine([]), clock=FakeClock())

    assert await reader.read(studio.picture(studio.scene())) == ""
    reader.close()


async def test_lines_are_read_largest_first_and_told_from_the_top(
    studio: "Studio",
) -> None:
    engine = FakeEngine(LINES)
    reader = LineReader(lambda: engine, clock=FakeClock())

    text = await reader.read(studio.picture(studio.scene()))

    assert text == "left\nright\nLARGE"
    assert engine.read_lines == ["LARGE", "left", "right", "smudge", "  "]
    assert threading.get_ident() not in engine.threads
    reader.close()


async def test_small_print_is_left_when_the_time_is_over(studio: "Studio") -> None:
    clock = Watch()
    engine = FakeEngine(LINES, clock.tick)
    reader = LineReader(lambda: engine, clock=clock, time_limit_s=1.5)

    text = await reader.read(studio.picture(studio.scene(), studio.scene()))

    assert text == "left\nLARGE"
    assert engine.read_lines == ["LARGE", "left"]
    reader.close()


async def test_same_line_in_several_frames_is_told_once(studio: "Studio") -> None:
    engine = FakeEngine(LINES[2:3])
    reader = LineReader(lambda: engine, clock=FakeClock(), max_frames=2)

    text = await reader.read(studio.picture(*[studio.scene()] * 3))

    assert text == "LARGE"
    assert engine.read_lines == ["LARGE", "LARGE"]
    reader.close()


async def test_pictures_take_turns(studio: "Studio") -> None:
    engine = FakeEngine(LINES[2:3])
    reader = LineReader(lambda: engine, clock=FakeClock())
    picture = studio.picture(studio.scene())

    texts = await asyncio.gather(*(reader.read(picture) for _ in range(5)))

    assert texts == ["LARGE"] * 5
    assert len(engine.threads) == 1
    reader.close()


def test_slanted_place_knows_its_corner() -> None:
    slanted = Place(((5.0, 20.0), (60.0, 2.0), (64.0, 14.0), (9.0, 32.0)))

    assert (slanted.left, slanted.top, slanted.height) == (5.0, 2.0, 30.0)
