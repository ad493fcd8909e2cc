"""GGUF models through llama.cpp: one thread for each request that runs.

It takes these options of a ModelSpec:

    cache_tokens  how many tokens the requests that run may have together; a request
                  waits until what it may grow to fits (4 x context_tokens)
    split_cache   true: every slot has a whole context of its own, which takes more
                  memory; then a text does not depend on what else runs, to the bit
    threads       CPU threads (one for each core)

In a shared cache the place of a text decides how sums are rounded. So a request with a
seed, or at temperature 0, starts in an empty cache if it is alone, and reuses nothing;
others start from what is left of the conversation before, which is much faster.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from typing_extensions import override

from bot.errors import BackendError
from bot.generation.admission import Admission
from bot.generation.backend import TextBackend, TextJob
from bot.generation.llama_server import LlamaServer, cache_tokens
from bot.generation.prompts import room_for, too_long, without_system
from bot.generation.requests import Finished, FinishReason, ModelSpec
from bot.words import T

__all__ = ["LlamaCppBackend"]


PENALTY_TOKENS = 256
"""How far back a token counts as repeated."""


@dataclass(slots=True)
class _Run:
    """One request, and what its chunks have told so far."""

    job: TextJob
    is_cancelled: bool = False
    reason: FinishReason = FinishReason.LENGTH
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error: dict[str, object] = field(default_factory=dict)

    def on_chunk(self, chunk: dict[str, object]) -> bool:
        """Take a chunk; True cancels the request."""
        if isinstance(error := chunk.get("error"), dict):
            self.error = error
            return True
        if isinstance(usage := chunk.get("usage"), dict):
            self.prompt_tokens = int(usage["prompt_tokens"])
            self.completion_tokens = int(usage["completion_tokens"])
        choices = chunk.get("choices")
        if isinstance(choices, list) and choices:
            self._on_choice(choices[0])
        return self.is_cancelled

    def _on_choice(self, choice: dict[str, dict[str, str]]) -> None:
        if text := choice["delta"].get("content"):
            self.job.on_event(text)
            self.completion_tokens += 1  # as good as known until usage comes
        if reason := choice.get("finish_reason"):
            self.reason = FinishReason(str(reason))

    def finished(self) -> Finished:
        """Return how it ended."""
        reason = FinishReason.CANCELLED if self.is_cancelled else self.reason
        return Finished(
            reason, self.prompt_tokens, self.completion_tokens, self.job.seed
        )


class LlamaCppBackend(TextBackend):
    """Runs a GGUF file on llama.cpp."""

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._server = LlamaServer(spec)
        self._admission = Admission(cache_tokens(spec))
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(spec.max_parallel, thread_name_prefix="slot")

    @override
    def begin(self, job: TextJob) -> None:
        run = _Run(job)
        with self._lock:
            self._runs[job.id] = run
        self._threads.submit(self._run, run)

    @override
    def cancel(self, request_id: str) -> None:
        with self._lock:
            run = self._runs.get(request_id)
        if run is not None:
            run.is_cancelled = True
            self._admission.wake()

    @override
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [self._server.count(text) for text in texts]

    @override
    def close(self) -> None:
        for request_id in list(self._runs):
            self.cancel(request_id)
        self._threads.shutdown()
        self._server.close()

    def _run(self, run: _Run) -> None:
        outcome: Finished | Exception
        try:
            self._generate(run)
            outcome = self._outcome(run)
        except Exception as error:
            outcome = error  # the last event has to come, whatever it is
        with self._lock:
            del self._runs[run.job.id]
        run.job.on_event(outcome)

    def _generate(self, run: _Run) -> None:
        if run.is_cancelled:
            return
        messages, params = run.job.messages, run.job.params
        try:
            prompt = self._server.render(messages)
        except BackendError:
            messages = without_system(messages)
            prompt = self._server.render(messages)
        run.prompt_tokens = self._server.count(prompt, is_prompt=True)
        room = room_for(run.prompt_tokens, self._spec.context_tokens)
        max_tokens = min(params.max_tokens, room)
        is_exact = params.seed is not None or params.temperature == 0
        if not self._admission.enter(
            run.prompt_tokens + max_tokens,
            is_cancelled=lambda: run.is_cancelled,
            when_alone=self._server.empty_slots if is_exact else None,
        ):
            return
        try:
            request = _request(run.job, messages, max_tokens, may_reuse=not is_exact)
            self._server.chat(request, run.on_chunk)
        finally:
            self._admission.leave(run.prompt_tokens + max_tokens)

    def _outcome(self, run: _Run) -> Finished | BackendError:
        if not run.error:
            return run.finished()
        if run.error.get("type") == "exceed_context_size_error":
            return too_long(run.prompt_tokens, self._spec.context_tokens)
        return BackendError(T("The model could not answer this."))


def _request(
    job: TextJob, messages: list[dict[str, str]], max_tokens: int, *, may_reuse: bool
) -> dict[str, object]:
    params = job.params
    return {
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,  # a chance to cancel while a long prompt is read
        "max_tokens": max_tokens,
        "temperature": params.temperature,
        "top_p": params.top_p,
        "seed": job.seed,
        "stop": [string for string in params.stop if string],
        "repeat_penalty": params.repetition_penalty,
        "repeat_last_n": PENALTY_TOKENS,
        "cache_prompt": may_reuse,
    }
