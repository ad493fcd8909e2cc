"""The fake platform behaves as a real one would, faults included."""

import asyncio

import pytest

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from adapters.fake.platform import CallKind, Change, Fault
from bot.adapter import Limits
from bot.clock import FakeClock
from bot.errors import (
    GoneError,
    NetworkError,
    PlatformError,
    RateLimitedError,
)
from bot.messages import Attachment, Author, Button, Channel, Reply, Role
from bot.words import T


@pytest.fixture
def inbox() -> RecordingInbox:
    return RecordingInbox()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def adapter(inbox: RecordingInbox, clock: FakeClock) -> FakeAdapter:
    return FakeAdapter(inbox, clock=clock, limits=Limits(40, attachment_bytes=100))


@pytest.mark.parametrize(
    "message",
    [
        Reply("x" * 41),
        Reply(" "),
        Reply("x", (), (Attachment("a", "text/plain", b"x" * 101),)),
        Reply("x", (), (Attachment("a", "text/plain", b"x"),) * 11),
    ],
)
async def test_platform_refuses_what_is_beyond_its_limits(
    adapter: FakeAdapter, message: Reply
) -> None:
    with pytest.raises(PlatformError):
        await adapter.platform.send(adapter.channel("general"), message)
    assert adapter.platform.visible(adapter.channel("general")) == []


async def test_message_that_was_deleted_is_gone(adapter: FakeAdapter) -> None:
    message = adapter.say("Ada", "Hello")
    adapter.delete(message)
    with pytest.raises(GoneError):
        adapter.edit(message, "Hello?")
    with pytest.raises(GoneError):
        await adapter.platform.edit(message.id, Reply("Hello?"))
    with pytest.raises(GoneError):
        await adapter.platform.delete(message.id)


async def test_fault_meets_the_next_call_only(adapter: FakeAdapter) -> None:
    channel = adapter.channel("general")
    adapter.platform.faults.extend([None, Fault(RateLimitedError(3))])
    await adapter.send(channel, Reply("One"))
    with pytest.raises(RateLimitedError):
        await adapter.send(channel, Reply("Two"))
    await adapter.send(channel, Reply("Three"))
    assert [call.error is None for call in adapter.platform.calls] == [
        True,
        False,
        True,
    ]
    texts = [posted.message.text for posted in adapter.platform.visible(channel)]
    assert texts == ["One", "Three"]


async def test_call_with_a_lost_answer_has_happened(adapter: FakeAdapter) -> None:
    channel = adapter.channel("general")
    lost = Fault(NetworkError(T("no answer")), happened=True)
    adapter.platform.faults.append(lost)
    with pytest.raises(NetworkError):
        await adapter.send(channel, Reply("One"), nonce="a")
    (posted,) = adapter.platform.visible(channel)
    assert await adapter.send(channel, Reply("One"), nonce="a") == (posted.id,)
    adapter.platform.faults.append(lost)
    with pytest.raises(NetworkError):
        await adapter.platform.edit(posted.id, Reply("Two"))
    assert adapter.platform.find(posted.id).message.text == "Two"
    adapter.platform.faults.append(lost)
    with pytest.raises(NetworkError):
        await adapter.platform.delete(posted.id)
    assert adapter.platform.visible(channel) == []
    assert [call.kind for call in adapter.platform.calls] == [
        CallKind.SEND,
        CallKind.SEND,
        CallKind.EDIT,
        CallKind.DELETE,
    ]


async def test_send_after_a_failure_in_the_middle_repeats_nothing(
    adapter: FakeAdapter,
) -> None:
    channel = adapter.channel("general")
    adapter.platform.faults.extend([None, Fault(RateLimitedError(3))])
    reply = Reply("word " * 20)
    with pytest.raises(RateLimitedError):
        await adapter.send(channel, reply, nonce="post")
    await adapter.send(channel, reply, nonce="post")
    shown = [posted.message.text for posted in adapter.platform.visible(channel)]
    assert " ".join(shown).split() == ["word"] * 20


async def test_calls_take_their_time(clock: FakeClock, inbox: RecordingInbox) -> None:
    adapter = FakeAdapter(inbox, clock=clock, latency_s=2)
    channel = adapter.channel("general")
    sending = [asyncio.create_task(adapter.send(channel, Reply(text))) for text in "ab"]
    await clock.advance(1)
    assert adapter.platform.visible(channel) == []
    await clock.advance(1)
    await asyncio.gather(*sending)
    assert len(adapter.platform.visible(channel)) == 2
    assert adapter.platform.most_in_flight == 2


