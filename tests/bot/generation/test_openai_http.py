"""The client of OpenAI-compatible servers, against one that misbehaves.

That it works with a real server is in test_backend_contract.py.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from typing_extensions import override

from bot.errors import BackendError, MissingError
from bot.generation.backend import Backend
from bot.generation.openai_http import OpenAIBackend
from bot.generation.openai_stream import ChatStream
from bot.generation.reasoning import ReasoningFilter
from bot.generation.requests import Finished, FinishReason, ModelSpec, TextParams

MakeDriver = Callable[[Backend], Any]
KEY = "sesame-0123"


def chunk(text: str = "", reason: str | None = None, **more: object) -> str:
    choice = {"delta": {"content": text}, "finish_reason": reason}
    return "data: " + json.dumps({"choices": [choice], **more}) + "\n\n"


HELLO = (chunk("Hel"), ": still here\n\n", chunk("lo"), chunk(reason="stop"))
DONE = "data: [DONE]\n\n"


@dataclass
class Answer:
    """What the server does with one request."""

    status: int = 200
    parts: tuple[str, ...] = (*HELLO, DONE)
    headers: tuple[tuple[str, str], ...] = ()
    hangs: bool = False
    is_cut: bool = False  # promises more than it sends


@dataclass
class Server:
    """A loopback server that answers as it is told, then well."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    is_asked: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        @override
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            told.asked.append((self.path, json.loads(self.rfile.read(size))))
            told.keys.append(self.headers.get("authorization"))
            told.is_asked.set()
            answer = told.answers.pop(0) if told.answers else Answer()
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.is_cut:
                self.send_header("content-length", "100000")
            self.end_headers()
            for part in answer.parts:
                self.wfile.write(part.encode())
                self.wfile.flush()
            if answer.hangs:
                told.is_over.wait(60)

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    httpd.block_on_close = False
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{httpd.server_port}/v1"
    yield told
    told.is_over.set()
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def open_driver(drive: MakeDriver) -> Iterator[Callable[..., Any]]:
    opened: list[Backend] = []

    def make(url: str, **options: str | float | bool) -> Any:
        items = {"retry_s": 0.0, "timeout_s": 5.0, **options}
        backend = OpenAIBackend(
            ModelSpec("m", "openai", url, options=tuple(items.items()))
        )
        opened.append(backend)
        return drive(backend)

    yield make
    for backend in opened:
        backend.close()


def test_key_that_is_not_set_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARTHBOT_TEST_KEY", raising=False)
    spec = ModelSpec(
        "m", "openai", "http://x/v1", options=(("api_key_env", "HEARTHBOT_TEST_KEY"),)
    )
    with pytest.raises(MissingError, match="HEARTHBOT_TEST_KEY"):
        OpenAIBackend(spec)


