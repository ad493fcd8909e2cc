import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from structlog.testing import capture_logs
from typing_extensions import override

from bot.config_models import ModelsConfig
from bot.errors import MissingError
from bot.meaning.fake import FakeMeanings
from bot.meaning.minilm import AT_ONCE, MiniLm
from bot.meaning.network import MAX_TOKENS, MeaningNetwork
from bot.meaning.opening import open_meanings
from bot.words import T


class CountingNetwork(MeaningNetwork):
    """Gives each text its own vector, and remembers which it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    @override
    def vector(self, text: str) -> NDArray[np.float32]:
        self.asked.append(text)
        found: NDArray[np.float32] = np.eye(8, dtype=np.float32)[len(text) % 8]
        return found


@pytest.fixture
def network() -> CountingNetwork:
    return CountingNetwork()


@pytest.fixture
def opened(network: CountingNetwork) -> Iterator[Callable[..., MiniLm]]:
    made: list[MiniLm] = []

    def make(**changes: int) -> MiniLm:
        made.append(MiniLm(lambda: network, **changes))
        return made[-1]

    yield make
    for one in made:
        one.close()


async def test_model_that_cannot_be_read_is_told_once_and_does_without() -> None:
    tries: list[int] = []

    def fail() -> MeaningNetwork:
        tries.append(1)
        raise MissingError(T("it is damaged"))

    meanings = MiniLm(fail)
    with capture_logs() as logs:
        async with asyncio.timeout(10):
            assert await meanings.embed(["one"]) is None
            assert await meanings.embed(["two"]) is None
    meanings.close()
    assert tries == [1]
    assert [one["reason"] for one in logs] == ["it is damaged"]


async def test_text_is_embedded_once(
    opened: Callable[..., MiniLm], network: CountingNetwork
) -> None:
    meanings = opened()
    async with asyncio.timeout(10):
        first = await meanings.embed(["a", "bb", "a"])
        again = await meanings.embed(["bb", "a"])
    assert network.asked == ["a", "bb"]
    assert first is not None
    assert again is not None
    assert (first[[1, 0]] == again).all()


async def test_oldest_vectors_are_forgotten(
    opened: Callable[..., MiniLm], network: CountingNetwork
) -> None:
    meanings = opened(num_kept=2)
    async with asyncio.timeout(10):
        for text in ("a", "bb", "a", "ccc", "a", "bb"):
            await meanings.embed([text])
    assert network.asked == ["a", "bb", "ccc", "bb"]


async def test_many_texts_let_others_in_between(
    opened: Callable[..., MiniLm], network: CountingNetwork
) -> None:
    meanings = opened()
    many = ["x" * index for index in range(1, 3 * AT_ONCE)]
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(meanings.embed(many))
        await asyncio.sleep(0)  # the first part is at work
        group.create_task(meanings.embed(["in between"]))
    assert network.asked.index("in between") < len(many)


async def test_no_texts_have_no_vectors(opened: Callable[..., MiniLm]) -> None:
    found = await opened().embed([])
    assert found is not None
    assert len(found) == 0


async def test_fake_is_near_where_words_are_shared() -> None:
    texts = ["water the plants", "the plants want water", "stars at night"]
    near, far = (await FakeMeanings().embed(texts))[1:] @ (
        await FakeMeanings().embed(texts)
    )[0]
    assert near > 0.8
    assert far < 0.3


@pytest.mark.model
async def test_real_model_knows_what_texts_mean(meaning_model: Path) -> None:
    texts = [
        "How to water tomatoes in summer",
        "Watering your tomatoes when it is hot",
        "The history of tea",
        "Tea has a long history. " * MAX_TOKENS,  # in many windows
    ]
    async with (
        open_meanings(ModelsConfig(), meaning_model) as meanings,
        asyncio.timeout(60),
    ):
        vectors = await meanings.embed(texts)
        alone = await meanings.embed(["", *texts[:1]])
    assert vectors is not None
    assert alone is not None
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert (alone[1] == vectors[0]).all()
    near = vectors @ vectors.T
    assert near[0, 1] > 0.7
    assert near[2, 3] > near[0, 3] + 0.3
    assert near[0, 2] < 0.2
