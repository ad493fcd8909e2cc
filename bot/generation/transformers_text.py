"""Models through transformers and its continuous batching: the main path on CUDA.

It takes these options of a ModelSpec:

    dtype         float32, float16 or bfloat16 (bfloat16 on CUDA, else float32)
    cache_tokens  how many tokens the requests that run may have together

Every request has its own temperature, top-p and seed, whatever else is in the batch.
Prompts are not shared between requests: what is computed in another batch is rounded
otherwise.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from typing_extensions import override

from bot.errors import BackendError, GenerationError, MissingError, OutOfMemoryError
from bot.generation.backend import OnTextEvent, TextBackend, TextJob
from bot.generation.decoding import TokenDecoder
from bot.generation.prompts import room_for
from bot.generation.reasoning import OPENING_TAGS
from bot.generation.requests import (
    Finished,
    FinishReason,
    ModelSpec,
)
from bot.generation.stopping import StopFilter
from bot.words import T

try:
    import torch
    from transformers import ContinuousBatchingManager

    from bot.generation.transformers_batch import start_batch
    from bot.generation.transformers_model import load_model, load_tokenizer
    from bot.generation.transformers_sampling import GREEDY
    from bot.generation.transformers_tokens import ChatTokenizer
except ImportError as error:
    raise MissingError(
        T("transformers is not installed: `pip install hearthbot[transformers]`.")
    ) from error

__all__ = ["TransformersBackend"]

logger = structlog.get_logger(__name__)

POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class _Cancelled:
    """Put between the results, so that one thread sends all events of a request."""

    request_id: str


@dataclass(slots=True)
class _Run:
    """One request while it runs."""

    on_event: OnTextEvent
    prompt_tokens: int
    seed: int
    eos: frozenset[int]
    decoder: TokenDecoder
    stop: StopFilter
    num_made: int = 0
    last_token: int | None = field(default=None)

    def feed(self, token_ids: Sequence[int]) -> None:
        """Show what new tokens say."""
        self.num_made += len(token_ids)
        if token_ids:
            self.last_token = token_ids[-1]
        self._show(self.stop.feed(self.decoder.feed(token_ids)))

    def finish(self, reason: FinishReason) -> None:
        """Show what is left, and end."""
        self._show(self.stop.feed(self.decoder.flush()))
        self._show(self.stop.flush())
        self.on_event(Finished(reason, self.prompt_tokens, self.num_made, self.seed))

    def natural_reason(self) -> FinishReason:
        """Return why the batcher stopped."""
        is_done = self.last_token in self.eos
        return FinishReason.STOP if is_done else FinishReason.LENGTH

    def _show(self, text: str) -> None:
        if text:
            self.on_event(text)


class TransformersBackend(TextBackend):
    """Runs a text model in one continuous batch."""

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._tokenizer = ChatTokenizer(load_tokenizer(spec))
        self.model = load_model(spec)
        limit = getattr(self.model.config, "max_position_embeddings", None)
        self._context_tokens = min(spec.context_tokens, limit or spec.context_tokens)
        self._eos = _end_tokens(self.model, self._tokenizer)
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self._batch = self._started_batch()
        self._reader = threading.Thread(target=self._read, name="results", daemon=True)
        self._reader.start()

    @override
    def cancel(self, request_id: str) -> None:
        self._batch.cancel_request(request_id)
        self._batch.output_router.output_queue.put(_Cancelled(request_id))

    @override
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(self._tokenizer.encode(text)) for text in texts]

    @override
    def close(self) -> None:
        self._is_closed = True
        self._reader.join()
        self._batch.stop(block=True, hard_stop=True)
        for run in self._take_all():
            run.finish(FinishReason.CANCELLED)
        self.model = None
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    @override
    def begin(self, job: TextJob) -> None:
        params = job.params
        prompt = self._tokenizer.render(job.messages)
        prompt_ids = self._tokenizer.encode(prompt)
        room = room_for(len(prompt_ids), self._context_tokens)
        run = _Run(
            job.on_event,
            len(prompt_ids),
            job.seed,
            self._eos,
            TokenDecoder(self._tokenizer.decode),
            StopFilter(params.stop),
        )
        ending = prompt.rstrip().lower()
        if opened := [tag for tag in OPENING_TAGS if ending.endswith(tag)]:
            job.on_event(opened[0])  # what comes is a thought already
        with self._lock:
            self._runs[job.id] = run
        is_greedy = params.temperature == 0
        accepted = self._batch.add_request(
            prompt_ids,
            request_id=job.id,
            max_new_tokens=min(params.max_tokens, room),
            streaming=True,
            eos_token_id=sorted(self._eos),
            temperature=1.0 if is_greedy else float(params.temperature),
            top_p=1.0 if is_greedy else float(params.top_p),
            seed=GREEDY if is_greedy else job.seed,
        )
        if accepted is None and self._take(job.id) is not None:
            raise BackendError(T("The model could not answer this."))

    def _started_batch(self) -> ContinuousBatchingManager:
        return start_batch(
            self.model,
            self._spec,
            eos=sorted(self._eos),
            context_tokens=self._context_tokens,
        )

    def _read(self) -> None:
        """Pass on what the batcher makes: the one thread that sends events."""
        while not self._is_closed:
            result = self._batch.get_result(timeout=POLL_S)
            if result is not None:
                self._on_result(result)
            elif self._batch.background_thread_status.fatal_error is not None:
                self._on_fatal()

    def _on_result(self, result: Any) -> None:
        if isinstance(result, _Cancelled):
            if (run := self._take(result.request_id)) is not None:
                run.finish(FinishReason.CANCELLED)
            return
        run = self._runs.get(result.request_id)
        if run is None:
            return  # stopped or cancelled before
        if result.error is not None:
            self._take(result.request_id)
            run.on_event(_failure(result.error))
            return
        run.feed(result.generated_tokens[run.num_made :])
        if run.stop.is_stopped:
            self._batch.cancel_request(result.request_id)
            self._take(result.request_id)
            run.finish(FinishReason.STOP)
        elif result.is_finished():
            self._take(result.request_id)
            run.finish(run.natural_reason())

    def _on_fatal(self) -> None:
        """The batch is lost: fail what was in it and begin another, or end the worker.

        After a CUDA fault nothing works in this process any more.
        """
        error = self._batch.background_thread_status.fatal_error
        logger.error("the batch has failed", exc_info=error)
        for run in self._take_all():
            run.on_event(_failure(str(error)))
        try:
            self._batch.stop(block=True)
            self._batch = self._started_batch()
        except Exception:
            logger.exception("the batch cannot be started again")
            os._exit(1)

    def _take(self, request_id: str) -> _Run | None:
        with self._lock:
            return self._runs.pop(request_id, None)

    def _take_all(self) -> list[_Run]:
        with self._lock:
            runs, self._runs = list(self._runs.values()), {}
        return runs


def _end_tokens(model: Any, tokenizer: ChatTokenizer) -> frozenset[int]:
    """Return the tokens that end a text, wherever they are written down."""
    configured = model.generation_config.eos_token_id
    tokens = configured if isinstance(configured, list) else [configured]
    return frozenset(
        token for token in (*tokens, tokenizer.eos_token_id) if token is not None
    )


def _failure(message: str) -> GenerationError:
    if "out of memory" in message.lower():
        return OutOfMemoryError(T("There is not enough memory for this request."))
    return BackendError(T("The model could not answer this."))
