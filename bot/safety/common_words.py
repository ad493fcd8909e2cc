"""The commonest words of some languages, to tell whether a text is in one of them."""

__all__ = ["COMMON_WORDS"]

_BY_LANGUAGE = {
    "en": (
        "the and for you are not with this that have from they will would there their "
        "what all one can had her was but his him she has who how out get now about "
        "could into your some them then than been more when which people just know "
        "take make like time good look only come over think also back after use two "
        "our work first well way even want because any these give day most very much "
        "here should never always really please hello friend love hate kill die dead "
        "stupid ugly fat idiot loser yourself myself shut fuck fucking shit bitch ass "
        "damn sex porn nude gay hell shoot burn bomb ignore previous instructions "
        "rules system prompt answer question tell say write read something nothing "
        "everyone someone world life home money must need why where"
    ),
    "de": (
        "und der die das den dem des ein eine einen ist nicht mit auf für von sich "
        "auch wie dich dir mich mir ich ihr sie wir euch uns sind war hat haben "
        "werden wird kann dein deine mein meine aber oder wenn weil noch nur schon "
        "immer alle alles mach bring dumm hasse hässlich scheiße töte stirb selbst "
        "geh bitte heute gut mehr"
    ),
    "fr": (
        "les des une est pas que qui vous nous dans pour sur avec sont mais tout plus "
        "cette mon ton toi moi elle ils bien comme faire suis tes ses leur très être "
        "avoir déteste tue merde stupide aujourd"
    ),
    "es, it, pt": (
        "los las una por con para como más pero sus esta este todo todos muy eres soy "
        "está qué porque cuando hola bueno mierda puta odio muere matar nada hacer "
        "tus ser não uma você isso mas seu sua dos ele ela são bem muito obrigado che "
        "non per sono sei come anche questo della nel gli tutti cosa perché"
    ),
    "nl": ("het een van niet dat zijn voor met jij hij wij ook maar naar heb hebben"),
    "ru": (
        "это как что так все она они мне было тебя меня его для уже только очень "
        "когда если или нет есть быть убей себя умри ненавижу тупой дурак привет"
    ),
}

COMMON_WORDS = frozenset(
    word for words in _BY_LANGUAGE.values() for word in words.split()
)
"""In lower case, of three letters or more."""