async def test_reader_sees_each_moment(adapter: FakeAdapter, clock: FakeClock) -> None:
    message = adapter.say("Ada", "Hello")
    stream = adapter.open_reply(message)
    await stream.feed("Hi")
    await clock.advance(1)
    await stream.feed(" there")
    await clock.advance(1)
    adapter.say("Ada", "elsewhere", channel="announcements")
    adapter.delete(message)
    assert list(adapter.platform.moments(message.channel)) == [
        ("Hello",),
        ("Hello", "Hi"),
        ("Hello", "Hi there"),
        ("Hi there",),
    ]
    assert adapter.platform.changes[2] == Change(1, "fake:general", "2", "Hi there")


async def test_private_reply_is_seen_by_one_person(adapter: FakeAdapter) -> None:
    channel = adapter.channel("general")
    await adapter.send(channel, Reply("psst", (Button("Ok", "/ok"),), only_for="Ada"))
    assert adapter.platform.visible(channel) == []
    assert adapter.platform.visible(channel, "Bob") == []
    (posted,) = adapter.platform.visible(channel, "Ada")
    await adapter.platform.edit(posted.id, Reply("pssst", posted.message.buttons))
    assert adapter.platform.visible(channel, "Bob") == []
    with pytest.raises(LookupError):
        adapter.press("Bob", "Ok")
    assert adapter.press("Ada", "Ok").command == "/ok"


async def test_newest_button_with_the_label_is_pressed(
    adapter: FakeAdapter, inbox: RecordingInbox
) -> None:
    moderator = Author("eve", "Eve", Role.MODERATOR)
    channel = adapter.channel("general")
    for number in (1, 2):
        await adapter.send(channel, Reply("Post", (Button("Approve", f"/a {number}"),)))
    with pytest.raises(LookupError):
        adapter.press(moderator, "Reject")
    press = adapter.press(moderator, "Approve")
    assert (press.command, press.author, press.message_id) == ("/a 2", moderator, "2")
    assert inbox.presses == [press]


async def test_answered_waits_for_the_whole_answer(
    adapter: FakeAdapter, clock: FakeClock
) -> None:
    message = adapter.say("Ada", "Hello")
    waiting = asyncio.create_task(adapter.answered(message))
    stream = adapter.open_reply(message)
    assert adapter.is_typing("general")
    assert not adapter.is_typing("announcements")
    await stream.feed("Hi")
    await clock.advance(1)
    assert not waiting.done()
    finishing = asyncio.create_task(stream.finish(Reply("Hi there")))
    await clock.advance(2)
    await finishing
    assert (await waiting).text == "Hi there"
    assert not adapter.is_typing("general")


async def test_answered_takes_what_was_sent_in_reply(adapter: FakeAdapter) -> None:
    message = adapter.say("Ada", "/help")
    reply = Reply("Commands: none.", reply_to_id=message.id)
    await adapter.send(message.channel, reply)
    await adapter.send(message.channel, Reply("more", reply_to_id=message.id))
    assert await adapter.answered(message) == reply


async def test_answered_tells_of_a_failure(adapter: FakeAdapter) -> None:
    message = adapter.say("Ada", "Hello")
    adapter.platform.faults.append(Fault(GoneError(T("no channel"))))
    with pytest.raises(GoneError):
        await adapter.open_reply(message).finish(Reply("Hi"))
    with pytest.raises(GoneError):
        await adapter.answered(message)
    with pytest.raises(TimeoutError):
        await adapter.answered(message, timeout_s=0.01)


async def test_typing_ends_with_the_connection(adapter: FakeAdapter) -> None:
    async with adapter:
        stream = adapter.open_reply(adapter.say("Ada", "Hello"))
        await stream.feed("Hi")
    assert not adapter.is_typing("general")


async def test_channel_can_be_added(
    adapter: FakeAdapter, inbox: RecordingInbox
) -> None:
    private = Channel("fake", "dm-ada", "fakeville", is_private=True)
    adapter.add_channel(private)
    file = Attachment("a", "text/plain", b"x")
    message = adapter.say(
        "Ada", "Hello", channel="dm-ada", reply_to_id="7", attachments=(file,)
    )
    assert inbox.messages == [message]
    assert message.channel is private
    assert (message.reply_to_id, message.attachments) == ("7", (file,))


async def test_only_the_newest_is_kept(inbox: RecordingInbox) -> None:
    adapter = FakeAdapter(inbox, clock=FakeClock(), keep=10)
    for number in range(50):
        message = adapter.say("Ada", f"Hello {number}")
        await adapter.send(
            message.channel, Reply("Hi", reply_to_id=message.id), nonce=str(number)
        )
    platform = adapter.platform
    assert len(platform.visible(adapter.channel("general"))) == 10
    assert len(platform.calls) == len(platform.changes) == 10
    assert (await adapter.answered(message)).text == "Hi"


async def test_inbox_gives_up_waiting(inbox: RecordingInbox) -> None:
    with pytest.raises(TimeoutError):
        await inbox.wait_messages(1, timeout_s=0.01)
