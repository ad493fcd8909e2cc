import io
import struct
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from bot.confined.child import answer, contents


def packed(content: bytes) -> bytes:
    return struct.pack(">Q", len(content)) + content


@given(st.lists(st.binary(max_size=50), max_size=5), st.binary(max_size=12))
def test_whole_files_come_and_half_ones_do_not(whole: list[bytes], more: bytes) -> None:
    half = packed(b"x" * 50)[: len(more)]
    source = io.BytesIO(b"".join(map(packed, whole)) + half)

    assert list(contents(source)) == whole


def test_answer_is_a_length_a_text_and_what_follows() -> None:
    sink = io.BytesIO()

    answer(sink, b"{}", payload=[b"one", b"two"])

    assert sink.getvalue() == b"\x00\x00\x00\x02{}onetwo"


def test_confined_process_cannot_take_more_memory_than_it_may() -> None:
    code = (
        "from bot.confined.child import confine; confine(300 * 1024**2)\n"
        "try:\n    bytes(400 * 1024**2)\nexcept MemoryError:\n    print('bounded')"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "bounded\n"
