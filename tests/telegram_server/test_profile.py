from typing import Any

import pytest

from tests.telegram_server.client import Client

START = {"command": "start", "description": "Begin"}


async def test_commands_are_kept_by_scope_and_language(api: Client) -> None:
    german = {"command": "start", "description": "Beginnen"}
    group = {"type": "chat", "chat_id": -5}

    assert await api.ask("setMyCommands", commands=[START])
    assert await api.ask("setMyCommands", commands=[german], language_code="de")
    assert await api.ask("setMyCommands", commands=[], scope=group)
    assert await api.ask(
        "setMyCommands", commands=[START], scope={"type": "all_group_chats"}
    )

    assert await api.ask("getMyCommands") == [START]
    assert await api.ask("getMyCommands", language_code="de") == [german]
    assert await api.ask("getMyCommands", scope=group) == []
    assert await api.ask("deleteMyCommands")
    assert await api.ask("getMyCommands") == []
    assert await api.ask("getMyCommands", scope={"type": "all_group_chats"}) == [START]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"commands": [{**START, "command": "a-b"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{**START, "command": "a" * 33}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{**START, "command": ""}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{**START, "description": ""}]}, "description is empty"),
        (
            {"commands": [{**START, "description": "a" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ({"commands": [START] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": "start"}, "can't parse commands"),
        ({"commands": ["start"]}, "can't parse BotCommand"),
        ({"commands": [START], "scope": {"type": "moon"}}, "BotCommandScope"),
        ({"commands": [START], "scope": {"type": "chat"}}, "chat_id is empty"),
        (
            {"commands": [START], "scope": {"type": "chat_member", "chat_id": 1}},
            "invalid user_id",
        ),
        ({"commands": [START], "language_code": "deu"}, "invalid language code"),
    ],
)
async def test_wrong_commands_are_refused(
    api: Client, fields: dict[str, Any], reason: str
) -> None:
    answer = await api.call("setMyCommands", **fields)

    assert answer.status == 400
    assert reason in answer.description


async def test_name_and_descriptions_are_kept_by_language(api: Client) -> None:
    assert await api.ask("getMyName") == {"name": "Hearth"}
    assert await api.ask("setMyName", name="Fire")
    assert await api.ask("setMyName", name="Feuer", language_code="de")
    assert await api.ask("setMyDescription", description="It burns.")

    assert await api.ask("getMyName", language_code="fr") == {"name": "Fire"}
    assert await api.ask("getMyName", language_code="de") == {"name": "Feuer"}
    shown = await api.ask("getMyDescription")
    assert shown == {"description": "It burns."}
    assert await api.ask("getMyShortDescription") == {"short_description": ""}
    assert (await api.call("setMyName", name="a" * 65)).status == 400
