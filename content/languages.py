"""What the checks know about languages."""

from collections.abc import Mapping

__all__ = ["CHATTER", "COMMON_WORDS", "EMPTY_WORDS", "SCRIPTS", "base_of", "is_spaced"]


def base_of(language: str) -> str:
    """Return the language of a tag: "zh" of "zh-CN"."""
    return language.replace("_", "-").split("-")[0].lower()


def is_spaced(language: str) -> bool:
    """Return whether the language puts spaces between words."""
    return base_of(language) not in ("zh", "ja", "th")


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


SCRIPTS: Mapping[str, frozenset[str]] = {
    "ar": _set_of("ARABIC"),
    "el": _set_of("GREEK"),
    "ja": _set_of("HAN KANA"),
    "ko": _set_of("HANGUL"),
    "ru": _set_of("CYRILLIC"),
    "uk": _set_of("CYRILLIC"),
    "zh": _set_of("HAN"),
}
"""The scripts of languages that the script tells apart from English."""

COMMON_WORDS: Mapping[str, frozenset[str]] = {
    "de": _set_of("der die das und ist nicht ein eine zu mit auf für den von"),
    "en": _set_of("the and of to a in is it for that with as are you on"),
    "es": _set_of("el la los las y es una un en para que con por del"),
    "fr": _set_of("le la les et est des une un dans pour que qui sur avec"),
}
"""The commonest words of languages in Latin letters."""

EMPTY_WORDS = _set_of(
    "a about above after again all also an and any are around as at away back be "
    "because been before being both but by can come could did do does for from get "
    "give go had has have he her here him his how i if in into is it its just keep "
    "know like make many may me more most much my need new no not of off on one only "
    "or other our out over own people really she should small so some such take than "
    "that the their them then there these they thing things this those through time "
    "to too try two under up us use used very want was way we well were what when "
    "where which while who why will with without worth would you your"
)
"""English words that say nothing about what a text is about."""

CHATTER = _set_of(
    "yeah okay thanks thank hello please sorry maybe today tomorrow yesterday tonight "
    "think something anyone someone everyone doing would could again never always "
    "still haha sure great nice good morning evening week weekend"
)
"""Words that come up in every talk, whatever it is about."""
