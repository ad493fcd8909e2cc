import queue
from pathlib import Path

import pytest

from bot.errors import BackendError, MissingError
from bot.generation.backend import BackendEvent
from bot.generation.requests import (
    Kind,
    ModelSpec,
    Sound,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
)
from bot.generation.whisper import WhisperBackend
from bot.models.sounds import SOUND_STARTERS

WAIT_S = 60.0
TONE = Sound(16_000, b"\x10\x20\xf0\xdf" * 16_000)


def test_folder_that_is_no_model_says_where_to_correct_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")

    with pytest.raises(BackendError, match=r"\[models\.transcript\]"):
        WhisperBackend(ModelSpec("m", "whisper", str(tmp_path)))


def test_model_that_the_hub_does_not_give_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)

    with pytest.raises(MissingError, match="nobody/nothing-at-all"):
        WhisperBackend(ModelSpec("m", "whisper", "nobody/nothing-at-all"))


@pytest.mark.model
def test_sound_at_another_rate_fails_alone(sound_models: Path) -> None:
    location = str(sound_models / SOUND_STARTERS[Kind.TRANSCRIPT].name)
    backend = WhisperBackend(ModelSpec("m", "whisper", location))
    events: queue.SimpleQueue[BackendEvent] = queue.SimpleQueue()
    for sound in (Sound(8_000, b"\x01\x02" * 100), TONE):
        backend.start(
            "1", TranscriptPayload(sound), TranscriptParams("de-AT"), events.put
        )

    assert isinstance(events.get(timeout=WAIT_S), ValueError)
    transcript = events.get(timeout=WAIT_S)
    backend.close()

    assert isinstance(transcript, Transcript)
    assert transcript.language == "en"  # it knows no other
