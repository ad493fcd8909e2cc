"""What posts are written about and from when they are measured. Nothing of it is so."""

from bot.store.materials import Material

__all__ = ["ENTRIES", "MESSAGES", "POST", "TOPICS"]

TOPICS = (
    "a walk in the park after the rain",
    "growing herbs on a window sill",
    "why cats like boxes",
    "board games for a quiet evening",
    "the pleasure of cooking together",
    "how birds find their way",
    "learning something new at any age",
    "the history of tea",
    "keeping a journal that lasts",
    "the stars that one can see tonight",
)

ENTRIES = (
    Material(
        "New cycle path opens along the river",
        "https://news.example.org/path",
        "The town opened a new cycle path along the river on Monday. It is 4.2 "
        "kilometres long (the longest in the region) and leads from the old mill to "
        "the station. Click here to subscribe to our newsletter.",
        "Town News",
    ),
    Material(
        "Purple heron seen in the marsh",
        "https://birds.example.org/heron",
        "Bird watchers saw a purple heron in the marsh this week. The species was last "
        "seen there in 1998. Visitors are asked to stay on the wooden path.",
        "Bird Letter",
    ),
    Material(
        "Library lends seeds",
        "https://library.example.org/seeds",
        "The library now lends seeds of old vegetables beside its books. Readers sow "
        "them, and bring back seeds of their own in autumn. We are so excited!",
    ),
)

MESSAGES = (
    Material("#garden", "", "My tomatoes need water twice a day now.", "ann", True),
    Material("#garden", "", "Which tomatoes do you grow, Peter?", "bob"),
    Material("#garden", "", "Small yellow tomatoes, they like the balcony.", "peter"),
    Material("#garden", "", "A balcony needs shade at noon for tomatoes.", "cleo"),
    Material("#games", "", "We could play a board game on friday.", "bob"),
    Material("#games", "", "A short board game please, I get up early.", "peter"),
    Material("#games", "", "My board game shelf is open to all.", "ann", True),
)

POST = Material(
    "公园里的雨后",
    "",
    "雨后的公园很安静。孩子们在水洼边玩耍。老人坐在长椅上看书。",
)