def test_wrong_key_is_said_without_the_key(
    server: Server, open_driver: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTHBOT_TEST_KEY", KEY)
    server.answers = [Answer(401, (f'{{"error": "bad key {KEY}"}}',))]
    error = open_driver(server.url, api_key_env="HEARTHBOT_TEST_KEY").begin("a").end()
    assert isinstance(error, BackendError)
    assert "api_key_env" in str(error)
    assert KEY not in str(error)
    assert server.keys == [f"Bearer {KEY}"]


@pytest.mark.parametrize(
    ("answers", "said", "num_asked"),
    [
        ([Answer(500)] * 9, "busy", 4),
        ([Answer(400, ("maximum context length is 9",))], "shorter", 1),
        ([Answer(404, ("no such model",))], "could not answer", 1),
        ([Answer(parts=("data: {garbage\n\n",))], "broke off", 1),
        ([Answer(parts=('data: {"error": {"message": "x"}}\n\n',))], "could not", 1),
        ([Answer(parts=(chunk("Hel"),))], "broke off", 1),
        ([Answer(parts=(chunk("Hel"),), is_cut=True)], "broke off", 1),
        ([Answer(parts=("<html>hello</html>",))], "broke off", 1),
        ([Answer(parts=(), is_cut=True)] * 9, "cannot be reached", 4),
    ],
)
def test_trouble_is_said_kindly(
    server: Server,
    open_driver: Callable[..., Any],
    answers: list[Answer],
    said: str,
    num_asked: int,
) -> None:
    server.answers = list(answers)
    error = open_driver(server.url).begin("hello").end()
    assert isinstance(error, BackendError), error
    assert said in str(error)
    assert len(server.asked) == num_asked


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://[half/v1", "nothing"])
def test_server_that_is_not_there_is_named(
    open_driver: Callable[..., Any], url: str
) -> None:
    driver = open_driver(url)
    error = driver.begin("hello").end()
    assert isinstance(error, BackendError)
    assert url in str(error)
    assert driver.backend.count_tokens(["abc"]) == [1]


def test_silent_server_is_given_up(
    server: Server, open_driver: Callable[..., Any]
) -> None:
    server.answers = [Answer(parts=(chunk("Hel"),), hangs=True)]
    heard = open_driver(server.url, timeout_s=0.1).begin("hello")
    error = heard.end()
    assert isinstance(error, BackendError)
    assert "in time" in str(error)
    assert heard.text == "Hel"
    assert len(server.asked) == 1


def test_passing_trouble_is_tried_again(
    server: Server, open_driver: Callable[..., Any]
) -> None:
    server.answers = [
        Answer(429, headers=(("retry-after", "0"),)),
        Answer(503, headers=(("retry-after", "Mon, 01 Jan 2035 00:00:00 GMT"),)),
        Answer(parts=(), hangs=False, is_cut=True),
    ]
    heard = open_driver(server.url).begin("hello")
    assert heard.finished().reason is FinishReason.STOP
    assert heard.text == "Hello"
    assert len(server.asked) == 4


def test_request_has_what_was_wanted(
    server: Server, open_driver: Callable[..., Any]
) -> None:
    params = TextParams(max_tokens=5, temperature=0.5, top_p=0.8, seed=3, stop=("x",))
    open_driver(f"{server.url}/", model="big").say("hello", params=params)
    path, body = server.asked[0]
    assert path == "/v1/chat/completions"
    wanted = {
        "model": "big",
        "max_tokens": 5,
        "temperature": 0.5,
        "top_p": 0.8,
        "seed": 3,
        "stop": ["x"],
        "stream": True,
    }
    assert wanted.items() <= body.items()
    assert body["messages"][-1] == {"role": "user", "content": "hello"}
    assert server.keys == [None]


def test_cancel_closes_the_connection(
    server: Server, open_driver: Callable[..., Any]
) -> None:
    server.answers = [Answer(parts=(chunk("Hel"),), hangs=True), Answer(hangs=True)]
    driver = open_driver(server.url)
    heard = driver.begin("hello", id="a")
    assert heard.piece() == "Hel"
    driver.backend.cancel("a")
    assert heard.finished().reason is FinishReason.CANCELLED
    unborn = driver.begin("hello", id="b")
    driver.backend.cancel("b")
    assert unborn.finished().reason is FinishReason.CANCELLED


def test_template_that_thinks_shows_no_thought(
    server: Server, open_driver: Callable[..., Any]
) -> None:
    server.answers = [
        Answer(parts=(chunk("hm"), chunk("</think>\n\nHi"), chunk(reason="stop")))
    ]
    text = open_driver(server.url, thinks=True).say("hello")
    reasoning = ReasoningFilter()
    assert reasoning.feed(text) + reasoning.flush() == "Hi"


def test_usage_is_taken_and_else_counted() -> None:
    stream = ChatStream()
    for line in HELLO:
        stream.feed(line)
    assert stream.completion_tokens == 2
    stream.feed('data: {"choices": [], "usage": {"prompt_tokens": 7}}')
    stream.feed('data: {"choices": [{"finish_reason": "length"}]}')
    stream.end()
    assert (stream.prompt_tokens, stream.reason) == (7, FinishReason.LENGTH)


@pytest.mark.parametrize(
    ("answer", "again", "counts"),
    [
        (Answer(parts=('{"tokens": [1, 2]}',)), True, [2]),
        (Answer(404), False, [3]),
        (Answer(503), True, [3]),
        (Answer(parts=("<html>",)), False, [3]),
        (Answer(parts=('{"other": 1}',)), False, [3]),
    ],
)
def test_count_tokens_asks_or_approximates(
    server: Server,
    open_driver: Callable[..., Any],
    answer: Answer,
    again: bool,
    counts: list[int],
) -> None:
    server.answers = [answer]
    driver = open_driver(server.url)
    assert driver.backend.count_tokens(["eight ch"]) == counts
    assert server.asked[0][0] == "/tokenize"
    driver.backend.count_tokens(["x"])
    assert len(server.asked) == (2 if again else 1)


def test_close_ends_what_runs(server: Server, drive: MakeDriver) -> None:
    server.answers = [Answer(parts=(chunk("Hel"),), hangs=True)]
    backend = OpenAIBackend(ModelSpec("m", "openai", server.url))
    heard = drive(backend).begin("hello")
    heard.piece()
    backend.close()
    outcome = heard.end()
    assert isinstance(outcome, Finished)
    assert outcome.reason is FinishReason.CANCELLED
