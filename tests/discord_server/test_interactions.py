"""Interactions: answered in time, once, and for a quarter of an hour."""

import pytest

from bot.clock import FakeClock
from tests.discord_server.caller import Answered, Caller, calling
from tests.discord_server.interactions import Answer, Interaction
from tests.discord_server.refusals import Json
from tests.discord_server.server import DiscordServer

Still = tuple[DiscordServer, FakeClock]
COMMANDS: list[Json] = [
    {"name": "reset", "description": "Start anew"},
    {
        "name": "draw",
        "description": "Draw",
        "options": [
            {"name": "what", "description": "What", "type": 3, "required": True},
            {"name": "times", "description": "How often", "type": 4, "max_value": 4},
            {
                "name": "style",
                "description": "How",
                "type": 3,
                "choices": [{"name": "Ink", "value": "ink"}],
            },
            {"name": "for", "description": "For whom", "type": 6},
        ],
    },
    {"name": "Explain", "type": 3},
    {"name": "Greet", "type": 2},
]


async def registered(server: DiscordServer, call: Caller) -> Answered:
    path = f"/applications/{server.world.application_id}/commands"
    return await call("PUT", path, COMMANDS)


async def answer(
    call: Caller, used: Interaction, kind: int, **fields: object
) -> Answered:
    path = f"/interactions/{used.id}/{used.token}/callback"
    return await call("POST", path, {"type": kind, "data": fields})


def hook(server: DiscordServer, used: Interaction, message: str = "") -> str:
    path = f"/webhooks/{server.world.application_id}/{used.token}"
    return f"{path}/messages/{message}" if message else path


async def test_an_answer_that_comes_late_finds_nothing(still_server: Still) -> None:
    server, clock = still_server
    async with calling(server) as call:
        await registered(server, call)
        used = await server.slash(server.general, server.ann, "reset")
        await clock.advance(3.1)
        late = await answer(call, used, 4, content="done")
        assert late.refusal == (404, 10062)
        assert server.said(server.general) == []


async def test_a_second_answer_is_refused(
    server: DiscordServer, caller: Caller
) -> None:
    await registered(server, caller)
    used = await server.slash(server.general, server.ann, "reset")
    assert (await answer(caller, used, 4, content="done")).status == 204
    assert (await answer(caller, used, 4, content="done")).refusal == (400, 40060)
    assert (await used.replied()).content == "done"
    assert server.said(server.general) == ["done"]


async def test_a_token_ends_after_a_quarter_of_an_hour(still_server: Still) -> None:
    server, clock = still_server
    async with calling(server) as call:
        await registered(server, call)
        used = await server.slash(server.general, server.ann, "reset")
        early = await call("PATCH", hook(server, used, "@original"), {"content": "a"})
        assert early.refusal == (404, 10015)
        await answer(call, used, 5)
        await clock.advance(899.0)
        path = hook(server, used, "@original")
        assert (await call("PATCH", path, {"content": "a"})).status == 200
        await clock.advance(2.0)
        assert (await call("PATCH", path, {"content": "b"})).refusal == (401, 50027)
        wrong = await call("POST", f"/webhooks/{server.bot.id}/x", {"content": "a"})
        assert wrong.refusal == (401, 50027)


async def test_thinking_becomes_the_first_followup(
    server: DiscordServer, caller: Caller
) -> None:
    await registered(server, caller)
    used = await server.slash(server.general, server.ann, "reset")
    await answer(caller, used, 5, flags=64)
    assert await used.answered() is Answer.THINKING
    assert used.reply is not None
    assert used.reply.is_loading
    await caller("POST", hook(server, used), {"content": "one"})
    await caller("POST", hook(server, used), {"content": "two"})
    await caller("POST", hook(server, used), {"content": "three", "flags": 64})
    assert server.said(server.general) == ["two"]
    assert server.said(server.general, server.ann) == ["one", "two", "three"]
    assert server.said(server.general, server.ben) == ["two"]
    deleted = await caller("DELETE", hook(server, used, "@original"))
    assert deleted.status == 204
    gone = await caller("GET", hook(server, used, "@original"))
    assert gone.refusal == (404, 10008)


async def test_a_press_can_change_the_message(
    server: DiscordServer, caller: Caller
) -> None:
    go = {"type": 2, "style": 1, "label": "Go", "custom_id": "go:1"}
    rows = [{"type": 1, "components": [go]}]
    path = f"/channels/{server.general.id}/messages"
    await caller("POST", path, {"content": "Press", "components": rows})
    [message] = server.messages(server.general)
    assert message.buttons == {"Go": "go:1"}
    used = await server.press(message, "Go", server.ann)
    await answer(caller, used, 7, content="Pressed", components=[])
    assert server.said(server.general) == ["Pressed"]
    with pytest.raises(LookupError):
        await server.press(message, "Go", server.ann)


