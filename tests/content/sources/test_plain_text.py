import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sources.plain_text import one_line, plain_lines, shortened, without_markup


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hi <b>you</b></p><p>there</p>", "Hi you\nthere"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<script>alert(1)</script>x<style>p{}</style>y", "xy"),
        ("<script>never closed", ""),
        ("</script>x", "x"),
        ("<SVG><title>t</title></SVG>x", "x"),
        ("1 < 2 &amp;&amp; 3 &gt; 2 &#x41; &eacute;", "1 < 2 && 3 > 2 A é"),
        ("<!-- no --><![CDATA[no]]>x", "x"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("", ""),
        ("<a href='http://x'>link", "link"),
    ],
)
def test_markup_goes_and_words_stay(html: str, expected: str) -> None:
    assert without_markup(html) == expected


def test_signs_that_hide_or_steer_go() -> None:
    assert one_line("a\u202eb\u200b\x00c\u2066 \ufeff\n d\U000e0041\ud800") == "ab c d"
    assert one_line("می\u200cخواهم 👩\u200d🌾") == "می\u200cخواهم 👩\u200d🌾"
    assert plain_lines(" a \r\n\n\t b\u2028c") == "a\nb\nc"


def test_text_is_shortened_at_a_sentence_else_at_a_word() -> None:
    assert shortened("One two. Three four. Five", 22) == "One two. Three four."
    assert shortened("One. Two three four five six", 20) == "One. Two three four…"
    assert shortened("一二三四五六七八。九十", 10) == "一二三四五六七八。"
    assert shortened("abcdefgh", 5) == "abcd…"
    assert shortened("as it is", 8) == "as it is"


@given(st.text(max_size=300), st.integers(1, 50))
def test_shortened_text_is_short_and_a_beginning(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert text.startswith(short.rstrip("…")) or short == text


@given(st.text(max_size=300))
def test_any_text_becomes_one_plain_line(text: str) -> None:
    line = one_line(without_markup(text).replace("\n", " "))
    assert "\n" not in line
    assert line == one_line(line)
