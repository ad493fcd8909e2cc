"""Takes the power from words that steer a chat template.

A tokenizer reads `<|im_end|>` or `[INST]` as the end of a turn even where a person or
a web page wrote it, and whoever writes that could speak as the system. With a space
behind the bracket the same characters are plain text to every tokenizer.
"""

import re

__all__ = ["disarm"]

_NAMES = (
    "s|bos|eos|pad|unk|mask|cls|sep"
    "|(?:start|end)_of_(?:turn|image|text|utterance)|(?:begin|end)_of_(?:text|turn)"
    "|endoftext|fim_(?:prefix|middle|suffix)|extra_id_\\d+|unused\\d+"
    "|system|user|assistant|human|bot|tools?|tool_(?:call|response)s?|think"
)
_BRACKETED = (
    "INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|IMG"
    "|gMASK|sMASK|CLS|SEP|MASK|PAD|UNK|THINK|ARGS|CALL_ID|PREFIX|MIDDLE|SUFFIX"
)
_OPENING = re.compile(
    # "<|…" in both widths, "<s>", "</s>", "<<SYS>>", "[INST]", "[/INST]"
    rf"<(?=[|｜])|<(?=/?(?:{_NAMES})>)|<<(?=/?SYS>>)|\[(?=/?(?:{_BRACKETED})\])",
    re.IGNORECASE,
)


def disarm(text: str) -> str:
    """Return the text with a space behind each bracket that opens a control word."""
    return _OPENING.sub(lambda found: found[0] + " ", text)