async def test_an_answer_must_fit_what_was_done(
    server: DiscordServer, caller: Caller
) -> None:
    await registered(server, caller)
    used = await server.slash(server.general, server.ann, "reset")
    for kind in (6, 7, 8, 99):
        assert (await answer(caller, used, kind)).refusal == (400, 50035)
    typed = await server.autocomplete(
        server.general, server.ann, "draw", {"what": "ca"}, focused="what"
    )
    assert (await answer(caller, typed, 4, content="a")).refusal == (400, 50035)
    many = [{"name": "a", "value": "a"}] * 26
    assert (await answer(caller, typed, 8, choices=many)).refusal == (400, 50035)
    assert (await answer(caller, typed, 8, choices=many[:1])).status == 204
    assert typed.choices == many[:1]


async def test_a_form_can_be_shown_and_sent(
    server: DiscordServer, caller: Caller
) -> None:
    await registered(server, caller)
    used = await server.slash(server.general, server.ann, "reset")
    box = {"type": 4, "custom_id": "why", "label": "Why", "style": 1}
    form = {"custom_id": "form", "components": [{"type": 1, "components": [box]}]}
    assert (await answer(caller, used, 9, title="", **form)).refusal == (400, 50035)
    assert (await answer(caller, used, 9, title="Why?", **form)).status == 204
    sent = await server.submit(used, {"why": "because"})
    assert (await answer(caller, sent, 4, content="Thanks")).status == 204


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"what": 3},
        {"what": "a", "times": 5},
        {"what": "a", "times": "1"},
        {"what": "a", "style": "oil"},
        {"what": "a", "unknown": "b"},
    ],
)
async def test_people_can_only_use_what_is_registered(
    server: DiscordServer, caller: Caller, options: dict[str, object]
) -> None:
    with pytest.raises(LookupError):
        await server.slash(server.general, server.ann, "draw", {"what": "a"})
    await registered(server, caller)
    with pytest.raises(LookupError):
        await server.slash(server.general, server.ann, "draw", options)
    with pytest.raises(LookupError):
        await server.slash(server.general, server.ann, "reset now")


def command(**changed: object) -> Json:
    return {"name": "a", "description": "b"} | changed


OPTION: Json = {"name": "o", "description": "d", "type": 3}


@pytest.mark.parametrize(
    "commands",
    [
        [command(name="Big")],
        [command(name="a" * 33)],
        [command(name="two words")],
        [command(description="")],
        [command(description="a" * 101)],
        [command(), command()],
        [command(options=[OPTION] * 26)],
        [command(options=[OPTION, OPTION | {"name": "p", "required": True}])],
        [command(options=[OPTION | {"choices": [{"name": "a", "value": "a"}] * 26}])],
        [command(options=[OPTION | {"choices": [{"name": "", "value": "a"}]}])],
        [{"name": "Menu", "type": 3, "description": "not allowed"}],
        [{"name": "", "type": 2}],
    ],
)
async def test_commands_that_discord_would_refuse_are_refused(
    server: DiscordServer, caller: Caller, commands: list[Json]
) -> None:
    path = f"/applications/{server.world.application_id}/commands"
    assert (await caller("PUT", path, commands)).refusal == (400, 50035)
    assert server.world.commands.all() == []


async def test_there_is_room_for_so_many_commands(
    server: DiscordServer, caller: Caller
) -> None:
    path = f"/applications/{server.world.application_id}/commands"
    many = [command(name=f"c{number}") for number in range(101)]
    assert (await caller("PUT", path, many)).refusal == (400, 30032)
    menus = [{"name": f"M{number}", "type": 3} for number in range(16)]
    assert (await caller("PUT", path, menus)).refusal == (400, 30032)
    assert (await caller("PUT", path, many[:100])).status == 200


async def test_single_commands_keep_their_ids(
    server: DiscordServer, caller: Caller
) -> None:
    base = f"/applications/{server.world.application_id}"
    path = f"{base}/guilds/{server.guild.id}/commands"
    made = await caller("POST", path, command())
    place = f"{path}/{made.body['id']}"
    changed = await caller("PATCH", place, {"description": "c"})
    assert (changed.body["id"], changed.body["description"]) == (made.body["id"], "c")
    assert (await caller("GET", place)).body["guild_id"] == server.guild.id
    assert (await caller("DELETE", place)).status == 204
    assert (await caller("GET", place)).refusal == (404, 10063)
    assert (await caller("GET", path)).body == []
    other = await caller("GET", "/applications/1/commands")
    assert other.refusal == (403, 50001)
