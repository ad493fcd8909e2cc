"""The text of a PDF that nobody may be trusted to have made well."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.files.refused import FileRefusedError

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["pdf_text"]


def pdf_text(content: bytes, *, max_pages: int, max_characters: int) -> str:
    """Return the text of all pages. Blocks; run it in a confined process.

    Raises:
        FileRefusedError: it is too much, locked, damaged, or has no text.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    texts: list[str] = []
    left = max_characters
    try:
        reader = PdfReader(io.BytesIO(content))
        for text in _pages(reader, max_pages):
            left -= len(text) + 1
            if left < 0:
                raise FileRefusedError("long", limit=max_characters)
            texts.append(text)
    except (FileNotDecryptedError, DependencyError) as error:
        raise FileRefusedError("encrypted") from error
    except (LimitReachedError, MemoryError, RecursionError) as error:
        raise FileRefusedError("bomb") from error
    except FileRefusedError:
        raise
    except Exception as error:  # pypdf throws whatever it likes at damaged files
        raise FileRefusedError("broken") from error
    whole = "\n".join(texts).strip()
    if not whole:
        raise FileRefusedError("wordless")
    return whole


def _pages(reader: "PdfReader", max_pages: int) -> Iterator[str]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileRefusedError("encrypted")
    if len(reader.pages) > max_pages:
        raise FileRefusedError("pages", limit=max_pages)
    for page in reader.pages:
        yield page.extract_text().replace("\0", "").strip()
