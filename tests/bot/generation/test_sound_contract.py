"""What every backend that listens or speaks has to do, on every one of them.

A new backend is a row in CASES.
"""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.errors import BackendError
from bot.generation.backend import Backend, BackendEvent
from bot.generation.backends import BACKENDS
from bot.generation.requests import (
    Finished,
    FinishReason,
    Kind,
    ModelSpec,
    Params,
    Payload,
    Result,
    Sound,
    SpeechParams,
    SpeechPayload,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
)
from bot.models.sounds import SOUND_STARTERS

WAIT_S = 60.0
SENTENCE = "The fire is warm tonight."
TONE = Sound(16_000, b"\x10\x20\xf0\xdf" * 16_000)
SILENCE = Sound(16_000, bytes(64_000))


@dataclass(frozen=True, slots=True)
class Case:
    """A backend, and whether it needs a fetched model."""

    backend: str
    kind: Kind
    is_real: bool = False


CASES = (
    Case("fake-transcript", Kind.TRANSCRIPT),
    Case("fake-speech", Kind.SPEECH),
    Case("whisper", Kind.TRANSCRIPT, is_real=True),
    Case("piper", Kind.SPEECH, is_real=True),
)


@dataclass(slots=True)
class Heard:
    """The events of one request."""

    events: "queue.SimpleQueue[BackendEvent]" = field(default_factory=queue.SimpleQueue)

    def result(self) -> Result:
        """Wait for what was made, and the good end after it."""
        result = self.events.get(timeout=WAIT_S)
        assert isinstance(result, Transcript | Sound), result
        end = self.end()
        assert isinstance(end, Finished)
        assert end.reason is FinishReason.STOP
        return result

    def end(self) -> BackendEvent:
        """Wait for the last event."""
        event = self.events.get(timeout=WAIT_S)
        assert self.events.empty(), "something came after the last event"
        return event


class Driver:
    """Drives a backend of either kind with the same questions."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._numbers = iter(range(1000))

    def begin(self, asked: str | Sound, *, id: str | None = None) -> Heard:
        """Ask for a text to be spoken, or a sound to be listened to."""
        heard = Heard()
        payload, params = _request(asked)
        id = id or f"r{next(self._numbers)}"
        self.backend.start(id, payload, params, heard.events.put)
        return heard

    def work(self) -> Heard:
        """Ask for something that goes well."""
        return self.begin(SENTENCE if self.backend.kind is Kind.SPEECH else TONE)


def _request(asked: str | Sound) -> tuple[Payload, Params]:
    if isinstance(asked, str):
        return SpeechPayload(asked), SpeechParams()
    return TranscriptPayload(asked), TranscriptParams()


def rows(*kinds: Kind) -> list[Any]:
    return [
        pytest.param(
            case, id=case.backend, marks=[pytest.mark.model] if case.is_real else []
        )
        for case in CASES
        if case.kind in kinds
    ]


@pytest.fixture(scope="module", params=rows(Kind.TRANSCRIPT, Kind.SPEECH))
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    case: Case = request.param
    location = ""
    if case.is_real:
        folder = request.getfixturevalue("sound_models")
        location = str(folder / SOUND_STARTERS[case.kind].name)
    backend = BACKENDS[case.backend]()(ModelSpec("m", case.backend, location))
    yield Driver(backend)
    backend.close()


listening = pytest.mark.parametrize("driver", rows(Kind.TRANSCRIPT), indirect=True)
speaking = pytest.mark.parametrize("driver", rows(Kind.SPEECH), indirect=True)


def test_every_backend_of_sounds_has_a_row() -> None:
    of_sounds = {
        name: kind
        for name, cls in BACKENDS.items()
        if (kind := cls().kind) in (Kind.TRANSCRIPT, Kind.SPEECH)
    }
    assert {case.backend: case.kind for case in CASES} == of_sounds


@speaking
@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_to_say_is_refused_kindly(driver: Driver, text: str) -> None:
    error = driver.begin(text).end()
    assert isinstance(error, BackendError)
    assert "spoken" in str(error)
    driver.work().result()


@listening
def test_silence_has_no_words(driver: Driver) -> None:
    for sound in (SILENCE, Sound(16_000, b"")):
        transcript = driver.begin(sound).result()
        assert isinstance(transcript, Transcript)
        assert transcript.text == ""
        assert transcript.duration_s == sound.duration_s


@speaking
def test_text_becomes_a_sound_that_takes_its_time(driver: Driver) -> None:
    short, long = (driver.begin(SENTENCE * n).result() for n in (1, 4))
    assert isinstance(short, Sound)
    assert isinstance(long, Sound)
    assert any(short.samples)
    assert 0.5 < short.duration_s < 5
    assert long.duration_s > 2 * short.duration_s


@listening
def test_recording_becomes_a_text_with_its_language(driver: Driver) -> None:
    transcript = driver.begin(TONE).result()
    assert isinstance(transcript, Transcript)
    assert transcript.language == "en"
    assert transcript.duration_s == TONE.duration_s


def test_cancelled_in_the_queue_ends_at_once_and_others_go_on(driver: Driver) -> None:
    kind = driver.backend.kind
    asked: str | Sound = SENTENCE * 5 if kind is Kind.SPEECH else TONE
    running = driver.begin(asked, id="running")
    waiting = driver.begin(asked, id="waiting")
    last = driver.work()
    driver.backend.cancel("waiting")
    driver.backend.cancel("nobody")
    end = waiting.end()
    assert isinstance(end, Finished)
    assert end.reason is FinishReason.CANCELLED
    running.result()
    last.result()


def test_it_counts_no_tokens(driver: Driver) -> None:
    assert driver.backend.count_tokens([]) == []
    with pytest.raises(BackendError):
        driver.backend.count_tokens(["hello"])


@pytest.mark.parametrize("name", ["fake-speech", "fake-transcript"])
def test_cancelled_while_it_runs_ends_and_nothing_is_made(name: str) -> None:
    options = (("delay_s", 0.01), ("reply", "word " * 500))
    driver = Driver(BACKENDS[name]()(ModelSpec("m", name, "", options=options)))
    asked: str | Sound = "word " * 500 if name == "fake-speech" else TONE
    heard = driver.begin(asked, id="long")
    threading.Event().wait(0.05)
    driver.backend.cancel("long")
    end = heard.end()
    assert isinstance(end, Finished)
    assert end.reason is FinishReason.CANCELLED
    driver.backend.close()


@pytest.mark.parametrize("name", ["fake-speech", "fake-transcript"])
def test_closed_backend_ends_what_runs_and_waits_as_cancelled(name: str) -> None:
    options = (("delay_s", 0.01), ("reply", "word " * 500))
    driver = Driver(BACKENDS[name]()(ModelSpec("m", name, "", options=options)))
    asked: str | Sound = "word " * 500 if name == "fake-speech" else TONE
    heard = [driver.begin(asked) for _ in range(3)]
    driver.backend.close()
    for one in heard:
        end = one.end()
        assert isinstance(end, Finished)
        assert end.reason is FinishReason.CANCELLED
