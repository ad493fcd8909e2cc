"""A growing answer is shown whole, once, and no faster than the platform allows."""

import asyncio
from collections.abc import Coroutine
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from adapters.fake.platform import CallKind, FakePlatform, Fault
from adapters.live_edit import MAX_FAILURES, PATIENCE_S, LiveEdit
from adapters.splitter import split
from bot.adapter import Limits
from bot.clock import FakeClock
from bot.errors import (
    ForbiddenError,
    GoneError,
    NetworkError,
    PlatformError,
    RateLimitedError,
)
from bot.messages import Attachment, Button, Channel, Reply
from bot.words import T

CHANNEL = Channel("fake", "general", "fakeville")
STOP = Button("Stop", "/stop 1")
AGAIN = Button("Again", "/again 1")
FIRST = Attachment("preview.png", "image/png", b"first")
SECOND = Attachment("preview.png", "image/png", b"second")
LOST = Fault(NetworkError(T("no answer")))
LOST_ANSWER = Fault(NetworkError(T("no answer")), happened=True)


def wait_for(seconds: float) -> Fault:
    return Fault(RateLimitedError(seconds))


class Stage:
    """A platform, a clock and one answer on them."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        can_edit: bool = True,
        latency_s: float = 0.0,
    ) -> None:
        limits = limits or Limits(40, edit_interval_s=1.0)
        self.clock = FakeClock()
        self.platform = FakePlatform(
            limits=limits, clock=self.clock, latency_s=latency_s, keep=10_000
        )
        self.live = LiveEdit(
            self,
            limits=limits,
            clock=self.clock,
            can_edit=can_edit,
            buttons=(STOP,),
            reply_to_id="question",
        )

    async def send(self, message: Reply, *, nonce: str) -> str:
        assert len(nonce) <= 25
        return await self.platform.send(CHANNEL, message, nonce=nonce)

    async def edit(self, message_id: str, message: Reply) -> None:
        await self.platform.edit(
            message_id, message, keeps_files=not message.attachments
        )

    async def delete(self, message_id: str) -> None:
        await self.platform.delete(message_id)

    def texts(self) -> list[str]:
        return [posted.message.text for posted in self.platform.visible(CHANNEL)]

    def kinds(self) -> list[CallKind]:
        return [call.kind for call in self.platform.calls]

    async def feed(self, *texts: str, then_s: float = 0.0) -> None:
        for text in texts:
            await self.live.feed(text)
            await self.clock.advance(then_s)

    async def finish(self, reply: Reply | str) -> tuple[str, ...]:
        """Finish, moving time on until it is done."""
        if isinstance(reply, str):
            reply = Reply(reply)
        return await self.until_done(self.live.finish(reply))

    async def until_done(
        self, work: Coroutine[Any, Any, tuple[str, ...]]
    ) -> tuple[str, ...]:
        task = asyncio.create_task(work)
        for _ in range(2000):
            if task.done():
                return task.result()
            await self.clock.advance(0.5)
        raise AssertionError("it hangs")


async def test_first_text_is_shown_at_once_with_the_live_buttons() -> None:
    stage = Stage()
    await stage.feed("Hello")
    (posted,) = stage.platform.visible(CHANNEL)
    assert posted.message == Reply("Hello", (STOP,), reply_to_id="question")


async def test_feed_returns_before_anything_is_called() -> None:
    stage = Stage()
    await stage.live.feed("Hello")
    assert stage.kinds() == []
    await stage.live.aclose()


async def test_text_that_comes_meanwhile_is_shown_in_one_edit() -> None:
    stage = Stage()
    await stage.feed("a", "b", "c", "d", then_s=0.2)
    assert stage.texts() == ["a"]
    await stage.clock.advance(0.2)
    assert stage.texts() == ["abcd"]
    assert stage.kinds() == [CallKind.SEND, CallKind.EDIT]


async def test_no_task_is_left_once_everything_is_shown() -> None:
    stage = Stage()
    before = asyncio.all_tasks()
    await stage.feed("a", "b", then_s=2)
    assert asyncio.all_tasks() == before
    assert stage.clock.num_sleepers == 0


async def test_longer_text_goes_on_in_a_next_message() -> None:
    stage = Stage()
    words = "word " * 14
    await stage.feed(*(["word "] * 14), then_s=1)
    ids = await stage.finish(Reply(words, (AGAIN,)))
    assert stage.texts() == split(words, Limits(40))
    first, second = stage.platform.visible(CHANNEL)
    assert first.message.buttons == ()
    assert second.message.buttons == (AGAIN,)
    assert ids == (first.id, second.id)


async def test_finish_without_feed_sends_everything() -> None:
    stage = Stage()
    file = Attachment("a.txt", "text/plain", b"x")
    await stage.finish(Reply("word " * 14, (AGAIN,), (file,), "question"))
    assert stage.texts() == split("word " * 14, Limits(40))
    assert stage.kinds() == [CallKind.SEND] * 2
    assert stage.platform.visible(CHANNEL)[-1].message.attachments == (file,)


async def test_finish_with_nothing_new_only_takes_the_live_buttons() -> None:
    stage = Stage()
    await stage.feed("Hello")
    await stage.finish(Reply("Hello"))
    assert stage.kinds() == [CallKind.SEND, CallKind.EDIT]
    await stage.finish(Reply("Hello"))
    assert len(stage.kinds()) == 2


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_blank_answer_is_no_message(text: str) -> None:
    stage = Stage()
    await stage.feed(text)
    assert await stage.finish(text) == ()
    assert stage.kinds() == []


async def test_text_taken_back_disappears_with_the_surplus_messages() -> None:
    stage = Stage()
    await stage.feed("something bad " * 8)
    assert len(stage.texts()) == 4
    ids = await stage.finish("I cannot say that.")
    assert stage.texts() == ["I cannot say that."]
    assert len(ids) == 1


async def test_everything_taken_back_leaves_no_message() -> None:
    stage = Stage()
    await stage.feed("something bad " * 8)
    assert await stage.finish("") == ()
    assert stage.texts() == []


@pytest.mark.parametrize(
    "error",
    [GoneError(T("gone")), ForbiddenError(T("too old")), PlatformError(T("odd"))],
    ids=type,
)
async def test_surplus_message_that_cannot_be_deleted_does_not_stop_the_answer(
    error: PlatformError,
) -> None:
    stage = Stage()
    await stage.feed("something bad " * 5)
    stage.platform.faults.extend([None, Fault(error)])
    assert len(await stage.finish("I cannot say that.")) == 1
    assert stage.texts()[0] == "I cannot say that."


async def test_message_that_may_have_come_through_is_taken_back_too() -> None:
    stage = Stage()
    stage.platform.faults.extend([None, LOST_ANSWER])
    await stage.feed("something bad " * 4)
    assert len(stage.texts()) == 2
    await stage.finish("I cannot say that.")
    assert stage.texts() == ["I cannot say that."]


async def test_notice_is_replaced_by_the_first_text() -> None:
    stage = Stage()
    await stage.live.notice("Two are before you.")
    await stage.clock.advance(1)
    await stage.live.notice("One is before you.")
    await stage.clock.advance(1)
    assert stage.texts() == ["One is before you."]
    await stage.feed("Hello", then_s=1)
    assert stage.texts() == ["Hello"]
    await stage.live.notice("Late.")
    await stage.finish("Hello you")
    assert stage.texts() == ["Hello you"]
    assert stage.kinds().count(CallKind.SEND) == 1


async def test_notice_disappears_where_there_is_no_answer() -> None:
    stage = Stage()
    await stage.live.notice("One is before you.")
    await stage.clock.advance(1)
    await stage.finish("")
    assert stage.texts() == []


async def test_picture_of_a_notice_is_sent_once_while_its_text_changes() -> None:
    stage = Stage()
    for text, picture in (
        ("Step 1.", None),
        ("Step 2.", FIRST),
        ("Step 3.", FIRST),
        ("Step 4.", SECOND),
    ):
        await stage.live.notice(text, picture)
        await stage.clock.advance(3)
    (shown,) = stage.platform.visible(CHANNEL)
    assert shown.message == Reply("Step 4.", (STOP,), (SECOND,), "question")
    sent = [call.message.attachments for call in stage.platform.calls if call.message]
    assert sent == [(), (FIRST,), (), (SECOND,)]
    assert await stage.finish("") == ()
    assert stage.texts() == []


async def test_picture_that_is_no_longer_wanted_goes_and_the_text_stays() -> None:
    stage = Stage()
    await stage.live.notice("Step 1.", FIRST)
    await stage.clock.advance(3)
    await stage.live.notice("Step 2.")
    await stage.clock.advance(3)
    (shown,) = stage.platform.visible(CHANNEL)
    assert shown.message == Reply("Step 2.", (STOP,), reply_to_id="question")


@pytest.mark.parametrize("is_first", [True, False])
async def test_picture_that_is_refused_leaves_the_text_alone(*, is_first: bool) -> None:
    stage = Stage()
    if not is_first:
        await stage.live.notice("Step 0.")
        await stage.clock.advance(3)
    stage.platform.faults.append(Fault(ForbiddenError(T("no files here"))))
    for text in ("Step 1.", "Step 2."):
        await stage.live.notice(text, FIRST)
        await stage.clock.advance(3)
        (shown,) = stage.platform.visible(CHANNEL)
        assert (shown.message.text, shown.message.attachments) == (text, ())
    tried = [c for c in stage.platform.calls if c.message and c.message.attachments]
    assert len(tried) == 1
    assert await stage.finish("") == ()
    assert stage.texts() == []


async def test_notice_that_somebody_deleted_does_not_come_back() -> None:
    stage = Stage()
    await stage.live.notice("Step 1.", FIRST)
    await stage.clock.advance(3)
    stage.platform.remove(stage.platform.visible(CHANNEL)[0].id)
    await stage.live.notice("Step 2.", SECOND)
    await stage.clock.advance(3)
    assert stage.texts() == []
    await stage.finish("Hello")
    assert stage.texts() == ["Hello"]


async def test_refusal_at_the_end_is_told_at_once_also_after_a_picture() -> None:
    stage = Stage()
    await stage.live.notice("Step 1.", FIRST)
    await stage.clock.advance(3)
    stage.platform.faults.append(Fault(ForbiddenError(T("no right to write"))))
    with pytest.raises(ForbiddenError):
        await stage.finish("abc")
    assert stage.kinds() == [CallKind.SEND] * 2


async def test_platform_that_cannot_edit_gets_everything_at_the_end() -> None:
    stage = Stage(can_edit=False)
    await stage.live.notice("One is before you.")
    await stage.feed("word ", "word", then_s=5)
    assert stage.kinds() == []
    stage.platform.faults.extend([LOST_ANSWER, None, wait_for(3)])
    await stage.finish("word " * 14)
    assert stage.texts() == split("word " * 14, Limits(40))
    assert set(stage.kinds()) == {CallKind.SEND}


async def test_platform_that_cannot_edit_keeps_what_was_sent_before() -> None:
    stage = Stage(can_edit=False)
    await stage.finish("First.")
    await stage.finish("Second.")
    assert stage.texts() == ["First.", "Second."]


async def test_rate_limit_is_waited_for_and_slows_the_edits() -> None:
    stage = Stage()
    stage.platform.faults.extend([None, wait_for(7)])
    await stage.feed(*"abcdefghijklmnopqrstuvwxyz", then_s=0.5)
    times = [call.at_s for call in stage.platform.calls]
    assert times[1] - times[0] == pytest.approx(1)
    assert times[2] - times[1] == pytest.approx(7)
    assert times[3] - times[2] == pytest.approx(2)
    await stage.finish("abcdefghijklmnopqrstuvwxyz")
    assert stage.texts() == ["abcdefghijklmnopqrstuvwxyz"]


async def test_rate_limit_longer_than_our_patience_is_told() -> None:
    stage = Stage()
    stage.platform.faults.append(wait_for(PATIENCE_S + 1))
    with pytest.raises(RateLimitedError):
        await stage.finish("Hello")


async def test_finish_does_not_wait_out_what_it_has_no_patience_for() -> None:
    stage = Stage()
    stage.platform.faults.append(wait_for(10 * PATIENCE_S))
    await stage.feed("Hello")
    with pytest.raises(RateLimitedError):
        await asyncio.wait_for(stage.live.finish(Reply("Hello")), timeout=5)


async def test_finish_during_a_wait_keeps_to_it() -> None:
    stage = Stage()
    stage.platform.faults.append(wait_for(60))
    await stage.feed("Hello", then_s=10)
    await stage.finish("Hello")
    assert [call.at_s for call in stage.platform.calls] == [0, 60]


async def test_network_that_stays_away_is_told_after_some_tries() -> None:
    stage = Stage()
    stage.platform.faults.extend([LOST] * MAX_FAILURES)
    with pytest.raises(NetworkError):
        await stage.finish("Hello")
    assert len(stage.kinds()) == MAX_FAILURES
    assert stage.texts() == []


async def test_failure_while_it_grows_is_made_up_for_at_the_end() -> None:
    stage = Stage()
    stage.platform.faults.append(Fault(ForbiddenError(T("no right to write"))))
    await stage.feed("a", "b", "c", then_s=5)
    assert len(stage.kinds()) == 1
    await stage.finish("abc")
    assert stage.texts() == ["abc"]


async def test_refusal_at_the_end_is_told_at_once() -> None:
    stage = Stage()
    stage.platform.faults.append(Fault(ForbiddenError(T("no right to write"))))
    with pytest.raises(ForbiddenError):
        await stage.finish("abc")
    assert len(stage.kinds()) == 1


async def test_sending_is_not_repeated_where_only_the_answer_was_lost() -> None:
    stage = Stage()
    stage.platform.faults.extend([LOST_ANSWER, LOST_ANSWER])
    await stage.feed("Hello", " you", then_s=0.5)
    await stage.finish("Hello you there")
    assert stage.texts() == ["Hello you there"]


async def test_edit_with_a_lost_answer_is_made_again() -> None:
    stage = Stage()
    stage.platform.faults.extend([None, LOST])
    await stage.feed("Hello", " you", then_s=1.5)
    await stage.finish(Reply("Hello you", (STOP,)))
    assert stage.texts() == ["Hello you"]


async def test_message_that_somebody_deleted_is_sent_anew_at_the_end() -> None:
    stage = Stage()
    await stage.feed("Hello")
    stage.platform.remove(stage.platform.visible(CHANNEL)[0].id)
    await stage.feed(" you", then_s=3)
    assert stage.texts() == []
    ids = await stage.finish("Hello you there")
    assert stage.texts() == ["Hello you there"]
    assert ids == (stage.platform.visible(CHANNEL)[0].id,)


async def test_order_is_kept_where_an_earlier_message_must_be_sent_anew() -> None:
    stage = Stage()
    text = "word " * 20
    await stage.feed(text)
    assert len(stage.texts()) == 3
    stage.platform.remove(stage.platform.visible(CHANNEL)[0].id)
    other = text.replace("word", "sigh")
    await stage.finish(other)
    assert stage.texts() == split(other, Limits(40))


async def test_message_that_may_not_be_edited_any_more_is_replaced() -> None:
    stage = Stage()
    await stage.feed("Hello")
    stage.platform.faults.append(Fault(ForbiddenError(T("too old to edit"))))
    await stage.finish("Hello you")
    assert stage.texts() == ["Hello you"]
    assert stage.kinds()[-2:] == [CallKind.SEND, CallKind.DELETE]


@pytest.mark.parametrize("then_s", [0.0, 0.5])
async def test_close_in_the_middle_stops_and_leaves_what_is_shown(
    then_s: float,
) -> None:
    stage = Stage(latency_s=0.4)
    before = asyncio.all_tasks()
    await stage.feed("Hello", " you", then_s=then_s)
    await stage.live.aclose()
    await stage.feed("more", then_s=5)
    assert asyncio.all_tasks() == before
    with pytest.raises(PlatformError, match="closed"):
        await stage.live.finish(Reply("Hello you"))
    await stage.live.aclose()


async def test_close_while_finishing_ends_it_with_an_error() -> None:
    stage = Stage(latency_s=5)
    finishing = asyncio.create_task(stage.live.finish(Reply("Hello")))
    await stage.clock.advance(1)
    await stage.live.aclose()
    with pytest.raises(PlatformError, match="closed"):
        await finishing


async def test_cancelled_finish_stops_the_calls() -> None:
    stage = Stage(latency_s=5)
    before = asyncio.all_tasks()
    finishing = asyncio.create_task(stage.live.finish(Reply("Hello")))
    await stage.clock.advance(1)
    finishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await finishing
    await stage.clock.advance(10)
    assert asyncio.all_tasks() == before


async def test_fault_of_our_own_is_not_hidden() -> None:
    class Broken(Stage):
        @override
        async def send(self, message: Reply, *, nonce: str) -> str:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Broken().finish("Hello")


faults = st.none() | st.sampled_from([LOST, LOST_ANSWER, wait_for(0), wait_for(2.5)])


def with_breathers(drawn: list[Fault | None]) -> list[Fault | None]:
    """Let a call succeed now and then, as networks do that are not down."""
    return [None if index % 4 == 3 else fault for index, fault in enumerate(drawn)]


chunks = st.lists(
    st.sampled_from(["word ", "line\n", "\n\n", "End. ", "x" * 45, "你好。", " "])
    | st.text(st.characters(exclude_characters="`~"), min_size=1, max_size=20),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(
    chunks=chunks,
    pauses=st.lists(st.sampled_from([0.0, 0.1, 0.7, 3.0]), min_size=1, max_size=5),
    fault_list=st.lists(faults, max_size=30).map(with_breathers),
    text_units=st.integers(32, 80),
    latency_s=st.sampled_from([0.0, 0.3]),
    ending=st.sampled_from(["", " And more.", None]),
)
async def test_whole_answer_is_shown_whatever_goes_wrong(
    chunks: list[str],
    pauses: list[float],
    fault_list: list[Fault | None],
    text_units: int,
    latency_s: float,
    ending: str | None,
) -> None:
    limits = Limits(text_units, edit_interval_s=1.0)
    stage = Stage(limits, latency_s=latency_s)
    stage.platform.faults.extend(fault_list)
    for index, chunk in enumerate(chunks):
        await stage.feed(chunk, then_s=pauses[index % len(pauses)])
    fed = "".join(chunks)
    # The platform refuses what is too long or blank, and its faults are fatal here.
    shown_before = list(stage.platform.moments(CHANNEL))
    text = "Taken back. " * 4 if ending is None else fed + ending
    ids = await stage.finish(Reply(text, (AGAIN,)))

    expected = [piece for piece in split(text, limits) if piece.strip()]
    visible = stage.platform.visible(CHANNEL)
    assert [posted.message.text for posted in visible] == expected
    assert tuple(posted.id for posted in visible) == ids
    assert [posted.message.buttons for posted in visible[:-1]] == [()] * len(ids[:-1])
    assert all(posted.message.buttons == (AGAIN,) for posted in visible[-1:])
    assert stage.platform.most_in_flight <= 1
    for texts in shown_before:
        assert without_blanks(fed).startswith(without_blanks("".join(texts)))
    for before, after in pairwise(edits_by_message(stage.platform)):
        assert before[0] != after[0] or after[1] - before[1] >= 1.0 - 1e-5


class Gallery(Stage):
    """Notes whatever stood beside a picture that only passes."""

    def __init__(self, *, latency_s: float) -> None:
        super().__init__(Limits(40, edit_interval_s=1.0), latency_s=latency_s)
        self.beside: set[str] = set()

    @override
    async def send(self, message: Reply, *, nonce: str) -> str:
        try:
            return await super().send(message, nonce=nonce)
        finally:
            self._look()

    @override
    async def edit(self, message_id: str, message: Reply) -> None:
        try:
            await super().edit(message_id, message)
        finally:
            self._look()

    def _look(self) -> None:
        for posted in self.platform.visible(CHANNEL):
            if {FIRST, SECOND} & {*posted.message.attachments}:
                self.beside.add(posted.message.text)


notices = st.tuples(
    st.sampled_from(["Step 1.", "Step 2."]), st.sampled_from([None, FIRST, SECOND])
)


@settings(max_examples=200, deadline=None)
@given(
    shown=st.lists(notices, min_size=1, max_size=6),
    pauses=st.lists(st.sampled_from([0.0, 0.4, 3.0]), min_size=1, max_size=5),
    fault_list=st.lists(faults, max_size=20).map(with_breathers),
    latency_s=st.sampled_from([0.0, 0.3]),
    fed=st.sampled_from(["", "Hello. ", "word " * 14]),
    files=st.sampled_from([(), (Attachment("a.txt", "text/plain", b"x"),)]),
)
async def test_picture_that_passes_is_in_no_answer_whatever_goes_wrong(
    shown: list[tuple[str, Attachment | None]],
    pauses: list[float],
    fault_list: list[Fault | None],
    latency_s: float,
    fed: str,
    files: tuple[Attachment, ...],
) -> None:
    stage = Gallery(latency_s=latency_s)
    stage.platform.faults.extend(fault_list)
    for index, (text, picture) in enumerate(shown):
        await stage.live.notice(text, picture)
        await stage.clock.advance(pauses[index % len(pauses)])
    if fed:
        await stage.feed(fed, then_s=pauses[0])
    ids = await stage.finish(Reply(fed, (AGAIN,), files))

    visible = stage.platform.visible(CHANNEL)
    assert tuple(posted.id for posted in visible) == ids
    expected = [piece for piece in split(fed, Limits(40)) if piece.strip()]
    assert [one.message.text for one in visible if one.message.text] == expected
    assert [file for one in visible for file in one.message.attachments] == [*files]
    assert stage.beside <= {"Step 1.", "Step 2."}


def without_blanks(text: str) -> str:
    return "".join(text.split())


def edits_by_message(platform: FakePlatform) -> list[tuple[str, float]]:
    return sorted(
        (call.message_id, call.at_s)
        for call in platform.calls
        if call.kind is CallKind.EDIT and call.message_id is not None
    )
