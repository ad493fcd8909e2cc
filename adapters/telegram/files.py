"""Answers that are easier to read as a file."""

from adapters.splitter import split
from adapters.telegram.entities import utf16_units
from adapters.telegram.grammar import parse
from adapters.telegram.limits import LIMITS
from bot.messages import Attachment

__all__ = ["MAX_PIECES", "as_file", "is_better_as_file"]

MAX_PIECES = 5
"""So many messages in a row are still read as one answer."""

ENDINGS = {
    "bash": "sh", "c": "c", "c#": "cs", "c++": "cpp", "cpp": "cpp", "cs": "cs",
    "csharp": "cs", "css": "css", "csv": "csv", "dart": "dart", "diff": "diff",
    "go": "go", "golang": "go", "html": "html", "ini": "ini", "java": "java",
    "javascript": "js", "js": "js", "json": "json", "jsx": "jsx", "kotlin": "kt",
    "latex": "tex", "lua": "lua", "markdown": "md", "md": "md", "perl": "pl",
    "php": "php", "powershell": "ps1", "py": "py", "python": "py", "r": "r",
    "rb": "rb", "rs": "rs", "ruby": "rb", "rust": "rs", "scala": "scala", "sh": "sh",
    "shell": "sh", "sql": "sql", "svg": "svg", "swift": "swift", "tex": "tex",
    "toml": "toml", "ts": "ts", "tsx": "tsx", "typescript": "ts", "xml": "xml",
    "yaml": "yaml", "yml": "yaml",
}  # fmt: skip


def is_better_as_file(text: str) -> bool:
    """Whether a text takes more than `MAX_PIECES`, or has code longer than a message.

    Code that is cut in two is a nuisance to copy.
    """
    if utf16_units(text) <= LIMITS.text_units:
        return False
    if any(utf16_units(code) > LIMITS.text_units for _, code in _code_blocks(text)):
        return True
    return len(split(text, LIMITS)) > MAX_PIECES


def as_file(text: str, name: str = "answer") -> Attachment:
    """Return a text as a file: Markdown, or the code where there is nothing else."""
    ending, media_type, content = "md", "text/markdown", text
    tokens = parse(text)
    if len(tokens) == 1 and tokens[0].type == "fence":
        language, content = _code_blocks(text)[0]
        ending, media_type = ENDINGS.get(language.lower(), "txt"), "text/plain"
    encoded = content.encode("utf-8", "replace")
    return Attachment(f"{name}.{ending}", media_type, encoded)


def _code_blocks(text: str) -> list[tuple[str, str]]:
    """Return the language and the code of each block."""
    return [
        (token.info.strip().partition(" ")[0], token.content)
        for token in parse(text)
        if token.type == "fence"
    ]
