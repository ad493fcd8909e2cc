"""Gives a text as a reader reads it, whatever tricks it is written with.

Not a correction of the text: it is judged beside the plain one, so that k1ll and
k i l l are found where kill would be. Linear time.
"""

import re

from bot.safety.hidden import hidden_texts
from bot.safety.look_alikes import undress, unmix

__all__ = ["hidden_texts", "readings", "unmask"]

MAX_LEET_WORD = 40
"""Longer ones with digits are keys and numbers, not words."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4"
    "\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Joiners matter in emoji, Persian and Indian scripts, but not behind these letters.
_JOINERS = re.compile("(?<=[A-Za-z\u0370-\u052f])[\u200c\u200d\ufe00-\ufe0f]+")

# What strikes a letter out or underlines it, and marks in piles.
_STRIKES = re.compile("[\u0332-\u0338\u0305\u033f\u20d0-\u20ea]")
_PILES = re.compile("(?<=[A-Za-z])[\u0300-\u036f]{3,}")

# Each letter looks ahead whether a word begins with it, so nothing is tried twice.
# Initials and lists ("J. R. R.", "a, b, c") are no spaced words.
_SPACED = re.compile(
    r"(?<![\w@$])(?<!\w[.\-_])(?:[^\W_]|[@$])"
    r"(?P<gap>(?![.,] )[ \n.,\-_*·•|~/+]{1,3}+)(?:[^\W_]|[@$!])(?!\w)"
    r"(?:(?P=gap)(?:[^\W_]|[@$!])(?!\w))++"
)

# Addresses keep their digits.
_ADDRESS = re.compile(
    r"(?i)((?<!\w)(?:[a-z]{2,10}://|www\.)\S*|(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]++)"
)
_LEET = {
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "!": "i", "|": "l", "€": "e",
}  # fmt: skip
_LEET_WORD = re.compile(r"(?<![\w@$!|€])[^\W\d_]*+[013-9@$!|€][\w@$!|€]*+")
_MAY_BE_TWO = re.compile("[1!]")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_AMOUNT = re.compile(
    r"(?i)\d+(?:st|nd|rd|th|am|pm|mins?|secs?|hrs?|days?|kg|km|cm|mm|ml|[kmgt]i?b|hz|fps"
    r"|bit|stars?|way|ever|head|zip|px|pt|er|ers|год|го|й)"
)
_I18N = re.compile(r"(?i)[a-z]\d{2}[a-z]")
_INSIDE = re.compile(r"(?<=[^\W\d_])[013-9@$!|€]{1,3}(?=[^\W\d_])")
_AT_ENDS = re.compile(r"^[0134-57@$€]{1,3}(?=[^\W\d_])|(?<=[^\W\d_])[01345$€]{1,3}$")
_AT_START = re.compile(r"^(?:[01345$]|455|@(?=([^\W\d_])\1))(?=[^\W\d_]{2})")
_AT_END = re.compile(r"(?<=[^\W\d_])(?:11|\$\$|(?<=[^\W\d_]{3})\$)$")

_REPEATED = re.compile(r"([^\W\d_\u2e80-\U0010ffff])\1{2,}")


def unmask(text: str) -> str:
    """Return the text as it is read; nearly always the text itself.

    Unseen characters go; letters that only look Latin, digits and signs for letters,
    s p a c e d and d.o.t.t.e.d words are made plain; of a letter more than twice in a
    row two are left. Words of Russian, Greek, … and addresses stay as they are.
    """
    return _spelled_out(_undisguised(text), one="i", repeats=2)


def readings(text: str) -> tuple[str, ...]:
    """Return what else the text may be read as, for finding exact words.

    A 1 may be an i or an l, and a letter in a row stand for one or two. At most four;
    () nearly always.
    """
    seen = _undisguised(text)
    found = {
        _spelled_out(seen, one=one, repeats=repeats)
        for one in ("il" if _MAY_BE_TWO.search(seen) else "i")
        for repeats in ((1, 2) if _REPEATED.search(seen) else (2,))
    }
    return tuple(sorted(found - {text}))


def _undisguised(text: str) -> str:
    text = _UNSEEN.sub("", text)
    if not text.isascii():
        text = _PILES.sub("", _STRIKES.sub("", _JOINERS.sub("", undress(text))))
        text = unmix(text)
    return _SPACED.sub(_joined, text)


def _spelled_out(text: str, *, one: str, repeats: int) -> str:
    leet = str.maketrans(_LEET | {"1": one, "!": one})
    parts = _ADDRESS.split(text)  # every second one is an address
    for at in range(0, len(parts), 2):
        plain = _LEET_WORD.sub(lambda found: _without_leet(found[0], leet), parts[at])
        parts[at] = _REPEATED.sub(r"\1" * repeats, plain)
    return "".join(parts)


def _joined(found: re.Match[str]) -> str:
    joined = found[0].replace(found["gap"], "")
    num_letters = len(_LETTER.findall(joined))
    is_word = num_letters > 1 and num_letters * 2 > len(joined)
    return joined if is_word else found[0]


def _without_leet(word: str, leet: dict[int, str]) -> str:
    if len(word) > MAX_LEET_WORD or _AMOUNT.fullmatch(word) or _I18N.fullmatch(word):
        return word
    num_letters, num_digits = len(_LETTER.findall(word)), len(_DIGIT.findall(word))
    if num_letters == 0 or num_digits > num_letters + 1 or len(word) < 3:
        return word

    def read(found: re.Match[str]) -> str:
        return found[0].replace("11", "ll").translate(leet)

    core = word.strip("!|")
    start = word.index(core)
    plain = _INSIDE.sub(read, core)
    if plain != core:
        plain = _AT_ENDS.sub(read, plain)
    else:
        plain = _AT_END.sub(read, _AT_START.sub(read, core))
    return word[:start] + plain + word[start + len(core) :]
