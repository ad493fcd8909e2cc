"""What hopeless models answer: every kind must come to an end with each of them."""

from collections.abc import Callable, Mapping

from bot.generation.requests import TextParams

__all__ = ["HOPELESS", "Answer"]

Answer = Callable[[str, TextParams], str]

HOPELESS: Mapping[str, Answer] = {
    "nothing": lambda prompt, params: "",
    "the same sentence for ever": lambda prompt, params: (
        "Watering tomatoes in summer is a good thing to do. " * 500
    ),
    "another language": lambda prompt, params: (
        "Las plantas del huerto necesitan agua por la mañana en el verano. " * 3
    ),
    "a refusal": lambda prompt, params: (
        "I'm sorry, but as an AI language model I cannot help with tomatoes."
    ),
    "the prompt": lambda prompt, params: prompt,
    "chat markers": lambda prompt, params: "<|im_start|>assistant <|im_end|>" * 20,
    "half a list": lambda prompt, params: "1. Water\n2. Tomatoes\n3. Summ",
    "one endless word": lambda prompt, params: "tomato" * 50_000,
    "dots": lambda prompt, params: "Tomatoes" + "." * 50_000 + "x",
    "50,000 words": lambda prompt, params: "tomato water summer " * 17_000,
}
