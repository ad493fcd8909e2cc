"""Listening and speaking, through the engine and a real worker process."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.clock import FakeClock
from bot.errors import BackendError, DeadlineError
from bot.generation.engine import Engine
from bot.generation.requests import (
    GenerationRequest,
    Kind,
    ModelSpec,
    Owner,
    Params,
    Payload,
    Sound,
    SpeechParams,
    SpeechPayload,
    TextParams,
    TextPayload,
    TranscriptParams,
    TranscriptPayload,
)

OpenEngine = Callable[..., AbstractAsyncContextManager[Engine]]
MakeSpec = Callable[..., ModelSpec]
OWNER = Owner("town", "ada")
TONE = Sound(16_000, b"\x10\x20" * 16_000)


def ask(
    id: str, model: str, payload: Payload, params: Params, deadline_s: float = 60
) -> GenerationRequest:
    return GenerationRequest(id, model, payload, params, OWNER, deadline_s=deadline_s)


def speak(text: str, id: str = "s", deadline_s: float = 60) -> GenerationRequest:
    return ask(id, "voice", SpeechPayload(text), SpeechParams(), deadline_s)


@pytest.fixture
def specs(make_spec: MakeSpec) -> tuple[ModelSpec, ...]:
    return (
        make_spec("m"),
        make_spec("voice", backend="fake-speech", max_parallel=1, fail_on="dragon"),
        make_spec("ear", backend="fake-transcript", max_parallel=1),
    )


@pytest.mark.parametrize(
    ("model", "payload", "params"),
    [
        ("m", SpeechPayload("hello"), SpeechParams()),
        ("voice", TranscriptPayload(TONE), TranscriptParams()),
        ("ear", TextPayload(()), TextParams()),
    ],
)
async def test_model_of_another_kind_refuses(
    open_engine: OpenEngine,
    specs: tuple[ModelSpec, ...],
    model: str,
    payload: Payload,
    params: Params,
) -> None:
    async with open_engine(*specs) as engine:
        with pytest.raises(BackendError, match="not made for that"):
            await engine.submit(ask("1", model, payload, params)).text()


def test_payload_with_params_of_another_kind_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="different kinds"):
        ask("1", "voice", SpeechPayload("x"), TextParams())


def test_request_knows_its_kind() -> None:
    assert speak("hello").kind is Kind.SPEECH


async def test_failure_of_one_is_not_that_of_others(
    open_engine: OpenEngine, specs: tuple[ModelSpec, ...]
) -> None:
    async with open_engine(*specs) as engine:
        bad = engine.submit(speak("a dragon", "bad"))
        good = engine.submit(speak("a lamb", "good"))

        with pytest.raises(BackendError):
            await bad.sound()
        assert (await good.sound()).duration_s > 0


async def test_deadline_ends_what_waits_for_the_one_voice(
    open_engine: OpenEngine, make_spec: MakeSpec
) -> None:
    clock = FakeClock()
    spec = make_spec("voice", backend="fake-speech", max_parallel=1, delay_s=0.01)
    async with open_engine(spec, clock=clock) as engine:
        first = engine.submit(speak("word " * 9000, "first"))
        second = engine.submit(speak("word", "second", deadline_s=5))
        await first.wait_started()
        await clock.advance(6)

        with pytest.raises(DeadlineError):
            await second.sound()
        first.cancel()
        with pytest.raises(BackendError, match="stopped"):
            await first.sound()


async def test_what_is_spoken_is_heard(
    open_engine: OpenEngine, specs: tuple[ModelSpec, ...]
) -> None:
    async with open_engine(*specs) as engine:
        sound = await engine.submit(speak("Good evening, 你好 \ud800")).sound()
        payload = TranscriptPayload(sound)
        ticket = engine.submit(ask("t", "ear", payload, TranscriptParams()))

        transcript = await ticket.transcript()

        assert transcript.text == "Good evening, 你好 ?"
        assert transcript.duration_s == sound.duration_s
        assert engine.is_loaded("ear")


async def test_long_sounds_come_over_whole(
    open_engine: OpenEngine, specs: tuple[ModelSpec, ...]
) -> None:
    async with open_engine(*specs) as engine:
        text = "word " * 2000
        sound = await engine.submit(speak(text)).sound()
        assert sound.duration_s == pytest.approx(600)

        payload = TranscriptPayload(sound)
        ticket = engine.submit(ask("t", "ear", payload, TranscriptParams()))

        assert (await ticket.transcript()).text == text.strip()


async def test_text_has_no_sound_and_a_sound_no_transcript(
    open_engine: OpenEngine, specs: tuple[ModelSpec, ...]
) -> None:
    async with open_engine(*specs) as engine:
        with pytest.raises(BackendError):
            await engine.submit(speak("hello")).transcript()
        ticket = engine.submit(
            ask("t", "ear", TranscriptPayload(TONE), TranscriptParams())
        )
        await asyncio.sleep(0)
        with pytest.raises(BackendError):
            await ticket.sound()
