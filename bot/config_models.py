"""The settings of the models: which does what, and what runs it."""

from typing import Literal

from pydantic import Field

from bot.config_types import Table, VariableName

__all__ = [
    "ChatModelConfig",
    "GuardModelConfig",
    "ImageModelConfig",
    "MeaningModelConfig",
    "ModelsConfig",
    "SpeechModelConfig",
    "TranscriptModelConfig",
]


class ChatModelConfig(Table):
    """The model that talks and writes."""

    model: str = Field(
        "starter",
        description="A name from `hearthbot models list`, a hub id, a folder or a "
        ".gguf file.",
    )
    allowed: tuple[str, ...] = Field(
        (),
        description="Other models that moderators may switch to with /model, named as "
        "`model` is.",
    )
    backend: Literal["auto", "transformers", "llama.cpp", "openai", "fake"] = Field(
        "auto",
        description="What runs it. auto: transformers where there is CUDA, llama.cpp "
        "where there is not and the model is a GGUF.",
    )
    context_tokens: int = Field(
        2048, ge=256, description="The longest prompt and answer together, in tokens."
    )
    max_tokens: int = Field(
        400, ge=1, description="The longest answer in a chat, in tokens."
    )
    temperature: float = Field(
        0.5, ge=0, le=2, description="0 always takes the likeliest token, 1 is lively."
    )
    top_p: float = Field(
        0.9, gt=0, le=1, description="The share of likely tokens to choose from."
    )
    repetition_penalty: float = Field(
        1.1,
        ge=1,
        le=2,
        description="Keeps small models from repeating themselves; 1 is off. Only "
        "llama.cpp knows it.",
    )
    base_url: str = Field(
        "",
        description="Address of an OpenAI-compatible server, such as "
        "http://127.0.0.1:8000/v1. Given one, auto takes openai.",
    )
    api_key_env: VariableName = Field(
        "",
        description="Environment variable with the key of that server; empty: none.",
    )


class GuardModelConfig(Table):
    """The model that judges what texts mean."""

    model: str = Field(
        "starter",
        description="starter is the small guard that comes with the bot. A hub id, a "
        "folder or a .gguf file names a bigger one (Llama Guard 3, ShieldGemma or "
        "Qwen3Guard); then both judge.",
    )
    backend: Literal["auto", "transformers", "llama.cpp", "openai", "fake"] = Field(
        "auto", description="What runs a bigger guard, as in [models.chat]."
    )
    style: Literal["auto", "llama-guard-3", "shieldgemma", "qwen3guard"] = Field(
        "auto", description="How a bigger guard is asked; auto: as its name says."
    )
    deadline_s: float = Field(
        4,
        gt=0,
        description="A bigger guard that has not answered by then has not judged: what "
        "goes out is blocked, what comes in is flagged.",
    )
    base_url: str = Field(
        "", description="Address of a server that has the guard, as in [models.chat]."
    )
    api_key_env: VariableName = Field(
        "",
        description="Environment variable with the key of that server; empty: none.",
    )


class TranscriptModelConfig(Table):
    """The model that listens to voice messages."""

    model: str = Field(
        "",
        description="starter is a small one for English. Else a hub id or a folder of "
        "a Whisper model for CTranslate2. Empty: the bot does not listen.",
    )
    backend: Literal["auto", "whisper", "fake"] = Field(
        "auto", description="What runs it; auto: whisper."
    )
    language: str = Field(
        "",
        description="The language that people speak, as a tag such as en; empty: it is "
        "guessed.",
    )
    max_seconds: float = Field(
        300, gt=0, le=3600, description="The longest recording that is listened to."
    )
    deadline_s: float = Field(
        180, gt=0, description="A recording not written down by then is given up."
    )


class SpeechModelConfig(Table):
    """The model that speaks."""

    model: str = Field(
        "",
        description="starter is an English voice. Else the .onnx file of a Piper "
        "voice, or its folder. Empty: the bot does not speak.",
    )
    backend: Literal["auto", "piper", "fake"] = Field(
        "auto", description="What runs it; auto: piper."
    )
    max_characters: int = Field(
        600, ge=1, le=3000, description="The longest text that is spoken."
    )
    deadline_s: float = Field(
        60, gt=0, description="What is not spoken by then is given up."
    )


class ImageModelConfig(Table):
    """The model that draws. Where it is 0 or empty, a setting is the model's own."""

    model: str = Field(
        "auto",
        description="starter is a small one that draws stickers. Else a folder or hub "
        "id of a text-to-image model for diffusers. auto: starter where it and what "
        "runs it are installed. Empty: the bot draws nothing, and posts have covers.",
    )
    backend: Literal["auto", "diffusers", "fake"] = Field(
        "auto", description="What runs it; auto: diffusers."
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="Where it runs; auto: on the GPU where there is one."
    )
    steps: int = Field(
        0, ge=0, le=200, description="How often it goes over a picture; 0: as it likes."
    )
    guidance: float = Field(
        -1,
        ge=-1,
        le=30,
        description="How closely it keeps to the words; -1: as it likes.",
    )
    width: int = Field(
        0, ge=0, le=2048, description="Of a picture, in pixels; 0: as it likes."
    )
    height: int = Field(
        0, ge=0, le=2048, description="Of a picture, in pixels; 0: as it likes."
    )
    negative: str = Field("", description="What pictures are never to show, in words.")
    max_count: int = Field(
        4, ge=1, le=10, description="The most pictures that one request may ask for."
    )
    deadline_s: float = Field(
        600, gt=0, description="A picture not drawn by then is given up."
    )


class MeaningModelConfig(Table):
    """The model that compares what texts mean."""

    model: Literal["starter", ""] = Field(
        "starter",
        description="starter is a small one for English, which keeps posts to their "
        "topic and from being told twice. Empty: words are compared, as in other "
        "languages.",
    )


class ModelsConfig(Table):
    """Which models do what."""

    chat: ChatModelConfig = ChatModelConfig()
    guard: GuardModelConfig = GuardModelConfig()
    meaning: MeaningModelConfig = MeaningModelConfig()
    transcript: TranscriptModelConfig = TranscriptModelConfig()
    speech: SpeechModelConfig = SpeechModelConfig()
    image: ImageModelConfig = ImageModelConfig()
