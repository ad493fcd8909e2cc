"""The terminal: what is typed, what is shown, and what must not be."""

import asyncio
import io
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import pytest
from typing_extensions import override

from adapters.console.adapter import ConsoleAdapter
from adapters.console.keyboard import ByteSource
from adapters.console.screen import Screen, neutral
from adapters.fake.inbox import RecordingInbox
from bot.clock import Clock, FakeClock
from bot.errors import PlatformError
from bot.messages import Attachment, Button, Reply, Role
from bot.words import Words

WORDS = Words({})


class Pipe(io.BytesIO):
    """Bytes that are all there, as in `echo Hello | …`."""


class Typist:
    """A person at a terminal, whose keys are given one burst at a time."""

    def __init__(self) -> None:
        self._bursts: SimpleQueue[bytes] = SimpleQueue()

    def isatty(self) -> bool:
        return True

    def read(self, size: int, /) -> bytes:
        return self._bursts.get()

    def type(self, *bursts: bytes) -> None:
        """Type; b"" is Ctrl+D."""
        for burst in bursts:
            self._bursts.put(burst)


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    @override
    def isatty(self) -> bool:
        return True


class AsciiOnly(io.TextIOWrapper):
    """A terminal that knows few letters."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="ascii", write_through=True)


class Broken(io.StringIO):
    """A pipe whose reader has left."""

    @override
    def write(self, text: str) -> int:
        raise BrokenPipeError


class Terminal:
    """A console adapter with its streams."""

    def __init__(
        self,
        source: ByteSource,
        *,
        out: io.StringIO | None = None,
        around: io.StringIO | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.out = out or io.StringIO()
        self.around = around or io.StringIO()
        self.inbox = RecordingInbox()
        self.adapter = ConsoleAdapter(
            self.inbox,
            words=WORDS,
            clock=clock,
            stdin=source,
            stdout=self.out,
            stderr=self.around,
        )

    async def answer(self, number: int, reply: Reply | str) -> None:
        """Answer the message with this number, the first being 0."""
        message = (await self.inbox.wait_messages(number + 1))[number]
        if isinstance(reply, str):
            reply = Reply(reply)
        await self.adapter.open_reply(message).finish(reply)

    async def done(self) -> None:
        async with asyncio.timeout(10):
            await self.adapter.done.wait()


async def test_lines_of_a_pipe_come_one_after_the_other() -> None:
    terminal = Terminal(Pipe(b"One\n\n  \nTwo\nThree"))
    async with terminal.adapter:
        for number, text in enumerate(("One", "Two", "Three")):
            messages = await terminal.inbox.wait_messages(number + 1)
            assert [message.text for message in messages[number:]] == [text]
            assert not terminal.adapter.done.is_set()
            await terminal.answer(number, f"Answer {number}")
        await terminal.done()
    assert terminal.out.getvalue() == "Answer 0\nAnswer 1\nAnswer 2\n"
    assert terminal.around.getvalue() == ""


async def test_person_is_the_owner_in_a_private_channel() -> None:
    terminal = Terminal(Pipe(b"Hello\n"))
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
    assert message.author.role is Role.OWNER
    assert message.channel.is_private
    assert message.is_to_bot


async def test_pipe_that_is_empty_is_done_at_once() -> None:
    terminal = Terminal(Pipe(b""))
    async with terminal.adapter:
        await terminal.done()
    assert terminal.inbox.messages == []


async def test_pipe_goes_on_where_no_answer_comes() -> None:
    clock = FakeClock()
    terminal = Terminal(Pipe(b"One\nTwo\n"), clock=clock)
    async with terminal.adapter:
        await terminal.inbox.wait_messages(1)
        await clock.advance(10_000)
        await terminal.inbox.wait_messages(2)
        await clock.advance(10_000)
        await terminal.done()


async def test_command_in_a_pipe_is_answered_by_any_reply() -> None:
    terminal = Terminal(Pipe(b"/help\nHello\n"))
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
        assert message.text == "/help"
        await terminal.adapter.send(message.channel, Reply("Commands: none."))
        await terminal.answer(1, "Hi.")
        await terminal.done()


async def test_stream_that_was_closed_is_the_end() -> None:
    class Closed(Pipe):
        @override
        def isatty(self) -> bool:
            return False

    closed = Closed(b"Hello\n")
    closed.close()
    terminal = Terminal(closed)
    async with terminal.adapter:
        await terminal.done()


async def test_input_that_is_not_utf8_is_replaced_and_told() -> None:
    terminal = Terminal(Pipe(b"Hel\xfflo\n"))
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
    assert message.text == "Hel\ufffdlo"
    assert "could not be read" in terminal.around.getvalue()


async def test_typed_lines_come_at_once() -> None:
    keys = Typist()
    terminal = Terminal(keys, around=Tty())
    async with terminal.adapter:
        keys.type(b"One\n")
        await terminal.inbox.wait_messages(1)
        keys.type(b"Two\n")
        messages = await terminal.inbox.wait_messages(2)
        assert [message.text for message in messages] == ["One", "Two"]
        keys.type(b"")
        await terminal.done()


async def test_pasted_lines_are_one_message() -> None:
    keys, clock = Typist(), FakeClock()
    terminal = Terminal(keys, clock=clock)
    async with terminal.adapter:
        keys.type(b"One\n", b"Two\n", b"  Thr", b"\xffee\n", b"")
        await until(lambda: clock.num_sleepers == 1)
        while not terminal.inbox.messages:
            await clock.advance(0.05)
            await asyncio.sleep(0.01)
        await terminal.done()
    assert [message.text for message in terminal.inbox.messages] == [
        "One\nTwo\n  Thr\ufffdee"
    ]


async def test_last_line_without_end_counts() -> None:
    keys = Typist()
    terminal = Terminal(keys)
    async with terminal.adapter:
        keys.type(b"bye", b"")
        await terminal.done()
    assert [message.text for message in terminal.inbox.messages] == ["bye"]


async def until(is_there: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while True:
            if is_there():
                return
            await asyncio.sleep(0.01)


async def test_prompt_stands_where_a_person_types() -> None:
    keys = Typist()
    terminal = Terminal(keys, around=Tty())
    async with terminal.adapter:
        keys.type(b"\n")
        await until(lambda: terminal.around.getvalue().count("> ") == 2)
        keys.type(b"Hello\n")
        await terminal.answer(0, "Hi.")
        await until(lambda: terminal.around.getvalue().count("> ") == 3)
        keys.type(b"")
    assert terminal.out.getvalue() == "Hi.\n"


@pytest.mark.parametrize("no_color", ["", "1"])
async def test_colours_are_only_for_terminals_that_want_them(
    no_color: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal(Pipe(b"Hello\n"), out=Tty(), around=Tty())
    async with terminal.adapter:
        await terminal.answer(0, Reply("Well?", (Button("Yes", "/yes"),)))
    assert ("\x1b[" in terminal.around.getvalue()) is (not no_color)
    assert "[1] Yes" in terminal.around.getvalue()
    assert terminal.out.getvalue() == "Well?\n"


async def test_choices_are_numbered_and_pressed_by_number() -> None:
    keys = Typist()
    terminal = Terminal(keys)
    buttons = tuple(Button(f"B{n}", f"/b {n}") for n in range(1, 13))
    async with terminal.adapter:
        keys.type(b"Hello\n")
        await terminal.answer(0, Reply("Which?", buttons))
        assert "[1] B1  [2] B2" in terminal.around.getvalue()
        for typed in (b"13\n", b"0\n", b"-1\n", b"\xc2\xb2\n", b"1234567\n"):
            num_before = len(terminal.inbox.messages)
            keys.type(typed)
            await terminal.inbox.wait_messages(num_before + 1)
        keys.type(b" 12 \n")
        (press,) = await terminal.inbox.wait_presses(1)
        assert press.command == "/b 12"
        keys.type(b"")


async def test_button_that_asks_takes_the_next_line_as_its_answer() -> None:
    # An empty line changes one's mind.
    terminal = Terminal(Pipe(b"Hello\n1\n\n1\n2 new words\n2\n"))
    edit = Button("Edit", "/edit p1", asks="The new text.", prefill="Old.")
    async with terminal.adapter:
        await terminal.answer(0, Reply("Which?", (edit, Button("No", "/no"))))
        (press,) = await terminal.inbox.wait_presses(1)
        assert press.command == "/edit p1 2 new words"
        await terminal.adapter.send(press.channel, Reply("Done."))
        presses = await terminal.inbox.wait_presses(2)
        assert presses[1].command == "/no"
    assert terminal.around.getvalue().count("The new text.") == 2


async def test_choices_of_an_answer_end_with_it() -> None:
    keys = Typist()
    terminal = Terminal(keys)
    async with terminal.adapter:
        keys.type(b"Hello\n")
        (message,) = await terminal.inbox.wait_messages(1)
        stop = (Button("Stop", "/stop 1"),)
        stream = terminal.adapter.open_reply(message, buttons=stop)
        await stream.feed("Once")
        await stream.finish(Reply("Once"))
        keys.type(b"1\n")
        messages = await terminal.inbox.wait_messages(2)
        assert messages[1].text == "1"
        keys.type(b"")
    assert terminal.inbox.presses == []


async def test_press_in_a_pipe_is_answered_too() -> None:
    terminal = Terminal(Pipe(b"Hello\n1\nBye\n"))
    async with terminal.adapter:
        await terminal.answer(0, Reply("Well?", (Button("Yes", "/yes"),)))
        (press,) = await terminal.inbox.wait_presses(1)
        await terminal.adapter.send(press.channel, Reply("Fine."))
        await terminal.answer(1, "Goodbye.")
        await terminal.done()
    assert terminal.out.getvalue() == "Well?\nFine.\nGoodbye.\n"


async def test_only_the_new_part_is_written() -> None:
    terminal = Terminal(Pipe(b"Hello\n"))
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
        stream = terminal.adapter.open_reply(message)
        await stream.feed("One.\r")
        await stream.feed("\nTwo. ")
        await until(lambda: terminal.out.getvalue() == "One.\nTwo.")
        await stream.finish(Reply("One.\r\nTwo. Three."))
    assert terminal.out.getvalue() == "One.\nTwo. Three.\n"


async def test_taken_back_text_is_said_to_be() -> None:
    terminal = Terminal(Pipe(b"Hello\n"))
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
        stream = terminal.adapter.open_reply(message)
        await stream.feed("Bad.")
        await stream.finish(Reply("Good."))
    assert (
        terminal.out.getvalue() == "Bad.\n(What stands above was taken back.)\nGood.\n"
    )


async def test_everything_taken_back_is_said_to_be() -> None:
    terminal = Terminal(Pipe(b"Hello\n"))
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
        stream = terminal.adapter.open_reply(message)
        await stream.feed("Bad.")
        await stream.finish(Reply(""))
    assert terminal.out.getvalue() == "Bad.\n(What stands above was taken back.)\n"


async def test_notice_goes_around_the_answers_and_is_not_repeated() -> None:
    terminal = Terminal(Pipe(b"Hello\n"))
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
        stream = terminal.adapter.open_reply(message)
        await stream.notice("One is before you.")
        await stream.notice("One is before you.")
        await stream.finish(Reply("Hi."))
    assert terminal.around.getvalue() == "One is before you.\n"
    assert terminal.out.getvalue() == "Hi.\n"


async def test_answer_that_falls_silent_does_not_hold_up_others_for_ever() -> None:
    clock = FakeClock()
    terminal = Terminal(Pipe(b"Hello\n"), clock=clock)
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
        silent = terminal.adapter.open_reply(message)
        await silent.feed("Well …")
        sending = asyncio.create_task(
            terminal.adapter.send(message.channel, Reply("News!"))
        )
        await clock.advance(30)
        assert not sending.done()
        await clock.advance(31)
        async with asyncio.timeout(10):
            await sending
            await silent.finish(Reply("Well … yes."))
    assert terminal.out.getvalue() == "Well …\nNews!\n yes.\n"


async def test_files_are_named() -> None:
    terminal = Terminal(Pipe(b"Hello\n"))
    file = Attachment("a\x1b.png", "image/png", b"x" * 5000)
    async with terminal.adapter:
        await terminal.answer(0, Reply("Look.", (), (file,)))
    assert "File: a␛.png, 4 KB" in terminal.around.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x1b[2J\x1b[H", "␛[2J␛[H"),
        ("a\rb\r\nc", "a␍b\nc"),
        ("a\x08b\x7fc\x9b2J", "a␈b␡c\ufffd2J"),
        ("a\tb\nc", "a\tb\nc"),
        ("שלום 👨‍👩‍👧 e\u0301", "שלום 👨‍👩‍👧 e\u0301"),
    ],
)
async def test_text_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert neutral(text) == shown
    terminal = Terminal(Pipe(b"Hello\n"))
    async with terminal.adapter:
        await terminal.answer(0, Reply(text, (Button(text, "/x"),)))
    assert terminal.out.getvalue() == shown + "\n"
    assert "\x1b" not in terminal.around.getvalue()


async def test_letters_the_terminal_does_not_know_are_replaced() -> None:
    out = AsciiOnly()
    screen = Screen(out, io.StringIO())
    screen.open()
    screen.write("Grüße \ud800")
    await screen.close()
    assert out.buffer.getvalue() == b"Gr??e ?"  # type: ignore[attr-defined]  # BytesIO


async def test_terminal_that_takes_nothing_does_not_hold_up_the_end() -> None:
    class Stuck(io.StringIO):
        @override
        def write(self, text: str) -> int:
            free.wait(10)
            return len(text)

    free = threading.Event()
    screen = Screen(Stuck(), io.StringIO(), close_s=0.05)
    screen.open()
    screen.write("Hello")
    async with asyncio.timeout(5):
        await screen.close()
    free.set()


async def test_reader_who_left_ends_it() -> None:
    keys = Typist()
    terminal = Terminal(keys, out=Broken())
    async with terminal.adapter:
        channel = terminal.adapter.channel("terminal")
        with pytest.raises(PlatformError):
            await terminal.adapter.send(channel, Reply("Hello"))
        await terminal.done()
    keys.type(b"")


async def test_answer_after_closing_is_refused() -> None:
    terminal = Terminal(Pipe(b"Hello\n"))
    async with terminal.adapter:
        (message,) = await terminal.inbox.wait_messages(1)
    with pytest.raises(PlatformError):
        await terminal.adapter.open_reply(message).finish(Reply("Late."))
    with pytest.raises(PlatformError):
        await terminal.adapter.send(message.channel, Reply("Late."))
    assert terminal.out.getvalue() == ""


async def test_real_file_as_input(tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_bytes(b"Hello\n")
    with path.open("rb", buffering=0) as source:
        terminal = Terminal(source)
        async with terminal.adapter:
            await terminal.answer(0, "Hi.")
            await terminal.done()
    assert terminal.out.getvalue() == "Hi.\n"
