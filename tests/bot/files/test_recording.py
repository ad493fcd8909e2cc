import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files.recording import SAMPLE_RATE_HZ, container_of, recording_sound
from bot.files.refused import FileRefusedError
from bot.generation.requests import Sound
from bot.voice_note import opus_file

MakeWave = Callable[..., bytes]


def refusal(content: bytes, *, max_seconds: float = 10) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        recording_sound(content, max_seconds=max_seconds)
    return refused.value


def test_recording_that_is_too_long_is_refused(make_wave: MakeWave) -> None:
    error = refusal(make_wave(3), max_seconds=2.5)

    assert (error.category, error.limit) == ("seconds", 2)


def test_short_file_that_unpacks_to_hours_is_refused() -> None:
    silence = opus_file(Sound(SAMPLE_RATE_HZ, bytes(2 * SAMPLE_RATE_HZ * 60)))
    assert len(silence) < 2 * SAMPLE_RATE_HZ * 60 / 10

    assert refusal(silence).category == "seconds"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"OggS",
        b"OggS" + bytes(500),
        b"ID3" + bytes(500),
        b"\xff\xfb" + bytes(2000),
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x00\x00\x00\x20ftypM4A " + bytes(64),
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
def test_what_is_no_recording_is_refused(content: bytes) -> None:
    assert refusal(content).category == "broken"


def test_playlists_are_no_recordings() -> None:
    """They would make FFmpeg open other files, and addresses of the network."""
    assert container_of(b"#EXTM3U\n#EXT-X-VERSION:3\n") is None
    assert container_of(b"ffconcat version 1.0\n") is None


@given(st.binary(max_size=400))
def test_no_bytes_break_it(content: bytes) -> None:
    for beginning in (b"", b"OggS", b"ID3", b"fLaC", b"RIFF1234WAVE"):
        with suppress(FileRefusedError):
            sound = recording_sound(beginning + content, max_seconds=5)
            assert sound.duration_s <= 5


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
def test_recording_comes_at_the_rate_that_models_listen_to(
    make_wave: MakeWave, rate_hz: int
) -> None:
    sound = recording_sound(make_wave(1, rate_hz=rate_hz), max_seconds=10)

    assert sound.sample_rate_hz == SAMPLE_RATE_HZ
    assert sound.duration_s == pytest.approx(1, abs=0.02)
    assert any(sound.samples)


def test_voice_message_of_people_is_read(make_wave: MakeWave) -> None:
    tone = recording_sound(make_wave(2), max_seconds=10)

    sound = recording_sound(opus_file(tone), max_seconds=10)

    assert sound.duration_s == pytest.approx(2, abs=0.05)


def test_scratch_in_the_middle_is_no_reason_to_stop() -> None:
    whole = opus_file(Sound(SAMPLE_RATE_HZ, bytes(range(256)) * 500))
    half = len(whole) // 2

    sound = recording_sound(
        whole[:half] + bytes(400) + whole[half + 400 :], max_seconds=10
    )

    assert sound.duration_s > 2


def test_film_without_sound_is_refused() -> None:
    import av

    packed = io.BytesIO()
    with av.open(packed, "w", format="matroska") as container:
        stream = container.add_stream("rawvideo", rate=1)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode(None))

    assert refusal(packed.getvalue()).category == "broken"


@pytest.mark.parametrize(
    ("beginning", "container"),
    [
        (b"\xff\xf1\x50\x80", "aac"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\x00", None),
        (b"\xff", None),
        (b"\x1aE\xdf\xa3", "matroska"),
    ],
)
def test_container_is_known_by_its_beginning(
    beginning: bytes, container: str | None
) -> None:
    assert container_of(beginning) == container


def test_rest_of_a_damaged_recording_is_listened_to() -> None:
    whole = opus_file(Sound(SAMPLE_RATE_HZ, bytes(range(256)) * 500))

    sound = recording_sound(whole[: len(whole) // 2], max_seconds=10)

    assert 0 < sound.duration_s < 4
