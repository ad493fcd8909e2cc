"""Models on a server that speaks the OpenAI protocol: vLLM, SGLang, llama.cpp, ….

The location of a ModelSpec is the base URL, such as http://127.0.0.1:8000/v1. Options:

    model        what the server calls the model (the name of the ModelSpec)
    api_key_env  the environment variable with the key (none)
    timeout_s    how long the server may be silent (120)
    retry_s      the first pause before trying again, doubled each time (0.5)
    thinks       true: the server's template opens a thought by itself

A request is tried again only while nothing of its text has come. Tokens are counted by
the server's /tokenize, and where it has none taken as one for three bytes, which is
more than most models need.
"""

import asyncio
import os
import threading
from collections.abc import Sequence
from http import HTTPStatus

import httpx
import structlog
from typing_extensions import override

from bot.errors import BackendError, MissingError
from bot.generation.backend import OnTextEvent, TextBackend, TextJob
from bot.generation.openai_stream import (
    ChatStream,
    broken,
    busy,
    refusal,
    silent,
    unreachable,
)
from bot.generation.reasoning import OPENING_TAGS
from bot.generation.requests import (
    Finished,
    FinishReason,
    ModelSpec,
)
from bot.words import T

__all__ = ["OpenAIBackend"]

logger = structlog.get_logger(__name__)

CONNECT_S = 10.0
MAX_ATTEMPTS = 4
MAX_PAUSE_S = 30.0
BYTES_PER_TOKEN = 3
PASSING = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Answers that may be better the next time."""

WRONG_KEY = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class _PassingError(Exception):
    """Nothing came of an attempt; another one may succeed."""

    def __init__(self, error: BackendError, after_s: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.after_s = after_s


class OpenAIBackend(TextBackend):
    """Sends requests to a server; one thread runs them all."""

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._options = dict(spec.options)
        self._base_url = spec.location.rstrip("/")
        self._model = str(self._options.get("model", spec.name))
        self._can_count = True
        self._client = httpx.AsyncClient(
            headers=_headers(str(self._options.get("api_key_env", ""))),
            timeout=httpx.Timeout(
                float(self._options.get("timeout_s", 120)),
                connect=CONNECT_S,
                pool=None,
            ),
            limits=httpx.Limits(max_connections=None),
        )
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="http", daemon=True
        )
        self._thread.start()

    @override
    def begin(self, job: TextJob) -> None:
        self._loop.call_soon_threadsafe(self._begin, job)

    @override
    def cancel(self, request_id: str) -> None:
        self._loop.call_soon_threadsafe(self._cancel, request_id)

    @override
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        counting = asyncio.run_coroutine_threadsafe(self._count(texts), self._loop)
        return counting.result()

    @override
    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _begin(self, job: TextJob) -> None:
        stream = ChatStream()
        task = self._loop.create_task(self._generate(job, stream))
        self._tasks[job.id] = task

        def end(task: asyncio.Task[None]) -> None:
            del self._tasks[job.id]
            job.on_event(_outcome(task, stream, job.seed))

        # The task itself may be cancelled before it has begun.
        task.add_done_callback(end)

    def _cancel(self, request_id: str) -> None:
        task = self._tasks.get(request_id)
        if task is not None:
            task.cancel()

    async def _shut(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    async def _generate(self, job: TextJob, stream: ChatStream) -> None:
        params = job.params
        body = {
            "model": self._model,
            "messages": job.messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": params.max_tokens,
            "temperature": params.temperature,
            "top_p": params.top_p,
            "seed": job.seed,
            **({"stop": list(params.stop)} if params.stop else {}),
        }
        pause_s = float(self._options.get("retry_s", 0.5))
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                await self._attempt(body, stream, job.on_event)
                break
            except _PassingError as passing:
                if attempt == MAX_ATTEMPTS or stream.has_text:
                    raise passing.error from passing
                wait_s = pause_s if passing.after_s is None else passing.after_s
            logger.warning("the server is tried again", model=self._model)
            await asyncio.sleep(min(wait_s, MAX_PAUSE_S))
            pause_s *= 2

    async def _attempt(
        self, body: dict[str, object], stream: ChatStream, on_event: OnTextEvent
    ) -> None:
        url = f"{self._base_url}/chat/completions"
        try:
            async with self._client.stream("POST", url, json=body) as response:
                if response.status_code != HTTPStatus.OK:
                    raise await _refused(response)
                async for line in response.aiter_lines():
                    is_first = not stream.has_text
                    text = stream.feed(line)
                    if text and is_first and self._options.get("thinks"):
                        text = OPENING_TAGS[0] + text
                    if text:
                        on_event(text)
                    if stream.is_done:
                        break
        except httpx.TimeoutException as error:
            raise _PassingError(silent()) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            gone = broken() if stream.has_text else unreachable(self._base_url)
            raise _PassingError(gone) from error
        except httpx.InvalidURL as error:
            raise unreachable(self._base_url) from error
        stream.end()

    async def _count(self, texts: Sequence[str]) -> list[int]:
        return [await self._count_one(text) for text in texts]

    async def _count_one(self, text: str) -> int:
        if not self._can_count:
            return _approximate(text)
        # llama.cpp reads `content`, vLLM and SGLang read `prompt`.
        body = {"model": self._model, "content": text, "prompt": text}
        try:
            response = await self._client.post(
                f"{self._base_url.removesuffix('/v1')}/tokenize", json=body
            )
            if response.status_code != HTTPStatus.OK:
                self._can_count = response.status_code in PASSING
                return _approximate(text)
            return len(response.json()["tokens"])
        except (httpx.HTTPError, httpx.InvalidURL):
            return _approximate(text)
        except (ValueError, KeyError, TypeError):
            self._can_count = False
            return _approximate(text)


def _headers(key_env: str) -> dict[str, str]:
    if not key_env:
        return {}
    key = os.environ.get(key_env, "")
    if not key:
        raise MissingError(
            T(
                "The key of the model's server is missing: set the environment "
                "variable {name}.",
                name=key_env,
            )
        )
    return {"Authorization": f"Bearer {key}"}


def _outcome(
    task: asyncio.Task[None], stream: ChatStream, seed: int
) -> Finished | Exception:
    if task.cancelled():
        reason = FinishReason.CANCELLED
    elif (error := task.exception()) is not None:
        return error if isinstance(error, Exception) else broken()
    else:
        reason = stream.reason or FinishReason.STOP
    return Finished(reason, stream.prompt_tokens, stream.completion_tokens, seed)


async def _refused(response: httpx.Response) -> Exception:
    answer = (await response.aread()).decode(errors="replace")
    status = response.status_code
    if status in WRONG_KEY:
        return BackendError(
            T(
                "The model's server does not accept the key. The owner of this bot "
                "has to check it (api_key_env)."
            )
        )
    if status in PASSING:
        return _PassingError(busy(), _retry_after(response))
    logger.warning("the server refused a request", status=status)
    return refusal(answer)


def _retry_after(response: httpx.Response) -> float | None:
    """Return what the server asks for in seconds; None: nothing that can be read."""
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdecimal() else None


def _approximate(text: str) -> int:
    return -(-len(text.encode(errors="replace")) // BYTES_PER_TOKEN)
