"""Voice messages: OGG with Opus, one channel, 48 kHz, as people's own apps make them.

Needs av, which comes with the extras for listening and speaking.
"""

import base64
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import BackendError
from bot.files.recording import recording_sound
from bot.files.refused import FileRefusedError
from bot.generation.requests import Sound
from bot.words import T

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

__all__ = ["VoiceNote", "opus_file", "voice_note"]

BIT_RATE = 32_000
RATE_HZ = 48_000
MAX_POINTS = 256
POINTS_PER_S = 10
LONGEST_S = 3600


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """What platforms want to know of a voice message to draw it.

    Attributes:
        waveform: how loud it is, 0 to 255, ten times a second, 256 points at most.
    """

    duration_s: float
    waveform: bytes = field(repr=False)

    @property
    def waveform_base64(self) -> str:
        """The waveform as Discord takes it."""
        return base64.b64encode(self.waveform).decode()


def voice_note(content: bytes) -> VoiceNote:
    """Return what there is to draw of a voice message of our own.

    Blocks for about 10 ms a minute: call it from a thread.

    Raises:
        BackendError: it is none.
    """
    import numpy as np

    try:
        sound = recording_sound(content, max_seconds=LONGEST_S)
    except FileRefusedError as error:
        raise BackendError(T("The voice message is damaged.")) from error
    # (samples,) int16 -> int32, or -32768 has no absolute value
    loudness = np.abs(np.frombuffer(sound.samples, "<i2").astype(np.int32))
    num_points = min(MAX_POINTS, max(1, round(sound.duration_s * POINTS_PER_S)))
    parts = np.array_split(loudness, num_points)
    peaks = np.array([part.max(initial=0) for part in parts])  # (points,) int32
    loudest = max(1, int(peaks.max()))
    return VoiceNote(sound.duration_s, (peaks * 255 // loudest).astype("u1").tobytes())


def opus_file(sound: Sound) -> bytes:
    """Return a sound as a voice message. Blocks: call it from a thread."""
    import av
    from av.audio.resampler import AudioResampler

    packed = io.BytesIO()
    # bitexact: nothing random, and no name of a program, gets into the file
    with av.open(
        packed, "w", format="ogg", options={"fflags": "+bitexact"}
    ) as container:
        how = {"application": "voip", "vbr": "constrained"}  # or noise is far larger
        stream = container.add_stream("libopus", rate=RATE_HZ, options=how)
        stream.bit_rate = BIT_RATE
        stream.layout = "mono"
        stream.format = "s16"
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        for piece in (*resampler.resample(_frame(sound)), *resampler.resample(None)):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return packed.getvalue()


def _frame(sound: Sound) -> "AudioFrame":
    from av.audio.frame import AudioFrame

    num_samples = len(sound.samples) // 2
    frame = AudioFrame(format="s16", layout="mono", samples=num_samples)
    frame.sample_rate = sound.sample_rate_hz
    plane = frame.planes[0]
    room = plane.buffer_size - 2 * num_samples  # FFmpeg rounds up
    plane.update(sound.samples[: 2 * num_samples] + bytes(room))
    return frame
