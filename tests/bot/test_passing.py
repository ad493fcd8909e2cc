"""What is shown while a command works is gone when its answer comes."""

import asyncio

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.clock import FakeClock
from bot.messages import Attachment, Author, Button, Press, Reply
from bot.passing import PassingLine, pressed_message

PICTURE = Attachment("preview.png", "image/png", b"fox")
STOP = (Button("Stop", "/stop 1"),)


async def test_line_that_was_never_shown_changes_nothing() -> None:
    async with FakeAdapter(RecordingInbox(), clock=FakeClock()) as adapter:
        message = adapter.say("Ada", "/imagine a fox")
        async with PassingLine(adapter, message):
            pass
        assert len(adapter.platform.visible(message.channel)) == 1
        assert not adapter.is_typing("general")


async def test_line_goes_when_the_answer_is_there_for_one_person_alone() -> None:
    async with (
        asyncio.timeout(20),
        FakeAdapter(RecordingInbox(), clock=FakeClock()) as adapter,
    ):
        message = adapter.say("Ada", "/imagine a fox")
        place = message.channel
        reply = Reply("No.", reply_to_id=message.id, only_for="Ada")
        async with PassingLine(adapter, message) as line:
            await line.show("step 1", STOP, PICTURE)
            while len(adapter.platform.visible(place)) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0)
            shown = adapter.platform.visible(place)[-1].message
            assert (shown.text, shown.buttons) == ("step 1", STOP)
            assert shown.attachments == (PICTURE,)
            assert adapter.is_typing("general")
            await adapter.send(place, reply)

        others = [one.message.text for one in adapter.platform.visible(place, "Bo")]
        assert others == ["/imagine a fox"]
        assert await adapter.answered(message) == reply
        assert not adapter.is_typing("general")


async def test_line_of_a_press_stands_below_the_message_with_the_button() -> None:
    async with (
        asyncio.timeout(20),
        FakeAdapter(RecordingInbox(), clock=FakeClock()) as adapter,
    ):
        place = adapter.channel("general")
        (card,) = await adapter.send(place, Reply("A fox.", buttons=STOP))
        press = Press(place, Author("ada", "Ada"), "/imagine a fox", card)
        async with PassingLine(adapter, pressed_message(press)) as line:
            await line.show("step 1", ())
            while len(adapter.platform.visible(place)) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0)
            shown = adapter.platform.visible(place)[-1].message
            assert shown.reply_to_id == card
        assert len(adapter.platform.visible(place)) == 1
