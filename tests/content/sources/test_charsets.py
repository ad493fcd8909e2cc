import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sources.charsets import decoded

RUSSIAN = "Погода в Москве: утром туман, днём ясно, вечером возможен дождь"
CHINESE = "今天天气很好，我们去公园散步，晚上一起做饭"
JAPANESE = "今日は天気がいいので、公園を散歩しましょう"
KOREAN = "오늘은 날씨가 좋아서 공원을 산책합니다"
GERMAN = "Über süße Äpfel für größere Gärten – „schön“"
CZECH = "Žluťoučký kůň úpěl ďábelské ódy"
THAI = "วันนี้อากาศดีมาก"
GREEK = "Σήμερα ο καιρός είναι καλός"
XML = "<?xml version='1.0' encoding='{}'?><rss>{}</rss>"
HTML = "<html><head><meta charset={}></head><body>{}</body></html>"

TABLE = [
    # (text, really, the document says, the server says)
    (RUSSIAN, "utf-8", "utf-8", ""),
    (RUSSIAN, "utf-8", "windows-1251", ""),
    (RUSSIAN, "utf-8", "utf-8", "iso-8859-1"),
    (RUSSIAN, "utf-8-sig", "us-ascii", "us-ascii"),
    (RUSSIAN, "windows-1251", "windows-1251", ""),
    (RUSSIAN, "windows-1251", "windows-1251", "utf-8"),
    (RUSSIAN, "windows-1251", "utf-8", "windows-1251"),
    (RUSSIAN, "koi8-r", "koi8-r", ""),
    (RUSSIAN, "utf-16", "utf-16", ""),
    (RUSSIAN, "utf-16-le", "utf-16", ""),
    (RUSSIAN, "utf-16-be", "utf-8", "utf-8"),
    (RUSSIAN, "utf-32", "utf-32", ""),
    (RUSSIAN, "utf-32-be", "utf-32", ""),
    (GERMAN, "cp1252", "iso-8859-1", ""),
    (GERMAN, "cp1252", "us-ascii", ""),
    (GERMAN, "cp1252", "iso-8859-1", "utf-8"),
    (CZECH, "iso-8859-2", "iso-8859-2", ""),
    (CZECH, "cp1250", "windows-1250", ""),
    (GREEK, "iso-8859-7", "iso-8859-7", ""),
    (CHINESE, "gb18030", "gb2312", ""),
    (CHINESE, "gbk", "gbk", ""),
    (CHINESE, "gbk", "nonsense-9", "gb2312"),
    (CHINESE, "hz", "hz-gb-2312", ""),
    (JAPANESE, "shift_jis", "shift_jis", ""),
    (JAPANESE, "euc_jp", "euc-jp", ""),
    (JAPANESE, "iso2022_jp", "iso-2022-jp", ""),
    (KOREAN, "cp949", "euc-kr", ""),
    (THAI, "cp874", "tis-620", ""),
    (RUSSIAN, "utf-8", "utf-7", ""),
    (RUSSIAN, "utf-8", "base64", "rot13"),
    (RUSSIAN, "utf-8", "utf-16", "utf-16"),
]


@pytest.mark.parametrize("frame", [XML, HTML])
@pytest.mark.parametrize(("text", "really", "own", "declared"), TABLE)
def test_text_is_read_whatever_it_says(
    frame: str, text: str, really: str, own: str, declared: str
) -> None:
    document = frame.format(own, text)
    assert decoded(document.encode(really), declared=declared) == document


@pytest.mark.parametrize(
    ("text", "really"),
    [
        ("Größe\nÄpfel", "cp1252"),
        (RUSSIAN * 5, "windows-1251"),
        (CHINESE * 9, "gb18030"),
        (JAPANESE * 9, "cp932"),
    ],
)
def test_charset_that_nobody_names_is_guessed(text: str, really: str) -> None:
    assert decoded(text.encode(really)) == text


def test_slip_in_utf8_costs_one_sign() -> None:
    broken = RUSSIAN.encode()[:-1] + b" and on"
    assert decoded(broken) == f"{RUSSIAN[:-1]}\ufffd and on"
    assert decoded(broken, declared="windows-1251") == f"{RUSSIAN[:-1]}\ufffd and on"


def test_seven_bits_that_could_hide_markup_stay_what_they_are() -> None:
    assert decoded(b"+ADw-script+AD4-", declared="utf-7") == "+ADw-script+AD4-"


def test_damaged_text_of_a_named_charset_keeps_what_is_whole() -> None:
    broken = CHINESE.encode("gbk")[:-1] + b"\xff\xff" + "尾".encode("gbk")
    text = decoded(broken, declared="gbk")
    assert text.startswith(CHINESE[:-1])
    assert "\ufffd" in text


@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "gbk", "x", "utf-16"]))
def test_any_bytes_are_some_text(content: bytes, declared: str) -> None:
    decoded(content, declared=declared)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_utf8_is_what_it_was(text: str) -> None:
    is_marked = text.startswith(("\ufeff", "<\0", "\0<", "{\0", "\0{"))
    if not is_marked and "\ufffd" not in text:
        assert decoded(text.encode(), declared="windows-1251") == text
