"""The samples of a recording that nobody may be trusted to have made well."""

import io
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.files.refused import FileRefusedError
from bot.generation.requests import Sound

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

__all__ = ["SAMPLE_RATE_HZ", "container_of", "recording_sound"]

SAMPLE_RATE_HZ = 16_000
"""What models listen to."""

MAX_BROKEN_FRAMES = 100

_BEGINNINGS = (
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"ID3", "mp3"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"#!AMR", "amr"),
    (4, b"ftyp", "mp4"),
    (8, b"WAVE", "wav"),
)


def container_of(content: bytes) -> str | None:
    """Return what a recording is packed in; None: it is none that is known.

    The one demuxer is named to FFmpeg: others, such as playlists, open further files.
    """
    for start, mark, name in _BEGINNINGS:
        if content.startswith(mark, start):
            return name
    if content[:1] == b"\xff" and len(content) > 1:
        layer = content[1] & 0xF6  # 11 bits of sync, then version and layer
        if layer == 0xF0:
            return "aac"
        if content[1] & 0xE0 == 0xE0:
            return "mp3"
    return None


def recording_sound(content: bytes, *, max_seconds: float) -> Sound:
    """Return what sounds in a recording. Blocks; run it in a confined process.

    Raises:
        FileRefusedError: it is too long, damaged, or no recording.
    """
    import av

    container = container_of(content)
    if container is None:
        raise FileRefusedError("broken")
    most = round(max_seconds * SAMPLE_RATE_HZ)
    samples = bytearray()
    try:
        with av.open(io.BytesIO(content), "r", format=container) as opened:
            for part in _parts(opened):
                samples += part
                if len(samples) > 2 * most:
                    raise FileRefusedError("seconds", limit=math.floor(max_seconds))
    except MemoryError as error:
        raise FileRefusedError("bomb") from error
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise FileRefusedError("broken") from error
    if not samples:
        raise FileRefusedError("broken")
    return Sound(SAMPLE_RATE_HZ, bytes(samples))


def _parts(opened: "InputContainer") -> Iterator[memoryview]:
    """Yield the samples: (n,) int16, one channel, 16000 Hz."""
    from av.audio.resampler import AudioResampler

    if not opened.streams.audio:
        raise FileRefusedError("broken")
    resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
    for frame in _frames(opened):
        frame.pts = None  # what it says about time is not needed, and may be wrong
        for part in resampler.resample(frame):
            yield memoryview(part.planes[0])[: 2 * part.samples]
    for part in resampler.resample(None):
        yield memoryview(part.planes[0])[: 2 * part.samples]


def _frames(opened: "InputContainer") -> "Iterator[AudioFrame]":
    """Yield what can be decoded; a scratch in the middle is no reason to stop."""
    import av

    stream = opened.streams.audio[0]
    stream.codec_context.thread_count = 1
    num_broken = 0
    for packet in opened.demux(stream):
        try:
            yield from packet.decode()
        except av.InvalidDataError:
            num_broken += 1
            if num_broken > MAX_BROKEN_FRAMES:
                raise
