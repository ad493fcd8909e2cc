"""What Discord refuses of a message, and what stands in a channel afterwards."""

import asyncio

import aiohttp
import pytest

from bot.clock import FakeClock
from tests.discord_server.caller import Caller, calling
from tests.discord_server.intents import Intent
from tests.discord_server.permissions import Permission
from tests.discord_server.places import Channel
from tests.discord_server.refusals import Json
from tests.discord_server.server import DiscordServer

ROW: Json = {"type": 1, "components": []}
MIB = 1024 * 1024


def path(channel: Channel, message_id: str = "") -> str:
    return f"/channels/{channel.id}/messages" + (f"/{message_id}" if message_id else "")


def button(**changed: object) -> Json:
    shown = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changed
    return {"type": 1, "components": [shown]}


def embed(**fields: object) -> Json:
    return {"embeds": [fields]}


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"content": "a" * 2001}, "content"),
        ({"content": ["a"]}, "content"),
        (embed(title="a" * 257), "embeds"),
        (embed(description="a" * 4097), "embeds"),
        (embed(fields=[{"name": "a", "value": "b"}] * 26), "embeds"),
        (embed(fields=[{"name": "a", "value": ""}]), "embeds"),
        (embed(fields=[{"name": "a", "value": "b" * 1025}]), "embeds"),
        (embed(footer={"text": "a" * 2049}), "embeds"),
        (embed(author={"name": "a" * 257}), "embeds"),
        (embed(), "embeds"),
        ({"embeds": [{"title": "a"}] * 11}, "embeds"),
        ({"embeds": [{"description": "a" * 3001}] * 2}, "embeds"),
        ({"embeds": "a"}, "embeds"),
        ({"content": "a", "components": [button(custom_id="")]}, "components"),
        ({"content": "a", "components": [button(custom_id="a" * 101)]}, "components"),
        ({"content": "a", "components": [button(label="a" * 81)]}, "components"),
        ({"content": "a", "components": [button(label="")]}, "components"),
        ({"content": "a", "components": [button(style=5)]}, "components"),
        ({"content": "a", "components": [button()] * 2}, "components"),
        ({"content": "a", "components": [ROW]}, "components"),
        ({"content": "a", "components": [button()] * 6}, "components"),
        ({"content": "a", "components": [{"type": 10, "content": "x"}]}, "components"),
        (
            {
                "content": "a",
                "components": [
                    {"type": 1, "components": [{"type": 3, "custom_id": "s"}]}
                ],
            },
            "components",
        ),
        ({"content": "a", "flags": 1 << 15}, "content"),
        ({"flags": 1 << 15, "components": [{"type": 10}]}, "components"),
        (
            {"flags": 1 << 15, "components": [{"type": 10, "content": "a" * 4001}]},
            "components",
        ),
        ({"content": "a", "nonce": "1" * 26}, "nonce"),
        ({"content": "a", "message_reference": {"message_id": "1"}}, "message_ref"),
        (
            {"content": "a", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
        ),
        ({"content": "a", "attachments": [{"id": "3"}]}, "attachments"),
        ({"poll": {"question": {"text": ""}}}, "poll"),
        ({"poll": {"question": {"text": "a"}, "answers": []}}, "poll"),
    ],
)
async def test_a_message_over_a_limit_is_refused(
    server: DiscordServer, caller: Caller, fields: Json, place: str
) -> None:
    answered = await caller("POST", path(server.general), fields)
    assert answered.refusal == (400, 50035)
    assert next(iter(answered.body["errors"])).startswith(place)
    assert server.messages(server.general) == []


async def test_the_longest_text_is_counted_in_code_points(
    server: DiscordServer, caller: Caller
) -> None:
    answered = await caller("POST", path(server.general), {"content": "👍" * 2000})
    assert answered.status == 200
    assert server.said(server.general) == ["👍" * 2000]


@pytest.mark.parametrize("fields", [{}, {"content": " \n"}, {"embeds": []}])
async def test_a_message_with_nothing_in_it_is_refused(
    server: DiscordServer, caller: Caller, fields: Json
) -> None:
    answered = await caller("POST", path(server.general), fields)
    assert answered.refusal == (400, 50006)


