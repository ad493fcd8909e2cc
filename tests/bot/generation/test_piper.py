import queue
from pathlib import Path

import pytest

from bot.errors import BackendError
from bot.generation.backend import BackendEvent
from bot.generation.piper import PiperBackend
from bot.generation.requests import (
    Kind,
    ModelSpec,
    Sound,
    SpeechParams,
    SpeechPayload,
)
from bot.models.sounds import SOUND_STARTERS

WAIT_S = 60.0


def test_what_is_no_voice_says_where_to_correct_it(tmp_path: Path) -> None:
    lonely = tmp_path / "lonely.onnx"
    lonely.write_bytes(b"no model")

    for location in (tmp_path / "nothing", lonely, tmp_path):
        with pytest.raises(BackendError, match=r"\[models\.speech\]"):
            PiperBackend(ModelSpec("m", "piper", str(location)))


@pytest.mark.model
def test_marks_of_sounds_are_read_as_letters(sound_models: Path) -> None:
    """Else what was judged as a text would be spoken as another one."""
    location = str(sound_models / SOUND_STARTERS[Kind.SPEECH].name)
    backend = PiperBackend(ModelSpec("m", "piper", location))

    def speak(text: str, speed: float = 1) -> BackendEvent:
        events: queue.SimpleQueue[BackendEvent] = queue.SimpleQueue()
        backend.start("1", SpeechPayload(text), SpeechParams(speed), events.put)
        return events.get(timeout=WAIT_S)

    plain, marked = speak("[ hello there ]"), speak("[[[ hello there ]]]")
    slow, fast = speak("hello there " * 9), speak("hello there " * 9, 2)
    backend.close()

    assert isinstance(plain, Sound)
    assert isinstance(marked, Sound)
    assert marked.duration_s == pytest.approx(plain.duration_s, rel=0.3)
    assert isinstance(slow, Sound)
    assert isinstance(fast, Sound)
    assert fast.duration_s < 0.7 * slow.duration_s
