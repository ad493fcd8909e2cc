"""What is shown while a command works is gone when its answer comes."""

import asyncio

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.clock import FakeClock
from bot.messages import Button, Reply
from bot.passing import PassingLine

STOP = (Button("Stop", "/stop 1"),)


async def test_line_that_was_never_shown_changes_nothing() -> None:
    async with FakeAdapter(RecordingInbox(), clock=FakeClock()) as adapter:
        message = adapter.say("Ada", "/imagine a fox")
        await PassingLine(adapter, message).close()
        assert len(adapter.platform.visible(message.channel)) == 1
        assert not adapter.is_typing("general")


async def test_line_goes_when_the_answer_is_there_for_one_person_alone() -> None:
    clock = FakeClock()
    async with (
        asyncio.timeout(20),
        FakeAdapter(RecordingInbox(), clock=clock) as adapter,
    ):
        message = adapter.say("Ada", "/imagine a fox")
        place = message.channel
        line = PassingLine(adapter, message)
        await line.show("step 1", STOP)
        while len(adapter.platform.visible(place)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
        shown = adapter.platform.visible(place)[-1].message
        assert (shown.text, shown.buttons) == ("step 1", STOP)
        assert adapter.is_typing("general")

        reply = Reply("No.", reply_to_id=message.id, only_for="Ada")
        await adapter.send(place, reply)
        await line.close()

        others = [one.message.text for one in adapter.platform.visible(place, "Bo")]
        assert others == ["/imagine a fox"]
        assert await adapter.answered(message) == reply
        assert not adapter.is_typing("general")
