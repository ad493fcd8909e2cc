"""llama.cpp's server inside this process, closed to everybody else.

It insists on listening somewhere; here that is a socket file in a private folder, with
a key that nobody has. Only what its native interface lacks goes through there.
"""

import http.client
import json
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.errors import BackendError, MissingError, OutOfMemoryError
from bot.generation.requests import ModelSpec
from bot.models.catalogue import CATALOGUE
from bot.words import T, Text

if TYPE_CHECKING:
    from xllamacpp import Server

__all__ = ["CACHE_CONTEXTS", "ChunkCallback", "LlamaServer", "cache_tokens"]

ChunkCallback = Callable[[dict[str, object]], bool]
"""Takes a chunk in the OpenAI format; True cancels the request."""

CACHE_CONTEXTS = 4
"""How many full contexts the shared cache holds, however many requests run."""

ERRORS_ONLY = 1
MAGIC = b"GGUF"
SMALLEST = 256
CALL_S = 60.0


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=CALL_S)
        self._path = path

    @override
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(CALL_S)
        self.sock.connect(self._path)


class LlamaServer:
    """One loaded GGUF with its slots."""

    def __init__(self, spec: ModelSpec) -> None:
        _check_file(spec)
        self._folder = Path(tempfile.mkdtemp(prefix="hearthbot-"))
        self._key = secrets.token_urlsafe(32)
        self._num_slots = spec.max_parallel
        try:
            self._server: Server | None = self._load(spec)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def chat(self, request: dict[str, object], on_chunk: ChunkCallback) -> None:
        """Run one request in this thread, from its first chunk to its last."""
        if self._server is None:
            raise BackendError(T("The model has been put away."))
        self._server.handle_chat_completions(request, on_chunk)

    def render(self, messages: Sequence[dict[str, str]]) -> str:
        """Return the prompt that the model's template makes.

        Raises:
            BackendError: the template refuses the roles.
        """
        answer = self._post("/apply-template", {"messages": list(messages)})
        return str(answer["prompt"])

    def count(self, text: str, *, is_prompt: bool = False) -> int:
        """Return how many tokens a text has; in a prompt the template's marks count."""
        request = {"content": text, "parse_special": is_prompt}
        tokens = self._post("/tokenize", {**request, "add_special": is_prompt})[
            "tokens"
        ]
        return len(tokens) if isinstance(tokens, list) else 0

    def empty_slots(self) -> None:
        """Forget the prompts of the slots. Waits for those that run."""
        for slot in range(self._num_slots):
            self._post(f"/slots/{slot}?action=erase", {})

    def close(self) -> None:
        """Free the model. No request may run."""
        self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _load(self, spec: ModelSpec) -> "Server":
        try:
            return self._open(spec)
        except RuntimeError as error:
            failure = error
        # llama.cpp does not say why: if a small one can be made, memory was missing.
        smallest = replace(spec, context_tokens=SMALLEST, max_parallel=1, options=())
        try:
            self._open(smallest)
        except RuntimeError:
            raise _damaged(spec) from failure
        raise OutOfMemoryError(
            T("The model {name} does not fit into memory.", name=spec.name)
        ) from failure

    def _open(self, spec: ModelSpec) -> "Server":
        # Read when the library is loaded: by default threads that wait for each other
        # spin, and where anything else runs on the machine hardly get anywhere.
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")
        try:
            from xllamacpp import CommonParams, Server
        except ImportError as error:
            raise MissingError(
                T("llama.cpp is not installed: `pip install xllamacpp`.")
            ) from error
        options = dict(spec.options)
        params = CommonParams()
        params.model.path = spec.location
        params.n_parallel = spec.max_parallel
        params.n_ctx = cache_tokens(spec)
        params.kv_unified = not options.get("split_cache", False)
        params.cache_ram_mib = 0  # finished prompts are not kept outside the cache
        params.verbosity = ERRORS_ONLY
        params.hostnames = [str(self._folder / f"{secrets.token_hex(4)}.sock")]
        params.api_keys = [self._key]
        params.ui = False
        # A last turn of the bot is there to be judged, not to be gone on with.
        params.prefill_assistant = False
        # Without a folder slots cannot be emptied; nothing is saved there.
        params.slot_save_path = f"{self._folder}/"
        if threads := int(options.get("threads", 0)):
            params.cpuparams.n_threads = threads
            params.cpuparams_batch.n_threads = threads
        server = Server(params)
        self._socket = params.hostnames[0]
        # Its loop has to have begun: one that is put away before never ends.
        self._post("/slots/0?action=erase", {})
        return server

    def _post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        connection = _UnixConnection(self._socket)
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
        }
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise BackendError(T("The model does not answer.")) from error
        finally:
            connection.close()
        if response.status != HTTPStatus.OK:
            raise BackendError(T("The model could not read this."))
        return dict(answer)


def cache_tokens(spec: ModelSpec) -> int:
    """Return how many tokens the cache of a model holds, for all requests together.

    The option `cache_tokens` decides; else it is CACHE_CONTEXTS contexts, or with
    `split_cache` one for every slot.
    """
    options = dict(spec.options)
    if options.get("split_cache", False):
        return spec.context_tokens * spec.max_parallel
    contexts = min(spec.max_parallel, CACHE_CONTEXTS)
    wanted = int(options.get("cache_tokens", 0)) or spec.context_tokens * contexts
    return max(spec.context_tokens, wanted)


UNREADABLE = T("Correct `model` in [models.chat], or let this account read the file.")
BROKEN = T(
    "Get it anew from where it came from, or name another one as `model` in "
    "[models.chat]."
)
"""What helps with a file that is the owner's own."""


def _check_file(spec: ModelSpec) -> None:
    path = Path(spec.location)
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise MissingError(
            T(
                "The model file {path} cannot be read. {cure}",
                path=spec.location,
                cure=_cure(spec, UNREADABLE),
            )
        ) from error
    if magic != MAGIC:
        raise _damaged(spec)


def _damaged(spec: ModelSpec) -> MissingError:
    return MissingError(
        T(
            "The model file {path} is damaged, or of a kind that llama.cpp does not "
            "know. {cure}",
            path=spec.location,
            cure=_cure(spec, BROKEN),
        )
    )


def _cure(spec: ModelSpec, own: Text) -> Text:
    """Return what helps: fetching, or for a file of the owner's what `own` says."""
    if spec.name in CATALOGUE:
        return T("Fetch it anew: hearthbot models fetch {name}", name=spec.name)
    return own
