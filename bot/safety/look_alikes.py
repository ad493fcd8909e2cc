"""Letters that look like Latin ones, and letters in fancy dress, made plain."""

import re
import unicodedata

__all__ = ["undress", "unmix"]

STYLED = (
    *range(0x02B0, 0x02E5),  # raised and lowered letters
    *range(0x1D2C, 0x1D6B),
    *range(0x2071, 0x209D),
    *range(0x2100, 0x2150),  # letter-like signs
    *range(0x2460, 0x2500),  # letters in circles
    *range(0xFB00, 0xFB07),  # letters that are joined
    *range(0xFF10, 0xFF5B),  # full-width letters and digits
    *range(0x1D400, 0x1D800),  # mathematical letters and digits
    *range(0x1F110, 0x1F14A),  # letters in brackets and squares
)
"""Where characters stand that Unicode takes for plain ones in another dress."""

FULL_WIDTH = 0xFF10
_DARK_CIRCLES, _DARK_SQUARES, _INDICATORS = 0x1F150, 0x1F170, 0x1F1E6


def _pairs(pairs: str) -> dict[str, str]:
    return {pair[0]: pair[1] for pair in pairs.split()}


_SMALL_CAPITALS = _pairs(
    "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz "
    "ɑa ɡg ȷj ɩi ʋu"
)


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).strip("()")
    # Raised and encircled digits are numbers, and not letters in disguise.
    is_word = plain.isalpha() or (plain.isdigit() and ord(char) >= FULL_WIDTH)
    return plain if plain.isascii() and is_word else char


def _letters_from(start: int) -> dict[str, str]:
    return {chr(start + at): chr(ord("A") + at) for at in range(26)}


_DRESSED = str.maketrans(
    {chr(code): _plain(chr(code)) for code in STYLED if chr(code) not in "℡™℠"}
    | _SMALL_CAPITALS
    | _letters_from(_DARK_CIRCLES)
    | _letters_from(_DARK_SQUARES)
)
_DRESSES = frozenset(map(chr, _DRESSED))

# One on its own is a letter; two together are a flag.
_INDICATOR = re.compile("(?<![🇦-🇿])[🇦-🇿](?![🇦-🇿])")
_INDICATED = _letters_from(_INDICATORS)

# Look Latin to anybody, as they stand: Cyrillic, Greek.
_STRICT = _pairs(
    "аa еe оo рp сc уy хx іi ѕs јj һh ԁd ԛq ԝw ӏl ѵv үy "
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЅS ЈJ ҺH ԌG ԚQ ԜW ӀI ѴV ҮY "
    "αa οo νv ρp ιi γy κk υu "
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX"
)
# Not in use where Cyrillic is written in chats, but to look Latin.
_RARE = frozenset("ѕԁԛԝһӏѵЅԌԚԜҺӀѴ")

# Read as Latin inside a word that has Latin letters: also Armenian and Cherokee.
_LOOSE = _STRICT | _pairs(
    "вb гr ёe зe иu йu кk лn мm нh пn тt ьb эe яr ЗE ИN ЙN ПN ЬB ЯR ГR "
    "βb εe ζz ηn τt χx ωw ςc σo μu θo πn ίi όo έe άa ύu ήn ΛA ΩO ΣE "
    "օo ոn սu հh ցg յj ՏS ՕO ՍU "
    "ᎪA ᏴB ᏟC ᎠD ᎬE ᏀG ᎻH ᎥI ᎫJ ᏦK ᏞL ᎷM ᏢP ᏒR ᏚS ᎢT ᏙV ᎳW ᏃZ"
)
# The other way: a Latin letter in a plainly Cyrillic word.
_TO_CYRILLIC = _pairs(
    "aа eе oо pр cс yу xх kк mм hн bв tт AА EЕ OО PР CС YУ XХ KК MМ HН BВ TТ"
)

_STRICT_TABLE = str.maketrans(_STRICT)
_LOOSE_TABLE = str.maketrans(_LOOSE)
_CYRILLIC_TABLE = str.maketrans(_TO_CYRILLIC)

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_OTHER = re.compile("[\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u13a0-\u13f5]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_MIN_MIXED = 3

# A Latin word with a Russian ending, as people write it.
_RUSSIAN_ENDING = re.compile(
    "[A-Za-z]{2,}(?=[а-яё]*[бвгджзийлмнптфцчшщъыьэюяё])[а-яё]{2,}"
)


def undress(text: str) -> str:
    """Return the text with full-width, mathematical, encircled … letters made plain."""
    if text.isascii():
        return text
    text = _INDICATOR.sub(lambda found: _INDICATED[found[0]], text)
    return text if _DRESSES.isdisjoint(text) else text.translate(_DRESSED)


def unmix(text: str) -> str:
    """Return the text with look-alikes made Latin, where a word mixes scripts.

    A word wholly of look-alikes is made Latin where the line is otherwise Latin. Words
    that are plainly Russian, Greek, … stay, and get back what is Latin in them.
    """
    if not _OTHER.search(text):
        return text
    return "".join(_unmixed(line) for line in text.splitlines(keepends=True))


def _unmixed(line: str) -> str:
    if not _OTHER.search(line):
        return line
    words = _WORD.findall(line)
    is_latin_line = not any(_is_plain(word) for word in words) and any(
        _LATIN.search(word) for word in words
    )
    return _WORD.sub(lambda found: _as_read(found[0], is_latin_line), line)


def _as_read(word: str, is_latin_line: bool) -> str:
    if not _OTHER.search(word):
        return word
    if not _LATIN.search(word):
        looks_latin = word.translate(_STRICT_TABLE)
        is_meant = is_latin_line or not _RARE.isdisjoint(word)
        return looks_latin if is_meant and not _OTHER.search(looks_latin) else word
    if len(word) < _MIN_MIXED or _RUSSIAN_ENDING.fullmatch(word):
        return word
    if _is_plainly_cyrillic(word):
        looks_cyrillic = word.translate(_CYRILLIC_TABLE)
        if not _LATIN.search(looks_cyrillic):
            return looks_cyrillic
    looks_latin = word.translate(_LOOSE_TABLE)
    return word if _OTHER.search(looks_latin) else looks_latin


def _is_plain(word: str) -> bool:
    """Return whether a word is of another script, beyond any doubt."""
    return not _LATIN.search(word) and bool(
        _OTHER.search(word.translate(_STRICT_TABLE))
    )


def _is_plainly_cyrillic(word: str) -> bool:
    return bool(_CYRILLIC.search(word.translate(_STRICT_TABLE)))