async def test_what_is_not_there_has_its_own_codes(
    server: DiscordServer, caller: Caller
) -> None:
    assert (await caller("GET", "/channels/1")).refusal == (404, 10003)
    assert (await caller("GET", "/guilds/1")).refusal == (404, 10004)
    assert (await caller("GET", path(server.general, "1"))).refusal == (404, 10008)
    assert (await caller("GET", "/users/1")).refusal == (404, 10013)
    assert (await caller("GET", "/nothing/here")).status == 404


async def test_a_wrong_token_is_refused_and_never_logged(
    server: DiscordServer, caller: Caller
) -> None:
    answered = await caller("GET", "/users/@me", token="wrong")
    assert answered.refusal == (401, 0)
    assert "wrong" not in repr(server.calls)
    assert (server.calls[0].route, server.calls[0].status) == ("GET /users/@me", 401)


@pytest.mark.parametrize(
    ("denied", "fields", "code"),
    [
        (Permission.VIEW_CHANNEL, {"content": "a"}, 50001),
        (Permission.SEND_MESSAGES, {"content": "a"}, 50013),
        (Permission.EMBED_LINKS, {"embeds": [{"title": "a"}]}, 50013),
        (Permission.SEND_POLLS, {"poll": {"question": {"text": "a"}}}, 50013),
        (
            Permission.READ_MESSAGE_HISTORY,
            {"content": "a", "message_reference": {"message_id": "1"}},
            160002,
        ),
    ],
)
async def test_a_right_that_is_missing_is_named_by_its_code(
    server: DiscordServer,
    caller: Caller,
    denied: Permission,
    fields: Json,
    code: int,
) -> None:
    server.deny(server.general, denied)
    answered = await caller("POST", path(server.general), fields)
    assert answered.refusal == (403, code)


async def test_other_peoples_messages_cannot_be_changed(
    server: DiscordServer, caller: Caller
) -> None:
    theirs = await server.say(server.general, server.ann, "mine")
    place = path(server.general, theirs.id)
    assert (await caller("PATCH", place, {"content": "x"})).refusal == (403, 50005)
    assert (await caller("DELETE", place)).refusal == (403, 50013)
    server.guild.members[server.bot.id].roles.append(server.mod_role)
    assert (await caller("DELETE", place)).status == 204
    assert server.general.deleted == [theirs]


async def test_a_forum_takes_posts_and_no_messages(
    server: DiscordServer, caller: Caller
) -> None:
    answered = await caller("POST", path(server.forum), {"content": "a"})
    assert answered.refusal == (400, 50008)


async def test_a_person_may_refuse_private_messages(
    server: DiscordServer, caller: Caller
) -> None:
    opened = await caller(
        "POST", "/users/@me/channels", {"recipient_id": server.ann.id}
    )
    server.ann.accepts_dms = False
    dm = server.world.channel(opened.body["id"])
    answered = await caller("POST", path(dm), {"content": "a"})
    assert answered.refusal == (403, 50007)
    bot = {"recipient_id": server.bot.id}
    assert (await caller("POST", "/users/@me/channels", bot)).refusal == (403, 50007)


async def test_files_come_with_their_bytes(
    server: DiscordServer, caller: Caller
) -> None:
    answered = await caller(
        "POST",
        path(server.general),
        {"attachments": [{"id": 1, "filename": "b.png", "description": "a b"}]},
        files=[("a.txt", b"left out"), ("x.png", b"\x89PNG")],
    )
    assert [a["filename"] for a in answered.body["attachments"]] == ["b.png"]
    [file] = server.messages(server.general)[0].attachments
    assert (file.content, file.description) == (b"\x89PNG", "a b")
    assert file.media_type == "image/png"


