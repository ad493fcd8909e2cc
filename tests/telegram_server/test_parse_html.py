import html
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram_server.client import Client
from tests.telegram_server.entities import Entity, Formatted
from tests.telegram_server.parse_html import parse_html
from tests.telegram_server.refusals import Refusal
from tests.telegram_server.server import TelegramServer


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>open", "Can't find end tag corresponding to start tag b"),
        ("é<p>text</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found'),
        ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b class>x</b>", "Expected equal sign in declaration of an attribute"),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a ", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=a_b>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
        ("<tg-emoji emoji-id='x'>x</tg-emoji>", "Invalid custom emoji identifier"),
        ("&#xd83d;", "Text contains invalid Unicode characters"),
    ],
)
async def test_wrong_html_is_refused(
    server: TelegramServer, api: Client, source: str, reason: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call(
        "sendMessage", chat_id=chat.id, text=source, parse_mode="HTML"
    )

    assert answer.status == 400
    assert "Bad Request: can't parse entities: " in answer.description
    assert reason in answer.description
    assert chat.messages == []


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a</b><STRONG>b</STRONG>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("🔥<i>é</i>", "🔥é", [("italic", 2, 1)]),
        ("<u>a</u><s>b</s>", "ab", [("underline", 0, 1), ("strikethrough", 1, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("italic", 1, 1), ("bold", 0, 2)]),
        ("<b></b>x", "x", []),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        (
            "<blockquote expandable>a</blockquote>",
            "a",
            [("expandable_blockquote", 0, 1)],
        ),
        ("&lt;&amp;&gt;&quot;&#65;&#x42;&nbsp;&", '<&>"AB&nbsp;&', []),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("<a href='no link'>a</a>", "a", []),
    ],
)
def test_html_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    shown = parse_html(source)

    assert shown.text == text
    assert [(e.type, e.offset, e.length) for e in shown.entities] == entities


def test_links_and_mentions_keep_where_they_lead() -> None:
    shown = parse_html(
        '<a href="https://a.example/?b=1&amp;c=2">A</a>'
        '<a href="tg://user?id=1001">B</a><a>c.example</a>'
    )

    assert shown.entities == (
        Entity("text_link", 0, 1, url="https://a.example/?b=1&c=2"),
        Entity("text_mention", 1, 1, user_id=1001),
        Entity("text_link", 2, 9, url="http://c.example/"),
    )


def test_custom_emoji_keeps_its_id() -> None:
    (emoji,) = parse_html('<tg-emoji emoji-id="5368">👍</tg-emoji>').entities

    assert emoji.custom_emoji_id == "5368"


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ('<pre><code class="language-python">x = 1</code></pre>', "python"),
        ("<pre>x = 1</pre>", None),
    ],
)
def test_block_of_code_is_one_entity(source: str, language: str | None) -> None:
    shown = parse_html(source)

    assert shown == Formatted("x = 1", (Entity("pre", 0, 5, language=language),))


def test_code_of_a_language_outside_a_block_is_plain_code() -> None:
    shown = parse_html('<code class="language-python">x</code>')

    assert shown.entities == (Entity("code", 0, 1),)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text, quote=False)) == Formatted(text)


@given(st.text(alphabet="<>/&;abiu\"'= #x"))
def test_any_html_is_read_or_refused_by_name(source: str) -> None:
    with suppress(Refusal):
        shown = parse_html(source)
        assert all(entity.end <= len(shown.text) for entity in shown.entities)
