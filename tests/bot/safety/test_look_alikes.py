import pytest

from bot.safety.look_alikes import undress, unmix


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "🇩🇪🇫🇷",
        "Foo™",
        "你好",
        "é",
        "½",
        "①",
        "日本語",
        "한국어",
        "1 000 ₽",
        "x²",
    ],
)
def test_undress_leaves_other_things(text: str) -> None:
    assert undress(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Привет всем",
        "ура",
        "СССР и нос",
        "ура, привет",
        "καλημέρα",
        "και ΝΑΤΟ είναι",
        "USBшник",
        "iPhone в Москве",
        "5 μm",
        "a и b",
        "Նոր տարի",
    ],
)
def test_unmix_leaves_other_languages(text: str) -> None:
    assert unmix(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ｋｉｌｌ", "kill"),
        ("𝐤𝐢𝐥𝐥 𝓴𝓲𝓵𝓵 𝕜𝕚𝕝𝕝", "kill kill kill"),
        ("ⓚⓘⓛⓛ", "kill"),
        ("🅺🅸🅻🅻 🅚🅘🅛🅛 🄺🄸🄻🄻", "KILL KILL KILL"),
        ("ᵏⁱˡˡ", "kill"),
        ("ᴋɪʟʟ", "kill"),
        ("🇰 🇮 🇱 🇱", "K I L L"),
        ("ﬂuﬀ", "fluff"),
    ],
)
def test_undress_makes_letters_plain(text: str, plain: str) -> None:
    assert undress(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("kіll", "kill"),
        ("fuсk", "fuck"),
        ("раураl", "paypal"),
        ("кill", "kill"),
        ("κill", "kill"),
        ("kіll\nПривет ура", "kill\nПривет ура"),
        ("ѕех", "sex"),
        ("the сор", "the cop"),
        ("ΝΑΖΙ punk", "NAZI punk"),
        ("Ꭵdiot", "Idiot"),
        ("cука", "сука"),
        ("дypa", "дура"),
    ],
)
def test_unmix_reads_a_word_in_one_script(text: str, plain: str) -> None:
    assert unmix(text) == plain


def test_unmix_leaves_a_word_that_only_half_looks_latin() -> None:
    assert unmix("Linuxовый") == "Linuxовый"
