from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from adapters.web.commands import menu
from adapters.web.sign_in import ensure_password
from bot.clock import FakeClock
from bot.commands.registry import Registry
from bot.messages import Role
from bot.store.columns import utc_column
from bot.words import Words

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

IDLE_S = 2 * 3_600


async def password_of(house: House) -> str | None:
    return await ensure_password(house.accounts, password_env="", environ={})


async def seat(house: House, guest: Guest) -> None:
    answer = await guest.post("/api/sign-in", {"password": await password_of(house)})
    assert answer.status_code == 200
    await guest.visit()


async def role(house: House, guest: Guest) -> Role:
    await guest.say("/who am i")
    return house.inbox.messages[-1].author.role


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "at least one letter"),
        ("\u200b \u202e", "at least one letter"),
        ("Hearth", "my name"),
        ("ＨＥＡＲＴＨ", "my name"),
        ("a n n", "Somebody else"),
    ],
)
async def test_name_that_would_mislead_is_refused(
    house: House, guest: Guest, open_guest: OpenGuest, name: str, reason: str
) -> None:
    async with open_guest(house, name=None) as other:
        answer = await other.post("/api/name", {"name": name})
        assert answer.status_code == 422
        assert reason in answer.json()["error"]


async def test_identity_stays_when_the_name_changes(house: House, guest: Guest) -> None:
    await guest.say("/one")
    assert (await guest.post("/api/name", {"name": "Anna"})).json() == {"name": "Anna"}
    await guest.say("/two")
    one, two = (message.author for message in house.inbox.messages)
    assert one.id == two.id
    assert (one.name, two.name) == ("Ann", "Anna")


async def test_password_gives_a_seat_until_signed_out(
    house: House, guest: Guest
) -> None:
    password = await password_of(house)
    assert await role(house, guest) is Role.MEMBER
    me = house.inbox.messages[-1].author.id
    old = dict(guest.client.cookies)
    answer = await guest.post("/api/sign-in", {"password": password})
    assert answer.status_code == 200
    assert dict(guest.client.cookies) != old
    await guest.visit()
    assert await role(house, guest) is Role.MODERATOR
    assert house.inbox.messages[-1].author.id == me
    seated = dict(guest.client.cookies)
    await guest.post("/api/sign-out")
    await guest.visit()
    assert await role(house, guest) is Role.MEMBER
    guest.client.cookies = httpx.Cookies(seated)
    await guest.visit()
    assert await role(house, guest) is Role.MEMBER


async def test_seat_ends_two_hours_after_the_last_that_was_done(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        await seat(house, guest)
        for _ in range(3):
            await clock.advance(IDLE_S - 1)
            assert await role(house, guest) is Role.MODERATOR
        await clock.advance(IDLE_S)
        name = house.inbox.messages[-1].author
        assert await role(house, guest) is Role.MEMBER
        # Who they are in the rooms stays.
        after = house.inbox.messages[-1].author
        assert (after.id, after.name) == (name.id, name.name)


async def test_page_that_only_looks_on_keeps_no_seat_from_ending(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        await seat(house, guest)
        for left_s in (IDLE_S // 2, 1):
            await clock.advance(IDLE_S // 2 if left_s > 1 else IDLE_S // 2 - 1)
            answer = await guest.client.get("/api/seat")
            assert answer.json() == {"seat_s": left_s}
        await clock.advance(1)
        assert (await guest.client.get("/api/seat")).json() == {"seat_s": 0}
        assert await role(house, guest) is Role.MEMBER


async def test_seat_ends_after_half_a_day_even_if_busy(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        await seat(house, guest)
        for _ in range(11):
            await clock.advance(3_600)
            assert await role(house, guest) is Role.MODERATOR
        await clock.advance(3_599)
        assert await role(house, guest) is Role.MODERATOR
        await clock.advance(1)
        assert await role(house, guest) is Role.MEMBER


async def test_seat_of_a_week_from_before_has_ended(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        await seat(house, guest)
        assert await role(house, guest) is Role.MODERATOR
        week_utc = clock.now_utc() + timedelta(days=7)
        await house.content.store.write(
            lambda db: db.execute(
                "UPDATE seat SET expires_utc = ?", (utc_column(week_utc),)
            )
        )
        assert await role(house, guest) is Role.MEMBER


async def test_seat_taken_with_a_password_that_was_changed_has_ended(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house() as house, open_guest(house) as guest:
        await seat(house, guest)
        assert await role(house, guest) is Role.MODERATOR
        for password, left in (("new", Role.MEMBER), ("new", Role.MODERATOR)):
            environ = {"P": password}
            await ensure_password(house.accounts, password_env="P", environ=environ)
            assert await role(house, guest) is left
            await guest.post("/api/sign-in", {"password": "new"})
            await guest.visit()


async def test_wrong_password_is_slowed(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        password = await password_of(house)
        for _ in range(5):
            answer = await guest.post("/api/sign-in", {"password": "guess"})
            assert answer.status_code == 422
        answer = await guest.post("/api/sign-in", {"password": password})
        assert "too many tries" in answer.json()["error"]
        await clock.advance(10)
        answer = await guest.post("/api/sign-in", {"password": password})
        assert answer.status_code == 200


async def test_owner_of_the_settings_is_owner(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house() as house, open_guest(house, name="Ann") as guest:
        await guest.say("/one")
        me = house.inbox.messages[-1].author.id
        cookies = guest.client.cookies
    async with (
        open_house(owners=(f"web:{me}",)) as house,
        open_guest(house, name=None) as guest,
    ):
        guest.client.cookies = cookies
        await guest.visit()
        assert await role(house, guest) is Role.OWNER


async def test_language_is_the_browsers_then_the_chosen_one(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    chinese = {"Accept-Language": "fr, zh-CN;q=0.8"}
    async with (
        open_house() as house,
        open_guest(house, name=None, headers=chinese) as guest,
    ):
        assert "WRITE A MESSAGE" in (await guest.client.get("/")).text
        assert (
            await guest.post("/api/language", {"language": "en"})
        ).status_code == 200
        assert "Write a message" in (await guest.client.get("/")).text
        answer = await guest.post("/api/language", {"language": "xx"})
        assert answer.status_code == 422
        await guest.post("/api/language", {"language": "zh"})
        answer = await guest.say("hello")
        assert answer.json()["error"] == "PLEASE CHOOSE A NAME FIRST."


async def test_menu_shows_what_a_role_may_run(
    house: House, commands: Registry, two_languages: Words
) -> None:
    web = house.adapter
    member = menu(commands.for_role(Role.MEMBER, on=web), two_languages, language="zh")
    moderator = menu(
        commands.for_role(Role.MODERATOR, on=web), two_languages, language="en"
    )
    names = [entry["name"] for entry in member]
    assert "model" not in names
    assert "model" in [entry["name"] for entry in moderator]
    note = member[names.index("note")]
    assert note["summary"] == "KEEP A NOTE."
    assert note["parameters"] == [
        {
            "name": "title",
            "summary": "A TITLE.",
            "type": "text",
            "required": True,
            "named": False,
            "choices": [],
        },
        {
            "name": "text",
            "summary": "THE NOTE.",
            "type": "rest",
            "required": False,
            "named": False,
            "choices": [],
        },
    ]
