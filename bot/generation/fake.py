"""A model that is none: deterministic, instant, and able to fail on demand.

It takes these options of a ModelSpec:

    reply          what it always says; else a text made from the seed and the prompt
    echo           true: it says what the last turn said
    tokens         how long a made-up text is (24)
    delay_s        seconds between two tokens (0)
    load_delay_s   seconds that loading takes (0)
    fail_on        a request whose prompt has this fails, and no other
    crash_on       the process is killed when a prompt has this
    oom_on         a request whose prompt has this runs out of memory
    deaf_on        a request whose prompt has this cannot be cancelled, and never ends
    fits_parallel  with more parallel slots than this it does not fit into memory
    missing        true: loading finds no model

A token is a word with the space before it; other scripts come in pieces of three
bytes, so that characters are torn apart and have to be put together again.
"""

import hashlib
import os
import re
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from typing_extensions import override

from bot.errors import BackendError, MissingError, OutOfMemoryError
from bot.generation.backend import OnTextEvent, TextBackend, TextJob
from bot.generation.decoding import Utf8Decoder
from bot.generation.prompts import room_for
from bot.generation.requests import Finished, FinishReason, ModelSpec
from bot.generation.stopping import StopFilter
from bot.words import T

__all__ = ["FakeBackend"]

WORDS = tuple(
    re.findall(
        r"\w+",
        "the a one hearth fire light evening story friend garden river stone bread "
        "song winter window little warm quiet kind bright slowly often never always "
        "gives keeps finds tells remembers waits opens and but while because with "
        "under near",
    )
)
WORDS_PER_SENTENCE = 8
PIECE = re.compile(r"\s?\S+|\s")
TORN_BYTES = 3
DEAF_S = 0.01  # a request that never ends should not eat a core


@dataclass(slots=True)
class _Run:
    """One request while it runs."""

    on_event: OnTextEvent
    max_tokens: int
    prompt_tokens: int
    seed: int
    tokens: Iterator[bytes]
    stop: StopFilter
    is_deaf: bool
    decoder: Utf8Decoder = field(default_factory=Utf8Decoder)
    num_made: int = 0
    is_cancelled: bool = False

    def step(self) -> bool:
        """Make one token; False once the request has ended."""
        if self.is_cancelled:
            return self._end(FinishReason.CANCELLED)
        if self.is_deaf:
            time.sleep(DEAF_S)
            return True
        token = next(self.tokens, None)
        if token is None:
            return self._end(FinishReason.STOP)
        self.num_made += 1
        self._show(self.stop.feed(self.decoder.feed(token)))
        if self.stop.is_stopped:
            return self._end(FinishReason.STOP)
        if self.num_made >= self.max_tokens:
            return self._end(FinishReason.LENGTH)
        return True

    def _show(self, text: str) -> None:
        if text:
            self.on_event(text)

    def _end(self, reason: FinishReason) -> bool:
        if reason is not FinishReason.LENGTH:  # a torn character stays unsaid there
            self._show(self.stop.feed(self.decoder.flush()))
        self._show(self.stop.flush())
        self.on_event(Finished(reason, self.prompt_tokens, self.num_made, self.seed))
        return False


class FakeBackend(TextBackend):
    """Runs all requests in step, one token each, like a real batch."""

    def __init__(self, spec: ModelSpec) -> None:
        self._options = dict(spec.options)
        self._spec = spec
        time.sleep(float(self._options.get("load_delay_s", 0)))
        if self._options.get("missing"):
            raise MissingError(T("The model {name} is not here.", name=spec.name))
        if spec.max_parallel > int(self._options.get("fits_parallel", 10**6)):
            raise OutOfMemoryError(T("There is not enough memory for the model."))
        self._delay_s = float(self._options.get("delay_s", 0))
        self._runs: dict[str, _Run] = {}
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._loop, name="fake", daemon=True)
        self._thread.start()

    @override
    def begin(self, job: TextJob) -> None:
        run = self._prepared(job)
        with self._changed:
            self._runs[job.id] = run
            self._changed.notify()

    @override
    def cancel(self, request_id: str) -> None:
        with self._changed:
            run = self._runs.get(request_id)
            if run is not None and not run.is_deaf:
                run.is_cancelled = True
                self._changed.notify()

    @override
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [sum(1 for _ in _tokens(text)) for text in texts]

    @override
    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _prepared(self, job: TextJob) -> _Run:
        prompt = "\n".join(f"{m['role']}: {m['content']}" for m in job.messages)
        self._misbehave(prompt)
        (prompt_tokens,) = self.count_tokens([prompt])
        room = room_for(prompt_tokens, self._spec.context_tokens)
        asked, temperature = job.messages[-1]["content"], job.params.temperature
        text = self._text(prompt, asked, job.seed, temperature)
        return _Run(
            job.on_event,
            min(job.params.max_tokens, room),
            prompt_tokens,
            job.seed,
            _tokens(text),
            StopFilter(job.params.stop),
            is_deaf=self._is_in("deaf_on", prompt),
        )

    def _misbehave(self, prompt: str) -> None:
        if self._is_in("crash_on", prompt):
            os.kill(os.getpid(), signal.SIGKILL)
        if self._is_in("oom_on", prompt):
            raise OutOfMemoryError(T("There is not enough memory for this request."))
        if self._is_in("fail_on", prompt):
            raise BackendError(T("The model could not answer this."))

    def _is_in(self, option: str, prompt: str) -> bool:
        wanted = str(self._options.get(option, ""))
        return bool(wanted) and wanted in prompt

    def _text(self, prompt: str, asked: str, seed: int, temperature: float) -> str:
        if self._options.get("echo"):
            return asked
        if reply := str(self._options.get("reply", "")):
            return reply
        drawn = seed if temperature > 0 else "likeliest"
        words = _words(f"{drawn}\n{prompt}")
        return " ".join(islice(words, int(self._options.get("tokens", 24))))

    def _loop(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._runs or self._is_closed)
                if self._is_closed:
                    break
                batch = list(islice(self._runs.items(), self._spec.max_parallel))
            time.sleep(self._delay_s)
            for request_id, run in batch:
                if not run.step():
                    with self._changed:
                        del self._runs[request_id]
        for run in self._runs.values():
            run.is_cancelled = True
            run.step()


def _tokens(text: str) -> Iterator[bytes]:
    for piece in PIECE.findall(text):
        raw = piece.encode()
        if len(raw) == len(piece):
            yield raw
        else:
            for start in range(0, len(raw), TORN_BYTES):
                yield raw[start : start + TORN_BYTES]


def _words(key: str) -> Iterator[str]:
    """Yield words without end, the same ones for the same key, as plain sentences."""
    state = hashlib.blake2b(key.encode(errors="replace")).digest()
    place = 0
    while True:
        for byte in state:
            word = WORDS[byte % len(WORDS)]
            place = (place + 1) % WORDS_PER_SENTENCE
            if place == 1:
                word = word.capitalize()
            yield word + "." if place == 0 else word
        state = hashlib.blake2b(state).digest()
