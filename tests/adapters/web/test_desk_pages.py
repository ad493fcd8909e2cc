"""The desk's pages about the running bot: status, audit, verdicts, settings, log."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.messages import Channel, Role
from bot.pause import Output, Pause, Where
from bot.pauses import Pauses
from bot.safety.policy import Category
from bot.store.audit import AuditEntry, AuditRepository
from bot.store.avatars import AvatarRepository, StoredAvatar
from bot.store.corrections import CorrectionRepository
from bot.store.settings import SettingsRepository
from tests.adapters.web.desk_rig import OURS, THEIRS, add_verdict, open_linked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

ELSEWHERE = Channel("discord", "9", "7", name="mods")


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house(has_desk=True) as opened:
        yield opened


@pytest.fixture
async def mo(house: House, open_moderator: OpenGuest) -> AsyncIterator[Guest]:
    async with open_moderator(house) as guest:
        yield guest


@pytest.fixture
async def owner(house: House, open_guest: OpenGuest) -> AsyncIterator[Guest]:
    async with open_linked(house, open_guest, ELSEWHERE, role=Role.OWNER) as guest:
        yield guest


async def read(guest: Guest, path: str) -> dict[str, Any]:
    answer = await guest.client.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(guest: Guest, path: str, content: dict[str, Any]) -> str:
    answer = await guest.post(path, content)
    assert answer.status_code in {404, 422}, answer.text
    return str(answer.json()["error"])


async def told(guest: Guest, path: str, content: dict[str, Any]) -> str:
    answer = await guest.post(path, content)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["told"])


async def test_status_tells_what_runs_and_only_new_beats(
    house: House, mo: Guest
) -> None:
    found = await read(mo, "/desk/api/status")
    assert found["engine"]["lanes"] == {"chat": 2, "command": 1, "post": 0}
    assert found["engine"]["running"] == 2
    assert [one["name"] for one in found["engine"]["models"]] == ["hearth-small"]
    assert [one["name"] for one in found["platforms"]] == ["web"]
    last = house.parts.pulse.beat().number
    found = await read(mo, f"/desk/api/status?since={last - 1}")
    assert [one["number"] for one in found["beats"]] == [last]
    # A page that is older than the bot gets all of them.
    found = await read(mo, f"/desk/api/status?since={last + 50}")
    assert found["beats"][0]["number"] == 1


async def test_pauses_are_shown_where_they_count(
    house: House, mo: Guest, owner: Guest
) -> None:
    clock = house.content.clock
    pauses = Pauses(SettingsRepository(house.content.store), clock)
    general = house.adapter.channel("general")
    theirs = Channel("discord", "", "7")
    await pauses.put(general, Where.HERE, Output.CHAT, Pause(reason="tea"))
    await pauses.put(theirs, Where.COMMUNITY, Output.POSTS, Pause(reason="moving"))
    reasons = [one["reason"] for one in (await read(mo, "/desk/api/status"))["pauses"]]
    assert reasons == ["tea"]
    found = await read(owner, "/desk/api/status")
    assert {one["reason"] for one in found["pauses"]} == {"tea", "moving"}


async def test_audit_is_found_by_action_person_and_day(house: House, mo: Guest) -> None:
    audit = AuditRepository(house.content.store)
    for what, who, community in (
        ("command.done", "Flo", OURS),
        ("command.done", "Ben", OURS),
        ("post.published", "", OURS),
        ("command.done", "Flo", THEIRS),
    ):
        entry = AuditEntry(what, "x", actor_name=who, community=community)
        await audit.add(entry)
    today = f"{house.content.clock.now_utc():%Y-%m-%d}"

    async def numbers(query: str) -> list[int]:
        found = await read(mo, f"/desk/api/audit?{query}")
        return [row["number"] for row in found["rows"]]

    assert await numbers("") == [3, 2, 1]
    assert await numbers("what=command.done&who=fLO") == [1]
    assert await numbers("before=3") == [2, 1]
    assert await numbers(f"since={today}&until={today}") == [3, 2, 1]
    assert await numbers("until=2001-01-01") == []
    assert (await mo.client.get("/desk/api/audit?since=9")).status_code == 422
    found = await read(mo, "/desk/api/audit")
    assert found["actions"] == ["command.done", "post.published"]
    for path in ("verify", "export"):
        method = mo.post if path == "verify" else mo.client.get
        assert (await method(f"/desk/api/audit/{path}")).status_code == 403


async def test_owner_checks_the_chain_and_a_changed_row_is_named(
    house: House, owner: Guest
) -> None:
    audit = AuditRepository(house.content.store)
    number = await audit.add(AuditEntry("command.done", "/panic", community=OURS))
    checked = (await owner.post("/desk/api/audit/verify")).json()
    assert checked["whole"]

    def tamper(db: Any) -> None:
        db.execute("DROP TRIGGER audit_is_not_changed")
        db.execute("UPDATE audit SET subject = '/nothing' WHERE number = ?", (number,))

    await house.content.store.write(tamper)
    checked = (await owner.post("/desk/api/audit/verify")).json()
    assert (checked["whole"], checked["flawed"]) == (False, number)
    assert str(number) in checked["told"]
    exported = await owner.client.get("/desk/api/audit/export")
    assert exported.headers["content-disposition"].startswith("attachment")
    assert len(exported.text.splitlines()) == len(await audit.latest(99))


async def test_marking_a_verdict_teaches_and_is_audited(
    house: House, mo: Guest
) -> None:
    number = await add_verdict(house, "kill the process")
    await add_verdict(house, "a rule", category="links")
    private = Channel("web", "ada", "web", is_private=True)
    await add_verdict(house, "between us", place=private)
    shown = (await read(mo, "/desk/api/verdicts"))["verdicts"]
    assert [(one["text"], one["teachable"]) for one in shown] == [
        ("a rule", False),
        ("kill the process", True),
    ]
    said = await told(mo, f"/desk/api/verdicts/{number}", {"what": "harmless"})
    assert "harmless" in said
    (kept,) = await CorrectionRepository(house.content.store).all()
    assert (kept.category, kept.is_harmful) == (Category.VIOLENCE, False)
    assert kept.by_id.startswith("web:")
    shown = (await read(mo, "/desk/api/verdicts?category=violence"))["verdicts"]
    assert shown[0]["label"] is False
    last = (await AuditRepository(house.content.store).latest(1))[0]
    assert last.entry.subject == f"/correct {number} harmless"
    await refused(mo, f"/desk/api/verdicts/{number}", {"what": 'x" /panic'})
    await refused(mo, "/desk/api/verdicts/999", {"what": "harmless"})


async def test_threshold_is_shown_with_its_labels_and_kept(
    house: House, mo: Guest, owner: Guest
) -> None:
    path = f"/desk/api/verdicts/scores?community={OURS}&category=violence"
    for score, what in ((0.72, "harmless"), (0.75, "harmless"), (0.9, "violence")):
        number = await add_verdict(house, "text", score=score)
        await told(mo, f"/desk/api/verdicts/{number}", {"what": what})
    found = await read(mo, path)
    assert found["labelled"] == [[0.72, False], [0.75, False], [0.9, True]]
    assert sorted(found["recent"]) == [0.72, 0.75, 0.9]
    assert (found["current"], found["chosen"], found["proposed"]) == (0.7, None, None)
    save = "/desk/api/verdicts/threshold"
    asked = {"community": OURS, "category": "violence", "threshold": 0.8}
    await told(mo, save, asked)
    found = await read(mo, path)
    assert (found["current"], found["chosen"]) == (0.8, 0.8)
    for wrong in (7, "0.5", True, -1, float("1e300")):
        await refused(mo, save, {**asked, "threshold": wrong})
    await refused(mo, save, {**asked, "category": "cheese"})
    await refused(mo, save, {**asked, "community": THEIRS})
    await refused(mo, save, {**asked, "community": "all"})
    assert (await read(mo, path))["current"] == 0.8
    await told(owner, save, {**asked, "community": "all", "threshold": 0.6})
    last = (await AuditRepository(house.content.store).latest(1))[0]
    # It was steered from where the owner came from.
    assert (last.entry.what, last.entry.actor) == ("command.done", "discord:77")
    assert (await read(mo, path))["current"] == 0.6
    await told(mo, save, {**asked, "threshold": None})
    assert (await read(mo, path))["chosen"] is None


async def test_settings_are_changed_as_commands_change_them(
    house: House, mo: Guest
) -> None:
    path, general = "/desk/api/settings", "web:general"
    for what, value, channel in (
        ("talk", "never", general),
        ("persona", "owl", general),
        ("language", "zh", ""),
        ("level", "strict", ""),
        ("shadow", "on", ""),
        ("moderators", "web:moderators", ""),
    ):
        asked = {"community": OURS, "what": what, "value": value, "channel": channel}
        assert await told(mo, path, asked), what
    pause = {"community": OURS, "what": "pause", "value": "chat"}
    await told(mo, path, {**pause, "text": "for 2h tea\n/panic"})
    found = await read(mo, path)
    assert (found["language"], found["level"], found["shadow"]) == (
        "zh",
        "strict",
        "on",
    )
    assert found["moderators"] == "web:moderators"
    (rests,) = found["pauses"]
    assert (rests["what"], rests["reason"]) == ("chat", "tea /panic")
    room = next(one for one in found["channels"] if one["key"] == general)
    assert (room["talk"], room["persona"]) == ("never", "owl")
    await told(mo, path, {**pause, "what": "resume"})
    assert (await read(mo, path))["pauses"] == []
    rows = await AuditRepository(house.content.store).latest(99)
    assert "/talk never" in {row.entry.subject for row in rows}


@pytest.mark.parametrize(
    ("what", "value", "channel", "because"),
    [
        ("talk", "sometimes", "web:general", "sometimes"),
        ("talk", "never", "", "each channel"),
        ("talk", "never", "web:attic", "no such channel"),
        ("talk", "never", "discord:9", "no such channel"),
        ("level", "lax", "", "lax"),
        ("language", "xx", "", "xx"),
        ("moderators", "discord:9", "", "no such channel"),
        ("panic", "", "", "no setting"),
        ("persona", 'owl" x', "web:general", "cannot be used"),
        ("persona", "", "web:general", "cannot be used"),
        ("redraw", "owl", "", "each channel"),
        ("redraw", "owl", "web:general", "no model to draw with"),
    ],
)
async def test_settings_that_cannot_be_are_refused(
    mo: Guest, what: str, value: str, channel: str, because: str
) -> None:
    asked = {"community": OURS, "what": what, "value": value, "channel": channel}
    assert because in await refused(mo, "/desk/api/settings", asked)


async def test_settings_show_what_the_bot_looks_like_where_it_has_a_picture(
    house: House, mo: Guest
) -> None:
    url = f"/desk/api/settings/faces/{OURS}/web:general"
    assert (await mo.client.get(url)).status_code == 404
    kept = AvatarRepository(house.content.store)
    await kept.put(StoredAvatar(OURS, "hearth", "a fire", b"a fire", "painter", 5))
    rooms = (await read(mo, "/desk/api/settings"))["channels"]
    face = next(one["face"] for one in rooms if one["key"] == "web:general")
    assert face["alt"] == "hearth"
    answer = await mo.client.get(face["url"])
    assert (answer.content, answer.headers["content-type"]) == (b"a fire", "image/png")
    assert (await mo.client.get(url.replace("web:web", "web:x"))).status_code == 404


async def test_settings_file_and_log_are_for_owners(
    house: House, mo: Guest, owner: Guest
) -> None:
    for path in ("/desk/api/settings/file", "/desk/api/logs"):
        assert (await mo.client.get(path)).status_code == 403
    text = (await read(owner, "/desk/api/settings/file"))["text"]
    assert "[hidden]" in text
    house.parts.log.keep(None, "warning", {"event": "rain", "level": "warning"})
    found = await read(owner, "/desk/api/logs")
    assert [(one["event"], one["level"]) for one in found["lines"]] == [
        ("rain", "warning")
    ]
    assert (await read(owner, "/desk/api/logs?since=1"))["lines"] == []
    found = await read(owner, "/desk/api/logs?since=900")  # the bot was started anew
    assert [one["number"] for one in found["lines"]] == [1]


async def test_two_hundred_who_look_on_do_not_hold_an_answer_up(
    house: House, mo: Guest
) -> None:
    """While the answer waits for a piece, all of them are served; then it goes on."""
    house.inbox.gate = asyncio.Semaphore(0)
    house.inbox.answer = ("One. ", "Two.")
    served: list[int] = []

    async def look() -> None:
        found = await read(mo, "/desk/api/status")
        served.append(found["engine"]["running"])

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        await mo.visit()
        assert (await mo.say("Hearth, tell me", room="general")).is_success
        await house.inbox.arrived.wait()
        looking = [group.create_task(look()) for _ in range(200)]
        house.inbox.gate.release()
        house.inbox.gate.release()
        answering = tuple(house.inbox.tasks)
        await asyncio.gather(*answering)
        still_looking = sum(not one.done() for one in looking)
    assert still_looking > 100  # the answer did not wait for their end
    assert len(served) == 200
