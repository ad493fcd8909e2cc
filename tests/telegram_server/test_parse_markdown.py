from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.helpers import escape_markdown

from tests.telegram_server.client import Client
from tests.telegram_server.entities import Entity, Formatted
from tests.telegram_server.parse_legacy import parse_legacy
from tests.telegram_server.parse_markdown import parse_markdown
from tests.telegram_server.refusals import Refusal
from tests.telegram_server.server import TelegramServer

RESERVED = "Character '{}' is reserved and must be escaped with the preceding '\\'"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        *[(f"a{mark}b", RESERVED.format(mark)) for mark in "#+-=|{}.!>()]"],
        ("é*open", "Can't find end of Bold entity at byte offset 2"),
        ("_open", "Can't find end of Italic entity at byte offset 0"),
        ("__open", "Can't find end of Underline entity at byte offset 0"),
        ("~open", "Can't find end of Strikethrough entity at byte offset 0"),
        ("||open", "Can't find end of Spoiler entity at byte offset 0"),
        ("`open", "Can't find end of Code entity at byte offset 0"),
        ("```open", "Can't find end of Pre entity at byte offset 0"),
        ("```py\nopen", "Can't find end of PreCode entity at byte offset 0"),
        ("[open", "Can't find end of TextUrl entity at byte offset 0"),
        ("[a](http://b", "Can't find end of a URL at byte offset 4"),
        ("![a]", "Custom emoji entity must contain a tg://emoji URL"),
        ("![a](tg://emoji", "Can't find end of a custom emoji URL at byte offset 5"),
        ("![a](http://b)", "Custom emoji URL must have an emoji identifier"),
        ("*a _b* c_", "Can't find end of Italic entity at byte offset 8"),
        (">*quoted\nout*", "Can't find end of Bold entity at byte offset 1"),
    ],
)
async def test_wrong_markdown_is_refused(
    server: TelegramServer, api: Client, source: str, reason: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call(
        "sendMessage", chat_id=chat.id, text=source, parse_mode="MarkdownV2"
    )

    assert answer.description == f"400 Bad Request: can't parse entities: {reason}"
    assert chat.messages == []


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*a* _b_", "a b", [("bold", 0, 1), ("italic", 2, 1)]),
        ("🔥 *é*", "🔥 é", [("bold", 3, 1)]),
        ("__a__ ~b~", "a b", [("underline", 0, 1), ("strikethrough", 2, 1)]),
        ("||a|| `b`", "a b", [("spoiler", 0, 1), ("code", 2, 1)]),
        ("*a _b_*", "a b", [("italic", 2, 1), ("bold", 0, 3)]),
        ("**a", "a", []),
        (r"a\.b\!", "a.b!", []),
        (r"`a\`*b`", "a`*b", [("code", 0, 4)]),
        ("```\na*b\n```", "a*b\n", [("pre", 0, 4)]),
        (">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 3)]),
        (">a\n>b||\nc", "a\nb\nc", [("expandable_blockquote", 0, 3)]),
        (">a\n>b||", "a\nb", [("expandable_blockquote", 0, 3)]),
        ("x\n>||a||", "x\na", [("spoiler", 2, 1), ("blockquote", 2, 1)]),
        (">a\n**>b", "a\nb", [("blockquote", 0, 1), ("blockquote", 2, 1)]),
        ("[a](no link)", "a", []),
    ],
)
def test_markdown_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    shown = parse_markdown(source)

    assert shown.text == text
    assert [(e.type, e.offset, e.length) for e in shown.entities] == entities


def test_links_emojis_and_languages_keep_what_they_name() -> None:
    shown = parse_markdown(
        r"[A](https://a.example/\(b\)) [B](tg://user?id=1001) [c\.example] "
        "![👍](tg://emoji?id=5368) ```python\nx```"
    )

    assert shown.entities == (
        Entity("text_link", 0, 1, url="https://a.example/(b)"),
        Entity("text_mention", 2, 1, user_id=1001),
        Entity("text_link", 4, 9, url="http://c.example/"),
        Entity("custom_emoji", 14, 2, custom_emoji_id="5368"),
        Entity("pre", 17, 1, language="python"),
    )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_markdown(escape_markdown(text, version=2)) == Formatted(text)


@given(st.text(alphabet="*_~|`[]()!>\\\nab"))
def test_any_markdown_is_read_or_refused_by_name(source: str) -> None:
    with suppress(Refusal):
        shown = parse_markdown(source)
        assert all(entity.end <= len(shown.text) for entity in shown.entities)


def test_old_markdown_is_read() -> None:
    shown = parse_legacy(r"*a* _b_ `c` ```d``` [e](http://f.example) \* [g]")

    assert shown.text == "a b c d e * [g]"
    assert [e.type for e in shown.entities] == [
        "bold",
        "italic",
        "code",
        "pre",
        "text_link",
    ]


def test_old_markdown_that_is_not_closed_is_refused() -> None:
    with pytest.raises(Refusal, match="Can't find end of the entity starting at byte"):
        parse_legacy("é *a")


async def test_unknown_parse_mode_is_refused(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call("sendMessage", chat_id=chat.id, text="a", parse_mode="RST")

    assert answer.description == "400 Bad Request: unsupported parse_mode"
