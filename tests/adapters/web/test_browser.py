"""What people see and do, in a real browser."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.async_api import (
    Browser,
    FilePayload,
    Locator,
    Page,
    async_playwright,
    expect,
)

from adapters.web.sign_in import PASSWORD_NAME, ensure_password
from bot.messages import Attachment, Button, Reply
from bot.publication import Poll, Publication
from bot.store.avatars import AvatarRepository, StoredAvatar

if TYPE_CHECKING:
    from tests.adapters.web.conftest import House

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium here"),
]

OpenPage = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=FLAGS
        )
        yield browser
        await browser.close()


@pytest.fixture
def open_page(browser: Browser, house: House) -> OpenPage:
    @asynccontextmanager
    async def open_it(
        name: str = "Ann", *, width: int = 1280, language: str = "en"
    ) -> AsyncIterator[Page]:
        context = await browser.new_context(
            viewport={"width": width, "height": 800}, locale=language
        )
        context.set_default_timeout(15_000)
        page = await context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((house.url, "data:", "blob:"))
                else problems.append(request.url)
            ),
        )
        await page.goto(house.url)
        if name:
            await page.get_by_label("Your name").fill(name)
            await page.get_by_role("button", name="Save").click()
            await composer(page).wait_for()
        yield page
        assert problems == []
        await context.close()

    return open_it


def composer(page: Page) -> Locator:
    return page.get_by_label("Write a message", exact=True)


async def write(page: Page, text: str) -> None:
    await composer(page).fill(text)
    await composer(page).press("Enter")


def said(page: Page, text: str) -> Locator:
    return page.locator(".message .text", has_text=text)


async def post(house: House, reply: Reply, room: str = "general") -> str:
    (message_id,) = await house.adapter.send(house.adapter.channel(room), reply)
    return message_id


async def test_two_people_see_each_other(open_page: OpenPage) -> None:
    async with open_page("Ann") as ann, open_page("小明") as ming:
        await expect(ann.locator(".people")).to_contain_text("小明")
        await write(ming, "/x not for you")
        await expect(said(ming, "not for you")).to_be_visible()
        await write(ming, "大家好")
        message = ann.locator(".message", has_text="大家好").first
        await expect(message.locator(".author")).to_have_text("小明")
        await expect(said(ann, "not for you")).to_have_count(0)


async def test_answer_is_seen_while_it_grows(house: House, open_page: OpenPage) -> None:
    house.inbox.gate = asyncio.Semaphore(0)
    house.inbox.answer = ("One comes first. ", "**Two** follows.")
    async with open_page("Ann") as ann, open_page("Bea") as bea:
        await write(ann, "Tell me")
        for page in (ann, bea):
            await expect(page.get_by_text("Hearth is writing")).to_be_visible()
        house.inbox.gate.release()
        for page in (ann, bea):
            await expect(said(page, "One comes first.")).to_be_visible()
            await expect(page.get_by_role("button", name="Stop")).to_be_visible()
            await expect(said(page, "follows")).to_have_count(0)
        house.inbox.gate.release()
        for page in (ann, bea):
            await expect(
                page.locator(".message strong", has_text="Two")
            ).to_be_visible()
            await expect(page.get_by_role("button", name="Stop")).to_have_count(0)
            await expect(page.get_by_text("Hearth is writing")).to_have_count(0)


async def test_pressed_button_arrives(house: House, open_page: OpenPage) -> None:
    async with open_page("Ann") as page:
        await post(house, Reply("Tea?", buttons=(Button("Yes, please", "/tea yes"),)))
        await page.get_by_role("button", name="Yes, please").click()
        await asyncio.wait_for(house.inbox.arrived.wait(), 10)
    assert [press.command for press in house.inbox.presses] == ["/tea yes"]


async def test_button_that_asks_opens_a_form_with_the_text_in_it(
    house: House, open_page: OpenPage
) -> None:
    edit = Button("Edit", "/edit p1", asks="The new text.", prefill="# Old\n\nWords.")
    async with open_page("Ann") as page:
        await post(house, Reply("A post waits.", buttons=(edit,)))
        await page.get_by_role("button", name="Edit").click()
        field = page.get_by_label("The new text.")
        await expect(field).to_have_value("# Old\n\nWords.")
        await field.fill("# New\n\nOther words.")
        await page.locator("dialog").get_by_role("button", name="Send").click()
        await asyncio.wait_for(house.inbox.arrived.wait(), 10)
        await expect(page.locator("dialog")).to_have_count(0)
    [press] = house.inbox.presses
    assert press.command == "/edit p1 # New\n\nOther words."


async def test_picture_says_what_it_shows(house: House, open_page: OpenPage) -> None:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(file, "PNG")
    picture = Attachment(
        "a.png", "image/png", file.getvalue(), description="A fox in the snow."
    )
    async with open_page("Ann") as page:
        await post(house, Reply("Look.", attachments=(picture,)))
        await expect(page.get_by_alt_text("A fox in the snow.")).to_be_visible()


async def test_picture_that_passes_is_seen_by_who_comes_later_too_and_then_gone(
    house: House, open_page: OpenPage
) -> None:
    pictures = []
    for side_px in (16, 24):
        file = io.BytesIO()
        Image.new("RGB", (side_px, side_px), "red").save(file, "PNG")
        pictures.append(
            Attachment(
                "preview.png", "image/png", file.getvalue(), description="So far."
            )
        )
    house.inbox.answer = ()
    async with open_page("Ann") as page:
        await write(page, "/imagine a fox")
        await asyncio.wait_for(house.inbox.arrived.wait(), 10)
        stream = house.adapter.open_reply(house.inbox.messages[0])
        for number, picture in enumerate(pictures):
            await stream.notice(f"Step {number}", picture)
            await expect(said(page, f"Step {number}")).to_be_visible()
            seen = page.get_by_alt_text("So far.")
            await expect(seen).to_be_visible()
            await expect(seen).to_have_js_property("naturalWidth", (16, 24)[number])
        await page.reload()
        await expect(seen).to_have_js_property("naturalWidth", 24)
        await stream.finish(Reply(""))
        await expect(seen).to_have_count(0)
        await expect(said(page, "Step")).to_have_count(0)


ATTACK = (
    "<script>window.hit=1</script> <img src=x onerror='window.hit=1'> "
    "[press](javascript:window.hit=1) <svg onload='window.hit=1'> "
    "![p](https://evil.example/p.png) </script><script>window.hit=1</script>"
)


async def test_text_and_name_that_attack_do_nothing(
    house: House, open_page: OpenPage
) -> None:
    name = "<img src=x onerror=hit=1>"
    async with open_page(name) as page, open_page("Bea") as other:
        await write(page, ATTACK)
        await post(house, Reply(ATTACK))
        for one in (page, other):
            await expect(said(one, "window.hit=1")).to_have_count(2)
            await expect(one.locator(".author", has_text="onerror")).to_be_visible()
            await expect(one.locator(".people")).to_contain_text(name)
        await page.reload()
        await expect(said(page, "window.hit=1")).to_have_count(2)
        for one in (page, other):
            assert await one.evaluate("window.hit") is None
            assert await one.locator(".message img, .message script").count() == 0


async def test_attribute_that_slipped_through_would_not_run(
    open_page: OpenPage,
) -> None:
    """The policy of the page is a second wall: inline handlers are off."""
    async with open_page("Ann") as page:
        await page.evaluate(
            "document.body.insertAdjacentHTML('beforeend',"
            " `<b id=trap onclick='window.hit=1'>x</b>`)"
        )
        await page.locator("#trap").dispatch_event("click")
        assert await page.evaluate("window.hit") is None


async def test_reload_keeps_history_and_who_one_is(open_page: OpenPage) -> None:
    async with open_page("Ann") as page:
        await write(page, "/x remember me")
        await expect(said(page, "remember me")).to_be_visible()
        await composer(page).fill("a draft")
        await page.reload()
        await expect(said(page, "remember me")).to_be_visible()
        await expect(page.locator(".card")).to_contain_text("Ann")
        await expect(composer(page)).to_have_value("a draft")


async def test_rooms_show_what_is_unread(house: House, open_page: OpenPage) -> None:
    async with open_page("Ann") as page:
        await post(house, Reply("# News"), "announcements")
        room = page.get_by_role("button", name="announcements")
        await expect(room.locator(".unread")).to_be_visible()
        await room.click()
        await expect(page.get_by_role("heading", name="News")).to_be_visible()
        await expect(room.locator(".unread")).to_have_count(0)
        await expect(room).to_have_attribute("aria-current", "page")


async def test_reader_who_scrolled_up_is_left_alone(
    house: House, open_page: OpenPage
) -> None:
    for number in range(70):
        await post(house, Reply(f"post {number}"))
    async with open_page("Ann") as page:
        scroller = page.locator(".scroller")
        await expect(said(page, "post 69")).to_be_in_viewport()
        await page.get_by_text("Show earlier messages").scroll_into_view_if_needed()
        await page.get_by_role("button", name="Show earlier messages").click()
        await expect(said(page, "post 0")).to_be_attached()
        await expect(said(page, "post 69")).not_to_be_in_viewport()
        await scroller.evaluate("one => { one.scrollTop = 0 }")
        await post(house, Reply("the newest"))
        await page.get_by_role("button", name="New messages").click()
        await expect(said(page, "the newest")).to_be_in_viewport()


async def test_commands_are_offered_with_a_form(
    house: House, open_page: OpenPage
) -> None:
    async with open_page("Ann") as page:
        await composer(page).fill("/")
        menu = page.get_by_role("listbox")
        await expect(menu).to_contain_text("Keep a note.")
        await expect(menu).not_to_contain_text("/model")
        await composer(page).fill("/no")
        await composer(page).press("Enter")
        await page.get_by_label("A title.").fill("Two words")
        await page.get_by_label("The note.").fill("and the rest of it")
        await page.get_by_role("button", name="Run").click()
        await asyncio.wait_for(house.inbox.arrived.wait(), 10)
    assert [message.text for message in house.inbox.messages] == [
        '/note "Two words" and the rest of it'
    ]


async def test_megabyte_that_is_pasted_is_refused_kindly(
    house: House, open_page: OpenPage
) -> None:
    async with open_page("Ann") as page:
        await composer(page).evaluate(
            "area => { area.value = 'x'.repeat(1048576);"
            " area.dispatchEvent(new Event('input')) }"
        )
        await expect(page.get_by_role("alert")).to_contain_text("1,048,576")
        await expect(page.get_by_role("button", name="Send")).to_be_disabled()
        await composer(page).fill("/x shorter")
        await page.get_by_role("button", name="Send").click()
        await expect(said(page, "shorter")).to_be_visible()
    assert len(house.inbox.messages) == 1


async def test_file_is_sent_and_shown(house: House, open_page: OpenPage) -> None:
    async with open_page("Ann") as page:
        files = page.locator("input[type=file]")
        await files.set_input_files(
            FilePayload(name="notes.txt", mimeType="text/plain", buffer=b"hello")
        )
        await page.get_by_role("button", name="Send").click()
        link = page.locator(".message .files a")
        await expect(link).to_contain_text("notes.txt")
        async with page.expect_download() as download:
            await link.click()
        path = await (await download.value).path()
        assert await asyncio.to_thread(path.read_bytes) == b"hello"


async def test_reply_quotes_what_it_answers(house: House, open_page: OpenPage) -> None:
    message_id = await post(house, Reply("Who wants tea?"))
    async with open_page("Ann") as page:
        message = page.locator(".message", has_text="Who wants tea?")
        await message.hover()
        await message.get_by_role("button", name="Reply").click()
        await expect(page.get_by_text("Replying to Hearth")).to_be_visible()
        await write(page, "Me")
        await expect(page.locator(".quote").first).to_contain_text("Who wants tea?")
    assert house.inbox.messages[0].reply_to_id == message_id


async def test_moderator_signs_in_and_out(house: House, open_page: OpenPage) -> None:
    password = await ensure_password(house.accounts, password_env="", environ={})
    async with open_page("Ann") as page:
        await page.locator(".card").click()
        await page.get_by_role("button", name="Sign in as moderator").click()
        dialog = page.get_by_role("dialog")
        for guess in ("wrong", password or ""):
            await dialog.get_by_label("Password").fill(guess)
            await dialog.get_by_role("button", name="Sign in").click()
            if guess == "wrong":
                await expect(dialog.get_by_role("alert")).to_contain_text("not the")
        await expect(page.locator(".card")).to_contain_text("Moderator")
        await composer(page).fill("/mod")
        await expect(page.get_by_role("listbox")).to_contain_text("/model")
        await composer(page).fill("")
        await page.locator(".card").click()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.locator(".card")).not_to_contain_text("Moderator")


async def test_moderators_have_a_room_that_members_do_not_see(
    house: House, open_page: OpenPage
) -> None:
    async with open_page("Ann") as ann, open_page("Mo") as mo:
        await sign_in(house, mo)
        appeal = Reply("Cleo appeals.", buttons=(Button("Allow it", "/allow 1"),))
        await post(house, appeal, "moderators")
        room = mo.get_by_role("button", name="moderators")
        await expect(room.locator(".unread")).to_be_visible()
        await room.click()
        await expect(mo.locator(".top")).to_contain_text("Only moderators see this")
        await mo.get_by_role("button", name="Allow it").click()
        await asyncio.wait_for(house.inbox.arrived.wait(), 10)
        await ann.evaluate("location.hash = 'moderators'")
        await ann.reload()
        await expect(ann.locator(".top h2")).to_contain_text("general")
        await expect(ann.get_by_text("moderators")).to_have_count(0)
        await expect(ann.get_by_role("button", name="announcements")).to_be_visible()
    [press] = house.inbox.presses
    assert (press.command, press.channel.id) == ("/allow 1", "moderators")


async def test_moderators_room_goes_from_every_tab_with_the_seat(
    house: House, open_page: OpenPage
) -> None:
    async with open_page("Mo") as page:
        await sign_in(house, page)
        await post(house, Reply("Cleo appeals."), "moderators")
        other = await page.context.new_page()
        await other.goto(f"{house.url}/#moderators")
        await expect(said(other, "Cleo appeals.")).to_be_visible()
        await page.locator(".card").click()
        await page.get_by_role("button", name="Sign out").click()
        for tab in (page, other):
            await expect(tab.locator(".card")).not_to_contain_text("Moderator")
            await expect(tab.get_by_role("button", name="moderators")).to_have_count(0)
            await expect(said(tab, "Cleo appeals.")).to_have_count(0)
            await expect(tab.locator(".top h2")).to_contain_text("general")
        await write(other, "/x still here")  # with the new session
        await expect(said(other, "still here")).to_be_visible()


async def test_page_says_when_the_seat_has_ended_by_itself(
    house: House, open_page: OpenPage
) -> None:
    async with open_page("Mo") as page:
        await sign_in(house, page)
        await post(house, Reply("Cleo appeals."), "moderators")
        other = await page.context.new_page()
        await other.clock.install()
        await other.goto(f"{house.url}/#moderators")
        await expect(said(other, "Cleo appeals.")).to_be_visible()
        async with other.expect_response("**/api/seat") as asked:
            await other.clock.fast_forward(3 * 3_600_000)
        assert await (await asked.value).json() != {"seat_s": 0}
        await other.evaluate("0")  # by then it has taken the answer
        await expect(said(other, "Cleo appeals.")).to_be_visible()
        # That ends every seat, as time does.
        await house.accounts.set_password(PASSWORD_NAME, "another")
        await other.clock.fast_forward(3 * 3_600_000)
        await expect(other.get_by_role("alert")).to_contain_text("has ended")
        await expect(said(other, "Cleo appeals.")).to_have_count(0)
        await expect(other.locator(".card")).to_contain_text("Mo")
        await expect(other.locator(".card")).not_to_contain_text("Moderator")


async def sign_in(house: House, page: Page) -> None:
    password = await ensure_password(house.accounts, password_env="", environ={})
    await page.locator(".card").click()
    await page.get_by_role("button", name="Sign in as moderator").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Password").fill(password or "")
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(page.locator(".card")).to_contain_text("Moderator")


async def test_language_and_appearance_can_be_chosen(open_page: OpenPage) -> None:
    async with open_page("Ann") as page:
        await page.locator(".card").click()
        await page.get_by_label("Language").select_option("zh")
        await expect(page.locator("html")).to_have_attribute("lang", "zh")
        await expect(page.get_by_label("WRITE A MESSAGE", exact=True)).to_be_visible()
        await page.locator(".card").click()
        await page.get_by_text("DARK", exact=True).click()
        dark = "getComputedStyle(document.querySelector('.hearth')).backgroundColor"
        assert await page.evaluate(dark) == "rgb(29, 26, 23)"
        await page.reload()
        await expect(composer_in_chinese(page)).to_be_visible()
        assert await page.evaluate(dark) == "rgb(29, 26, 23)"


def composer_in_chinese(page: Page) -> Locator:
    return page.get_by_label("WRITE A MESSAGE", exact=True)


async def test_phone_shows_the_room_and_opens_the_side(
    house: House, open_page: OpenPage
) -> None:
    await post(house, Reply("| a | b |\n|-|-|\n" + f"| {'wide ' * 40} | x |"))
    async with open_page("Ann", width=390) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await expect(page.locator(".sidebar")).not_to_be_in_viewport()
        await page.get_by_role("button", name="Show rooms").click()
        room = page.get_by_role("button", name="announcements")
        await expect(room).to_be_in_viewport()
        await room.click()
        await expect(page.locator(".top h2")).to_contain_text("announcements")
        await expect(page.locator(".sidebar")).not_to_be_in_viewport()


async def test_page_says_when_the_connection_is_lost(
    house: House, open_page: OpenPage
) -> None:
    async with open_page("Ann") as page:
        await page.evaluate("window.socket.io.engine.close()")
        await expect(page.get_by_text("connection is lost")).to_be_visible()
        await post(house, Reply("meanwhile"))
        await expect(said(page, "meanwhile")).to_be_visible()
        await expect(page.get_by_text("connection is lost")).to_have_count(0)


async def test_people_vote_and_react_below_a_post_with_the_keyboard(
    house: House, open_page: OpenPage
) -> None:
    poll = Poll("Which is red?", ("sky", "ember"), correct=1, explanation="It glows.")
    post = Publication("p1", "Colours", "Ready? ||Or not.||", poll=poll)
    async with open_page("Ann") as ann, open_page("Bob") as bob:
        await house.adapter.publish(house.adapter.channel("general"), post, nonce="n1")
        spoiler = ann.locator(".spoiler")
        await expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
        await spoiler.focus()
        await expect(spoiler).not_to_have_css("color", "rgba(0, 0, 0, 0)")
        await ann.get_by_role("button", name="A: sky").focus()
        await ann.keyboard.press("Tab")
        await ann.keyboard.press("Enter")
        await expect(ann.get_by_text("It glows.")).to_be_visible()
        await expect(bob.get_by_text("1 vote")).to_be_visible()
        await expect(bob.get_by_text("It glows.")).not_to_be_visible()
        await ann.get_by_role("button", name="❤️ 0").focus()
        await ann.keyboard.press("Space")
        await expect(bob.get_by_role("button", name="❤️ 1")).to_be_visible()
        await bob.get_by_role("button", name="❤️ 1").click()
        await expect(ann.get_by_role("button", name="❤️ 2")).to_be_visible()
        await bob.reload()
        heart = bob.get_by_role("button", name="❤️ 2")
        await expect(heart).to_have_attribute("aria-pressed", "true")


async def test_bot_has_the_face_of_its_persona_once_it_is_drawn(
    open_page: OpenPage, house: House
) -> None:
    kept, avatars = AvatarRepository(house.content.store), house.parts.avatars
    async with open_page() as page:
        await post(house, Reply("Good evening."))
        in_message = page.locator(".message.is-bot .avatar")
        at_side = page.locator(".sidebar .people .avatar").first
        for bot in (in_message, at_side):
            await expect(bot.locator("use")).to_have_attribute("href", "#flame")
        file = io.BytesIO()
        Image.new("RGB", (9, 9), "red").save(file, "PNG")
        face = StoredAvatar("community:web:web", "hearth", "", file.getvalue(), "m", 5)
        await kept.put(face)
        avatars.chosen()
        for bot in (in_message, at_side):
            await expect(bot).to_have_js_property("naturalWidth", 9)
        await expect(at_side).to_have_attribute("alt", "Persona: hearth")
        await expect(in_message).to_have_attribute("alt", "")
        await kept.put(replace(face, content=b"no picture"))
        avatars.chosen()
        await expect(in_message.locator("use")).to_have_attribute("href", "#flame")