async def test_files_that_are_too_large_or_too_many_are_refused(
    server: DiscordServer, caller: Caller
) -> None:
    place = path(server.general)
    large = [("a.bin", bytes(10 * MIB + 1))]
    assert (await caller("POST", place, files=large)).refusal == (413, 40005)
    many = [(f"{n}.bin", b"x") for n in range(11)]
    assert (await caller("POST", place, files=many)).refusal == (400, 50035)
    heavy = [(f"{n}.bin", bytes(9 * MIB)) for n in range(3)]
    assert (await caller("POST", place, files=heavy)).refusal == (413, 40005)
    assert server.messages(server.general) == []


async def test_an_edit_keeps_the_files_that_it_names(
    server: DiscordServer, caller: Caller
) -> None:
    files = [("a.txt", b"a"), ("b.txt", b"b")]
    sent = await caller("POST", path(server.general), {"content": "x"}, files=files)
    place = path(server.general, sent.body["id"])
    kept = [{"id": sent.body["attachments"][1]["id"]}]
    await caller("PATCH", place, {"attachments": kept, "content": "y"})
    message = server.messages(server.general)[0]
    assert [file.name for file in message.attachments] == ["b.txt"]
    assert (message.content, message.history) == ("y", ["x"])
    emptied = await caller("PATCH", place, {"attachments": [], "content": ""})
    assert emptied.refusal == (400, 50006)


async def test_a_nonce_makes_one_message_for_a_few_minutes(
    still_server: tuple[DiscordServer, FakeClock],
) -> None:
    server, clock = still_server
    async with calling(server) as call:
        fields = {"content": "a", "nonce": "7", "enforce_nonce": True}
        sent = [await call("POST", path(server.general), fields) for _ in range(2)]
        assert sent[0].body["id"] == sent[1].body["id"]
        assert server.said(server.general) == ["a"]
        await clock.advance(301)
        await call("POST", path(server.general), fields)
        assert server.said(server.general) == ["a", "a"]


async def test_edits_of_old_messages_meet_a_limit_of_their_own(
    still_server: tuple[DiscordServer, FakeClock],
) -> None:
    server, clock = still_server
    async with calling(server) as call:
        sent = await call("POST", path(server.general), {"content": "a"})
        place = path(server.general, sent.body["id"])
        await clock.advance(3601)
        answers = [await call("PATCH", place, {"content": str(n)}) for n in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429]
        assert answers[3].refusal == (429, 30046)
        assert answers[3].headers["Via"]
        assert server.said(server.general) == ["2"]


@pytest.mark.parametrize(
    ("allowed", "users", "everyone"),
    [
        (None, 1, True),
        ({"parse": []}, 0, False),
        ({"parse": ["users"]}, 1, False),
        ({"parse": ["everyone"]}, 0, True),
    ],
)
async def test_whom_a_message_notifies_is_worked_out(
    server: DiscordServer,
    caller: Caller,
    allowed: Json | None,
    users: int,
    everyone: bool,
) -> None:
    role = server.world.add_role(server.guild, "Loud", Permission.MENTION_EVERYONE)
    server.guild.members[server.bot.id].roles.append(role)
    fields: Json = {"content": f"<@{server.ann.id}> @everyone `<@{server.ben.id}>`"}
    if allowed is not None:
        fields["allowed_mentions"] = allowed
    await caller("POST", path(server.general), fields)
    [message] = server.messages(server.general)
    assert (len(message.pinged_users), message.pings_everyone) == (users, everyone)


async def test_only_announcements_are_published_and_only_once(
    server: DiscordServer, caller: Caller
) -> None:
    for channel, status in ((server.general, 400), (server.news, 200)):
        sent = await caller("POST", path(channel), {"content": "a"})
        place = path(channel, sent.body["id"]) + "/crosspost"
        assert (await caller("POST", place)).status == status
    assert server.messages(server.news)[0].is_crossposted
    assert (await caller("POST", place)).refusal == (400, 40033)


