import base64
import io

import pytest

from bot.errors import BackendError
from bot.files.recording import recording_sound
from bot.generation.requests import Sound
from bot.voice_note import MAX_POINTS, opus_file, voice_note

RATE_HZ = 22_050
LOUD = b"\x00\x60" * 20 + b"\x00\xa0" * 20  # 551 Hz


def tone(seconds: float, *, rate_hz: int = RATE_HZ, wave: bytes = LOUD) -> Sound:
    num_bytes = 2 * round(seconds * rate_hz)
    return Sound(rate_hz, (wave * (num_bytes // len(wave) + 1))[:num_bytes])


@pytest.mark.parametrize("content", [b"", b"hello", b"OggS" + bytes(200)])
def test_what_is_no_voice_message_is_an_error(content: bytes) -> None:
    with pytest.raises(BackendError):
        voice_note(content)


def test_voice_message_is_what_platforms_want() -> None:
    import av

    content = opus_file(tone(3))

    with av.open(io.BytesIO(content), "r") as opened:
        (stream,) = opened.streams.audio
        assert opened.format.name == "ogg"
        assert stream.codec_context.name in {"opus", "libopus"}
        assert stream.codec_context.sample_rate == 48_000
        assert stream.codec_context.layout.name == "mono"
        assert not any("Lavf" in value for value in opened.metadata.values())
    assert 3 * 1_000 < len(content) < 3 * 4_600


@pytest.mark.parametrize("seconds", [0.05, 1, 12.3])
def test_voice_message_is_as_long_as_the_sound(seconds: float) -> None:
    note = voice_note(opus_file(tone(seconds)))

    assert note.duration_s == pytest.approx(seconds, abs=0.05)
    assert len(note.waveform) == max(1, round(note.duration_s * 10))


def test_same_sound_is_the_same_file() -> None:
    assert opus_file(tone(1)) == opus_file(tone(1))


def test_what_is_packed_sounds_like_what_it_was() -> None:
    sound = recording_sound(opus_file(tone(2)), max_seconds=10)

    assert max(sound.samples) > 0
    assert sound.duration_s == pytest.approx(2, abs=0.05)


def test_waveform_of_a_long_message_has_as_many_points_as_are_allowed() -> None:
    note = voice_note(opus_file(tone(60, rate_hz=8_000)))

    assert len(note.waveform) == MAX_POINTS
    assert base64.b64decode(note.waveform_base64) == note.waveform


def test_waveform_shows_where_it_is_loud() -> None:
    quiet, loud = bytes(2 * RATE_HZ), tone(1).samples
    note = voice_note(opus_file(Sound(RATE_HZ, quiet + loud)))

    assert max(note.waveform[:8]) < 30
    assert max(note.waveform) == 255
    assert min(note.waveform[12:18]) > 100


def test_silence_has_a_flat_waveform() -> None:
    note = voice_note(opus_file(Sound(RATE_HZ, bytes(2 * RATE_HZ))))

    assert set(note.waveform) <= {0, 255}
    assert len(note.waveform) == 10
