"""The fake, as other tests rely on it."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import MissingError, OutOfMemoryError
from bot.generation.backend import Backend
from bot.generation.fake import FakeBackend
from bot.generation.requests import FinishReason, ModelSpec, TextParams

MakeSpec = Callable[..., ModelSpec]
MakeDriver = Callable[[Backend], Any]


def test_load_missing_and_too_large_fail(make_spec: MakeSpec) -> None:
    with pytest.raises(MissingError):
        FakeBackend(make_spec(missing=True))
    with pytest.raises(OutOfMemoryError):
        FakeBackend(make_spec(fits_parallel=1))


def test_reply_and_echo(make_spec: MakeSpec, drive: MakeDriver) -> None:
    backend = FakeBackend(make_spec(reply="Grüße, 你好 🎉!"))
    assert drive(backend).say("x") == "Grüße, 你好 🎉!"
    backend.close()
    backend = FakeBackend(make_spec(echo=True))
    assert drive(backend).say("one", "two", "three\n 四") == "three\n 四"
    backend.close()


def test_text_depends_on_prompt_and_seed_but_not_when_cold(
    make_spec: MakeSpec, drive: MakeDriver
) -> None:
    backend = FakeBackend(make_spec(tokens=8))
    driver = drive(backend)
    cold = [
        driver.say("a", params=TextParams(temperature=0, seed=seed)) for seed in (1, 2)
    ]
    warm = [driver.say("a", params=TextParams(seed=seed)) for seed in (1, 2)]
    assert cold[0] == cold[1]
    assert warm[0] != warm[1]
    assert cold[0].count(" ") == 7
    assert cold[0].endswith(".")
    backend.close()


def test_length_leaves_a_torn_character_unsaid(
    make_spec: MakeSpec, drive: MakeDriver
) -> None:
    backend = FakeBackend(make_spec(reply="🎉🎉"))
    heard = drive(backend).begin("x", params=TextParams(max_tokens=2))
    assert heard.finished().reason is FinishReason.LENGTH
    assert heard.text == "🎉"
    backend.close()