async def test_a_voice_message_is_one_sound_with_its_wave(
    server: DiscordServer, caller: Caller
) -> None:
    wave = {"id": 0, "duration_secs": 1.5, "waveform": "AAA="}
    files = [("voice-message.ogg", b"OggS")]
    place = path(server.general)
    for fields, code in (
        ({"content": "a", "attachments": [wave]}, 50159),
        ({"attachments": [{"id": 0}]}, 50161),
    ):
        answered = await caller("POST", place, fields | {"flags": 8192}, files=files)
        assert answered.refusal == (400, code)
    right: Json = {"attachments": [wave], "flags": 8192}
    sent = await caller("POST", place, right, files=files)
    assert sent.body["attachments"][0]["duration_secs"] == 1.5
    own = path(server.general, sent.body["id"])
    edited = await caller("PATCH", own, {"content": "a"})
    assert edited.refusal == (400, 50162)


async def test_messages_are_listed_newest_first(
    server: DiscordServer, caller: Caller
) -> None:
    said = [await server.say(server.general, server.ann, str(n)) for n in range(5)]
    place = path(server.general)
    listed = await caller("GET", f"{place}?limit=2&before={said[4].id}")
    assert [message["content"] for message in listed.body] == ["3", "2"]
    listed = await caller("GET", f"{place}?limit=2&after={said[1].id}")
    assert [message["content"] for message in listed.body] == ["3", "2"]


async def test_without_leave_the_texts_of_others_are_empty(
    server: DiscordServer, caller: Caller
) -> None:
    server.gateway.allowed = Intent.NONE
    await server.say(server.general, server.ann, "hello")
    await server.say(server.general, server.ann, f"<@{server.bot.id}> hello")
    listed = await caller("GET", path(server.general))
    assert [m["content"] for m in listed.body] == [f"<@{server.bot.id}> hello", ""]


async def test_a_poll_is_kept_and_can_be_ended(
    server: DiscordServer, caller: Caller
) -> None:
    answers = [{"poll_media": {"text": text}} for text in ("yes", "no")]
    poll = {"question": {"text": "Tea?"}, "answers": answers, "duration": 1}
    sent = await caller("POST", path(server.general), {"poll": poll})
    [message] = server.messages(server.general)
    await server.vote(message, server.ann, 2)
    place = f"/channels/{server.general.id}/polls/{sent.body['id']}/expire"
    ended = await caller("POST", place)
    results = ended.body["poll"]["results"]
    assert results["is_finalized"]
    assert results["answer_counts"] == [{"id": 2, "count": 1, "me_voted": False}]


async def test_reactions_typing_and_pins_are_seen(
    server: DiscordServer, caller: Caller
) -> None:
    said = await server.say(server.general, server.ann, "a")
    place = path(server.general, said.id)
    assert (await caller("PUT", f"{place}/reactions/%F0%9F%91%8D/@me")).status == 204
    assert said.reactions == {"👍": [server.bot.id]}
    assert (await caller("DELETE", f"{place}/reactions/%F0%9F%91%8D/@me")).status == 204
    gone = await caller("DELETE", f"{place}/reactions/%F0%9F%91%8D/@me")
    assert gone.refusal == (404, 10014)
    assert (await caller("POST", f"/channels/{server.general.id}/typing")).status == 204
    assert server.general.typed == [server.bot.id]
    pins = f"/channels/{server.general.id}/messages/pins/{said.id}"
    assert (await caller("PUT", pins)).refusal == (403, 50013)


async def test_a_call_may_fail_or_hang_or_break_on_order(
    server: DiscordServer, caller: Caller
) -> None:
    route = "POST /channels/{channel_id}/messages"
    server.fail(route, status=503)
    assert (await caller("POST", path(server.general), {"content": "a"})).status == 503
    server.cut(route, is_carried_out=False)
    with pytest.raises(OSError, match=r".*"):
        await _raising(caller, server)
    assert server.said(server.general) == []
    server.cut(route, is_carried_out=True)
    with pytest.raises(OSError, match=r".*"):
        await _raising(caller, server)
    assert server.said(server.general) == ["b"]
    server.slow(route, delay_s=60.0)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(_raising(caller, server), 0.2)
    assert server.said(server.general) == ["b", "b"]
    assert [c.status for c in server.called(route)] == [503, 0, 0, 200]


async def _raising(caller: Caller, server: DiscordServer) -> None:
    try:
        await caller("POST", path(server.general), {"content": "b"})
    except aiohttp.ClientError as error:
        raise OSError(str(error)) from error
