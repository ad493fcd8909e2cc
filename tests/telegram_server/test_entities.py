from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram_server import utf16
from tests.telegram_server.client import Client
from tests.telegram_server.entities import (
    SPLITTABLE,
    Entity,
    find_entities,
    fix,
    read_entities,
)
from tests.telegram_server.refusals import Refusal
from tests.telegram_server.server import TelegramServer

PIZZA = "🍕 and code"


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("given_entity", "reason"),
    [
        (entity("bold", 0, 99), "ends after the end of the text"),
        (entity("bold", 99, 1), "begins after the end of the text"),
        (entity("bold", 1, 3), "begins in a middle of a UTF-16 symbol"),
        (entity("bold", 0, 1), "ends in a middle of a UTF-16 symbol"),
        (entity("bold", -1, 2), "receive an entity with incorrect offset -1"),
        (entity("bold", 0, -2), "receive an entity with incorrect length -2"),
        (entity("shiny", 0, 2), "Unsupported type"),
        (entity("text_link", 0, 2), "entity URL '' is invalid"),
        ({"type": "bold"}, "can't parse MessageEntity"),
        ("bold", "can't parse entities"),
    ],
)
async def test_entity_that_does_not_lie_on_the_text_is_refused(
    server: TelegramServer, api: Client, given_entity: Any, reason: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call(
        "sendMessage", chat_id=chat.id, text=PIZZA, entities=[given_entity]
    )

    assert answer.status == 400
    assert reason in answer.description
    assert chat.messages == []


def test_entities_that_are_no_list_are_refused() -> None:
    with pytest.raises(Refusal, match="Array of MessageEntity"):
        read_entities({"type": "bold"})


async def test_entities_count_utf16_units(server: TelegramServer, api: Client) -> None:
    chat = server.private(server.user("Ada"))

    await api.ask(
        "sendMessage",
        chat_id=chat.id,
        text=PIZZA,
        entities=[entity("bold", 0, 2), entity("code", 7, 4)],
    )

    (message,) = chat.messages
    assert message.parts("bold") == ["🍕"]
    assert message.parts("code") == ["code"]


def test_empty_and_blank_entities_are_dropped() -> None:
    fixed = fix("a  b", [Entity("bold", 0, 0), Entity("italic", 1, 2)])

    assert fixed.entities == ()


def test_blanks_are_stripped_from_a_text_and_its_entities() -> None:
    fixed = fix(" \n word \n", [Entity("bold", 0, 8)])

    assert fixed.text == "word"
    assert fixed.entities == (Entity("bold", 0, 4),)


def test_later_one_of_two_whole_entities_that_overlap_is_dropped() -> None:
    link = Entity("text_link", 0, 4, url="http://a.example/")

    fixed = fix("one two", [link, Entity("code", 2, 5)])

    assert fixed.entities == (link,)


def test_formatting_inside_code_is_dropped_and_cut_around_it() -> None:
    fixed = fix("one two three", [Entity("bold", 0, 13), Entity("code", 4, 3)])

    assert fixed.entities == (
        Entity("bold", 0, 4),
        Entity("code", 4, 3),
        Entity("bold", 8, 5),
    )


def test_formatting_that_crosses_a_link_is_cut_at_its_edge() -> None:
    link = Entity("text_link", 4, 3, url="http://a.example/")

    fixed = fix("one two", [Entity("italic", 2, 3), link])

    assert fixed.entities == (
        Entity("italic", 2, 2),
        link,
        Entity("italic", 4, 1),
    )


def test_formatting_of_one_kind_is_joined() -> None:
    fixed = fix("abcdef", [Entity("bold", 0, 2), Entity("bold", 2, 2)])

    assert fixed.entities == (Entity("bold", 0, 4),)


def test_quotes_hold_links_but_do_not_cross_them() -> None:
    link = Entity("text_link", 2, 4, url="http://a.example/")

    fixed = fix("abcdef", [Entity("blockquote", 0, 4), link])

    assert fixed.entities == (Entity("blockquote", 0, 4),)


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("/start now", "bot_command", "/start"),
        ("please /stop@hearth_bot", "bot_command", "/stop@hearth_bot"),
        ("ask @hearth_bot", "mention", "@hearth_bot"),
        ("see https://a.example/b?c=1.", "url", "https://a.example/b?c=1"),
        ("write to ada@a.example", "email", "ada@a.example"),
        ("🔥 #fire", "hashtag", "#fire"),
        ("$USD", "cashtag", "$USD"),
    ],
)
def test_telegram_finds_what_nobody_marked(text: str, kind: str, part: str) -> None:
    (found,) = find_entities(text)

    assert found.type == kind
    assert utf16.substring(text, found.offset, found.length) == part


@pytest.mark.parametrize("text", ["1/2", "a/b/c", "#1", "a@b", "http://", "@ab"])
def test_telegram_finds_nothing_in_ordinary_text(text: str) -> None:
    assert find_entities(text) == []


def test_nothing_is_found_inside_code() -> None:
    fixed = fix("/start", [Entity("code", 0, 6)])

    assert [found.type for found in fixed.entities] == ["code"]


KINDS = (*SPLITTABLE, "code", "pre", "text_link", "blockquote")
TEXTS = st.text(alphabet="ab \n🔥é", min_size=1, max_size=20)


@given(TEXTS, st.data())
def test_fixed_entities_lie_on_the_text_and_never_cross(
    text: str, data: st.DataObject
) -> None:
    places = utf16.positions(text)
    spans = st.tuples(st.sampled_from(places), st.sampled_from(places))
    given_entities = [
        Entity(kind, min(span), max(span) - min(span), url="http://a.example/")
        for kind, span in data.draw(
            st.lists(st.tuples(st.sampled_from(KINDS), spans), max_size=6)
        )
    ]

    fixed = fix(text, given_entities)

    assert fixed.text == text.strip(" \n")
    for one in fixed.entities:
        assert utf16.substring(fixed.text, one.offset, one.length).strip(" \n")
        assert 0 <= one.offset < one.end <= utf16.units(fixed.text)
    whole = [e for e in fixed.entities if e.type not in (*SPLITTABLE, "blockquote")]
    for first, second in pairwise(whole):
        assert first.end <= second.offset
    code = [e for e in whole if e.type in ("code", "pre")]
    for one in fixed.entities:
        if one.type in SPLITTABLE:
            assert all(one.end <= c.offset or c.end <= one.offset for c in code)


@given(TEXTS, st.data())
def test_fixing_twice_changes_nothing(text: str, data: st.DataObject) -> None:
    places = utf16.positions(text)
    spans = st.tuples(st.sampled_from(places), st.sampled_from(places))
    given_entities = [
        Entity(kind, min(span), max(span) - min(span))
        for kind, span in data.draw(
            st.lists(st.tuples(st.sampled_from(KINDS), spans), max_size=6)
        )
    ]
    once = fix(text, given_entities)

    assert fix(once.text, list(once.entities)) == once
