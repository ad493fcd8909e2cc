import queue

import pytest

from bot.errors import BackendError, MissingError
from bot.generation.backend import BackendEvent
from bot.generation.fake_sound import FakeSpeechBackend, FakeTranscriptBackend
from bot.generation.requests import (
    ModelSpec,
    Sound,
    SpeechParams,
    SpeechPayload,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
)

WAIT_S = 30.0


def spec(**options: str | float | bool) -> ModelSpec:
    return ModelSpec("m", "fake", "", options=tuple(options.items()))


def speak(text: str, *, speed: float = 1, **options: str) -> BackendEvent:
    backend = FakeSpeechBackend(spec(**options))
    events: queue.SimpleQueue[BackendEvent] = queue.SimpleQueue()
    backend.start("1", SpeechPayload(text), SpeechParams(speed), events.put)
    first = events.get(timeout=WAIT_S)
    backend.close()
    return first


def listen(sound: Sound, **options: str) -> BackendEvent:
    backend = FakeTranscriptBackend(spec(**options))
    events: queue.SimpleQueue[BackendEvent] = queue.SimpleQueue()
    backend.start("1", TranscriptPayload(sound), TranscriptParams("de-AT"), events.put)
    first = events.get(timeout=WAIT_S)
    backend.close()
    return first


@pytest.mark.parametrize("backend", [FakeSpeechBackend, FakeTranscriptBackend])
def test_missing_model_is_missing(
    backend: type[FakeSpeechBackend | FakeTranscriptBackend],
) -> None:
    with pytest.raises(MissingError):
        backend(spec(missing=True))


def test_only_what_is_named_fails() -> None:
    assert isinstance(speak("a dragon", fail_on="dragon"), BackendError)
    assert isinstance(speak("a lamb", fail_on="dragon"), Sound)


def test_what_was_spoken_is_heard_word_for_word() -> None:
    sound = speak("Grüße aus 厦门, and one more.")
    assert isinstance(sound, Sound)

    heard = listen(sound)

    assert isinstance(heard, Transcript)
    assert heard.text == "Grüße aus 厦门, and one more."
    assert heard.language == "de-AT"


def test_other_sounds_have_the_same_words_each_time() -> None:
    tone = Sound(16_000, b"\x01\x02" * 1000)
    one, other = listen(tone), listen(Sound(16_000, b"\x03\x02" * 1000))

    assert one == listen(tone)
    assert one != other


def test_faster_is_shorter() -> None:
    slow, fast = speak("a b c d e f"), speak("a b c d e f", speed=2)

    assert isinstance(slow, Sound)
    assert isinstance(fast, Sound)
    assert slow.duration_s == pytest.approx(1.8)
    assert fast.duration_s == pytest.approx(0.9)
