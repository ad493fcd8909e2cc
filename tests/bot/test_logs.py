import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import configure_logging
from bot.redaction import HIDDEN, PRIVATE_FIELDS, Redactor

Logged = Callable[[], list[dict[str, Any]]]

TELEGRAM = "123456789:" + "AAbbCCddEEffGGhhIIjjKKllMMnnOOpp_-1"
DISCORD = ".".join(["MTA" + "x" * 23, "GaBcDe", "y" * 38])


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    logging.captureWarnings(False)
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def configure(stream: io.StringIO, level: str = "info", *secrets: str) -> Any:
    configure_logging(level, is_terminal=False, stream=stream, secrets=secrets)
    return structlog.get_logger("bot.test")


@pytest.mark.parametrize("level", ["info", "warning", "error"])
@pytest.mark.parametrize("field", sorted(PRIVATE_FIELDS))
def test_logs_keep_what_people_write_out(
    stream: io.StringIO, level: str, field: str
) -> None:
    configure(stream, level).error("event", **{field: "dear diary"})
    assert "dear diary" not in stream.getvalue()
    assert lines(stream)[0][field] == "[not logged]"


def test_logs_have_what_people_write_at_debug(stream: io.StringIO) -> None:
    configure(stream, "debug").debug("event", text="dear diary")
    assert lines(stream)[0]["text"] == "dear diary"


def test_logs_keep_numbers_of_private_fields(stream: io.StringIO) -> None:
    configure(stream).info("event", line=3, text=None)
    assert (lines(stream)[0]["line"], lines(stream)[0]["text"]) == (3, None)


@pytest.mark.parametrize(
    "secret",
    [
        TELEGRAM,
        DISCORD,
        "sk-proj-abcdefghijklmnop",
        "hf_abcdefghijklmnop",
        "ghp_abcdefghijklmnop",
        "github_pat_abcdefghijklmnopqrst",
        "xoxb-123456789012-abc",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    ],
)
def test_logs_hide_what_looks_like_a_secret(stream: io.StringIO, secret: str) -> None:
    logger = configure(stream)
    glue = "/bot" if secret == TELEGRAM else "/"
    logger.warning("call", url=f"https://x{glue}{secret}/y")
    logger.warning("call to " + secret)  # noqa: G003 (a careless library)
    logger.warning("nested", headers=[{"X-Key": secret}], key=(secret,))
    try:
        raise ValueError(f"no such bot: {secret}")
    except ValueError:
        logger.exception("failed")
    assert secret not in stream.getvalue()
    assert "ValueError: no such bot: [hidden]" in lines(stream)[3]["exception"]


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hushhush",
        "authorization: Bot hushhush",
        "Authorization: Basic hushhush",
        "{'Authorization': 'Bearer hushhush'}",
        '{"api_key": "hushhush"}',
        "password=hushhush",
        "token = hushhush",
        "https://x/y?token=hushhush&z=1",
        "https://someone:hushhush@host/y",
        "DISCORD_TOKEN=hushhush",
    ],
)
def test_logs_hide_what_is_named_a_secret(stream: io.StringIO, text: str) -> None:
    configure(stream).warning("event", detail=text)
    assert "hushhush" not in stream.getvalue()
    assert HIDDEN in lines(stream)[0]["detail"]


@pytest.mark.parametrize(
    "name", ["token", "api_key", "Authorization", "DISCORD_TOKEN", "password", "cookie"]
)
def test_logs_hide_a_field_that_is_named_a_secret(
    stream: io.StringIO, name: str
) -> None:
    configure(stream).warning("event", **{name: "hush"}, inner={name: "hush"})
    assert lines(stream)[0][name] == HIDDEN
    assert lines(stream)[0]["inner"] == {name: HIDDEN}


def test_logs_hide_known_secrets_anywhere(stream: io.StringIO) -> None:
    logger = configure(stream, "info", "swordfish", "swordfish-2", "abc", "")
    logger.info("swordfish-2!", count=3, note="a swordfish swims", abc="abc")
    told = lines(stream)[0]
    assert told["event"] == f"{HIDDEN}!"
    assert told["note"] == f"a {HIDDEN} swims"
    assert told["abc"] == "abc"


@given(
    secret=st.text(min_size=4).filter(lambda s: s not in HIDDEN and "\0" not in s),
    before=st.text(),
    after=st.text(),
)
def test_redactor_never_lets_a_known_secret_through(
    secret: str, before: str, after: str
) -> None:
    hidden = Redactor([secret]).text(f"{before}{secret}{after}")
    assert HIDDEN in hidden
    assert Redactor([secret]).text(f"\0{secret}\0") == f"\0{HIDDEN}\0"


@pytest.mark.parametrize(
    "text",
    [
        "3 tokens in 0.5 s",
        "12:30:45 at 127.0.0.1:8420",
        "max_tokens: 400",
        "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        "adapters/discord/adapter.py",
        "web:announcements",
    ],
)
def test_redactor_leaves_ordinary_text_alone(text: str) -> None:
    assert Redactor([]).text(text) == text


def test_logs_of_numbers_and_bytes(stream: io.StringIO) -> None:
    configure(stream).info(
        "event", max_tokens=5, ok=True, raw=b"hush", none=None, many=[1]
    )
    told = lines(stream)[0]
    assert (told["max_tokens"], told["ok"], told["none"]) == (5, True, None)
    assert told["raw"] == "[4 bytes]"


def test_logs_of_libraries_take_the_same_way(stream: io.StringIO) -> None:
    configure(stream, "info", "swordfish")
    logging.getLogger("library").info("got %s", "swordfish", extra={"text": "diary"})
    try:
        raise KeyError("swordfish")
    except KeyError:
        logging.getLogger("library").exception("failed")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn_explicit("swordfish is old", UserWarning, "x.py", 1)
    first, second, third = lines(stream)
    assert (first["event"], first["logger"], first["level"]) == (
        f"got {HIDDEN}",
        "library",
        "info",
    )
    assert first["text"] == "[not logged]"
    assert "KeyError" in second["exception"]
    assert third["logger"] == "py.warnings"
    assert "swordfish" not in stream.getvalue()


@pytest.mark.parametrize("name", ["apscheduler", "httpx"])
def test_logs_of_chatty_libraries_are_warnings_only(
    stream: io.StringIO, name: str
) -> None:
    configure(stream, "debug")
    logging.getLogger(name).info("GET https://x 200")
    logging.getLogger(name).warning("slow")
    assert [line["event"] for line in lines(stream)] == ["slow"]


def test_logs_below_the_level_are_silent(stream: io.StringIO) -> None:
    logger = configure(stream, "warning")
    logger.info("event")
    logger.warning("event", who="会")
    assert "会" in stream.getvalue()
    assert len(lines(stream)) == 1
    assert lines(stream)[0]["timestamp"].endswith("Z")


def test_logs_on_a_terminal_are_for_people(stream: io.StringIO) -> None:
    configure_logging("info", is_terminal=True, stream=stream, secrets=["swordfish"])
    logger = structlog.get_logger("bot.test")
    logger.info("model loaded", seconds=3, note="swordfish")
    try:
        raise ValueError("swordfish")
    except ValueError:
        logger.exception("failed")
    told = stream.getvalue()
    assert "model loaded" in told
    assert "ValueError" in told
    assert "swordfish" not in told
    assert not told.startswith("{")


def test_logs_can_be_configured_again(stream: io.StringIO) -> None:
    configure(io.StringIO(), "error")
    logger = configure(stream, "info")
    logger.info("once")
    assert len(lines(stream)) == 1
