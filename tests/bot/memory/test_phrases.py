"""Which words ask to remember, and which are worth an offer."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.memory.phrases import as_remembering, told_of_themselves
from bot.messages import Attachment, Author, Channel, Message

MESSAGE = Message(
    "1",
    Channel("fake", "here", "village"),
    Author("ada", "Ada"),
    "",
    datetime(2026, 1, 1, tzinfo=UTC),
    is_to_bot=True,
)


@pytest.mark.parametrize(
    "text",
    [
        "Remember that film?",
        "Remember that time we went to the sea",
        "Do you remember that I sing?",
        "I remember that well.",
        "remember to call me",
        "Remember",
        "你记得我吗？",
        "你能记住我吗？",
        "记住了",
        "",
    ],
)
def test_what_does_not_ask_to_remember_stays_a_message(text: str) -> None:
    message = replace(MESSAGE, text=text)
    assert as_remembering(message) == message


def test_what_is_not_for_the_bot_or_has_files_is_left_alone() -> None:
    asked = replace(MESSAGE, text="Remember that I sing")
    for message in (
        replace(asked, is_to_bot=False),
        replace(asked, attachments=(Attachment("a.txt", "text/plain", b"a"),)),
    ):
        assert as_remembering(message) == message


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Remember that I am vegetarian.", "I am vegetarian."),
        ("please remember: the door code is with Mo", "the door code is with Mo"),
        ("Hey Hearth, remember that I sing", "I sing"),
        ("Can you remember that I sing?", "I sing"),
        ("Merk dir, dass ich gern wandere", "ich gern wandere"),
        ("Bitte denk daran: ich esse kein Fleisch", "ich esse kein Fleisch"),
        ("请记住我不吃肉", "我不吃肉"),
        ("你能记住我是素食者吗？", "我是素食者"),
    ],
)
def test_what_asks_to_remember_is_the_command(text: str, what: str) -> None:
    assert as_remembering(replace(MESSAGE, text=text)).text == f"/remember {what}"


@pytest.mark.parametrize(
    "text",
    [
        "What is my name?",
        "Is my name is Ada good English?",
        "my name is not important",
        "What if my name is Bob",
        'She said "my name is Eve"',
        "my name is ada@example.org",
        "I live in 10115 Berlin",
        "My name is password hunter",
        "我叫什么名字？",
        "如果我住在上海",
        "Ich heiße nicht so",
        "tell me a story",
    ],
)
def test_what_is_no_fact_or_is_sensitive_is_not_offered(text: str) -> None:
    assert told_of_themselves(text) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hello! My name is Ada, nice to meet you.", "My name is Ada"),
        ("I live in Berlin and I love it", "I live in Berlin"),
        (
            "Well, I'm allergic to nuts, milk and eggs.",
            "I'm allergic to nuts, milk and eggs",
        ),
        ("I am a vegetarian", "I am a vegetarian"),
        ("Hallo, ich heiße Änne.", "ich heiße Änne"),
        ("Ich bin allergisch gegen Nüsse!", "Ich bin allergisch gegen Nüsse"),
        ("你好，我叫小明。", "我叫小明"),
        ("我住在上海，很热", "我住在上海"),
        ("我对花生过敏", "我对花生过敏"),
    ],
)
def test_what_people_say_of_themselves_is_found_in_their_words(
    text: str, told: str
) -> None:
    assert told_of_themselves(text) == told
