"""A whole bot on the fake platform and the fake model, for tests of the core."""

import asyncio
import importlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from adapters.fake.adapter import FakeAdapter
from bot.app import App, open_app
from bot.app_adapters import BuildAdapter
from bot.config import Config
from bot.generation.requests import ModelSpec
from bot.safety.classifier import TextClassifier
from bot.safety.fake import FakeClassifier
from bot.setup import Setup
from bot.terminal.output import Terminal
from bot.words import Words

BuildPipeline = Callable[[str], Path]
ROOT = Path(__file__).parents[2]
FAKE_MODEL = """
[bot]
cache_folder = "cache"
first_contact = false
[models.chat]
model = "fake"
backend = "fake"
[models.image]
model = ""
[safety]
shadow = true
[adapters.web]
port = 0
"""
"""The guard only looks on: the fake's words mean nothing, so it may see anything.
Nothing draws, whatever is installed where the tests run."""
COMMAND_S = 60

OpenBot = Callable[..., AbstractAsyncContextManager["Bot"]]


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs, and the platform that it runs on."""

    app: App
    platform: FakeAdapter

    async def ask(self, text: str, *, who: str = "Ada", where: str = "general") -> str:
        """Say something to the bot and return its whole answer."""
        message = self.platform.say(who, text, channel=where)
        return (await self.platform.answered(message)).text


@dataclass(frozen=True, slots=True)
class Ended:
    """A terminal command that has come to its end."""

    code: int
    out: str
    err: str

    @property
    def is_kind(self) -> bool:
        """Whether no person was shown how the program looks inside."""
        return "Traceback" not in self.err and "error_id" not in self.err


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a config.toml in which `hearthbot` is started."""

    folder: Path
    environ: dict[str, str]

    @property
    def command(self) -> tuple[str, ...]:
        """What starts `hearthbot`."""
        return (sys.executable, "-m", "bot")

    def write_config(self, text: str) -> None:
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    def run(
        self,
        *arguments: str | bytes,
        before: str = "",
        stdout: int = subprocess.PIPE,
        **environ: str,
    ) -> Ended:
        """Run a command to its end; `before` is a line of the shell, such as a limit.

        Keywords are variables of its environment.
        """
        command: tuple[str | bytes, ...] = (*self.command, *arguments)
        if before:
            command = ("sh", "-c", f'{before}; exec "$@"', "sh", *command)
        ended = subprocess.run(  # noqa: S603 - our own interpreter and code
            command,
            cwd=self.folder,
            env={**self.environ, **environ},
            stdout=stdout,
            stderr=subprocess.PIPE,
            timeout=COMMAND_S,
            check=False,
        )
        out = (ended.stdout or b"").decode()
        return Ended(ended.returncode, out, ended.stderr.decode())

    async def run_beside(self, *arguments: str | bytes) -> Ended:
        """Run a command while the test's own loop goes on."""
        return await asyncio.to_thread(self.run, *arguments)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder of its own, whose settings name the fake model."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HEARTHBOT_", "LC_")) and name != "LANGUAGE"
    }
    environ = {**inherited, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    found = Home(tmp_path, environ)
    found.write_config(FAKE_MODEL)
    return found


@pytest.fixture
def words() -> Words:
    return Words.load()


@pytest.fixture
def make_setup(tmp_path: Path, words: Words) -> Callable[..., Setup]:
    def make(**tables: Any) -> Setup:
        tables.setdefault("models", {"chat": {"model": "fake", "backend": "fake"}})
        tables["models"] = {"image": {"model": ""}, **tables["models"]}
        # What people are told once has its own tests; elsewhere it would be in the way.
        tables["bot"] = {"first_contact": False, **tables.get("bot", {})}
        quiet = Terminal(words, "en", err=Console(quiet=True))
        config = Config.model_validate(tables)
        return Setup(config, tmp_path / "config.toml", {}, words, quiet)

    return make


@pytest.fixture
def open_bot(make_setup: Callable[..., Setup]) -> OpenBot:
    """Return a function that opens a bot; its keywords are tables of the settings.

    `options` are those of the fake model, such as `reply`. Without a guard everything
    is harmless. `adapters` stand in for the fake platform.
    """

    @asynccontextmanager
    async def opened(
        options: dict[str, str | int | float | bool] | None = None,
        guard: TextClassifier | None = None,
        adapters: Mapping[str, BuildAdapter] | None = None,
        **tables: Any,
    ) -> AsyncIterator[Bot]:
        setup = make_setup(**tables)
        spec = ModelSpec("fake", "fake", "", options=tuple((options or {}).items()))
        async with open_app(
            setup,
            ["fake"],
            models={"fake": spec},
            adapters=adapters,
            guard=guard or FakeClassifier({}),
        ) as app:
            platform = app.adapters["fake"]
            assert isinstance(platform, FakeAdapter)
            yield Bot(app, platform)

    return opened


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of random weights, one token for each byte."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate(letters)}
    vocabulary |= {"<|end|>": 256, "<|turn|>": 257}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    make_fast: Any = PreTrainedTokenizerFast
    fast = make_fast(tokenizer_object=tokenizer, eos_token="<|end|>")
    fast.add_special_tokens({"additional_special_tokens": ["<|turn|>"]})
    fast.chat_template = (
        "{% for m in messages %}<|turn|>{{ m.role }}: {{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}<|turn|>assistant: {% endif %}"
    )
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        bos_token_id=None,
        eos_token_id=256,
    )
    model = LlamaForCausalLM(config)
    # Random weights are nearly indifferent: make the choice clear, and no early end.
    with torch.no_grad():
        model.lm_head.weight *= 40
        model.lm_head.weight[256] = 0
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def build_pipeline(tmp_path_factory: pytest.TempPathFactory) -> BuildPipeline:
    """Return a function that builds a tiny pipeline of a family, once, in a folder.

    Families: sd, sd-rgba (64 px, with alpha), sdxl, sd3, flux, auraflow. The weights
    are random.
    """
    import torch

    torch.set_num_threads(1)  # so small that others would only wait for one another
    folder = tmp_path_factory.mktemp("pipelines")

    def build(family: str) -> Path:
        path = folder / family
        if not path.exists():
            torch.manual_seed(0)
            pipeline_of(family).save_pretrained(path)
        return path

    return build


def pipeline_of(family: str) -> Any:
    """Return a pipeline with parts as small as they can be."""
    diffusers: Any = importlib.import_module("diffusers")

    if family == "sdxl":
        return diffusers.StableDiffusionXLPipeline(
            vae=_vae(),
            text_encoder=_clip(),
            text_encoder_2=_clip(projected=True),
            tokenizer=_tokenizer(77),
            tokenizer_2=_tokenizer(77),
            unet=_unet(sdxl=True),
            scheduler=diffusers.EulerDiscreteScheduler(),
        )
    if family == "flux":
        return diffusers.FluxPipeline(
            scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
            vae=_vae(latent_channels=1, quant=False),
            text_encoder=_clip(),
            tokenizer=_tokenizer(77),
            text_encoder_2=_t5(),
            tokenizer_2=_tokenizer(512),
            transformer=diffusers.FluxTransformer2DModel(
                patch_size=1,
                in_channels=4,
                num_layers=1,
                num_single_layers=1,
                attention_head_dim=16,
                num_attention_heads=2,
                joint_attention_dim=32,
                pooled_projection_dim=32,
                axes_dims_rope=(4, 4, 8),
            ),
        )
    if family == "sd3":
        return diffusers.StableDiffusion3Pipeline(
            scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
            vae=_vae(quant=False),
            text_encoder=_clip(projected=True),
            tokenizer=_tokenizer(77),
            text_encoder_2=_clip(projected=True),
            tokenizer_2=_tokenizer(77),
            text_encoder_3=_t5(),
            tokenizer_3=_tokenizer(256),
            transformer=diffusers.SD3Transformer2DModel(
                sample_size=32,
                patch_size=1,
                in_channels=4,
                num_layers=1,
                attention_head_dim=8,
                num_attention_heads=4,
                joint_attention_dim=32,
                caption_projection_dim=32,
                pooled_projection_dim=64,
                out_channels=4,
            ),
        )
    if family == "auraflow":
        return diffusers.AuraFlowPipeline(
            scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
            vae=_vae(),
            text_encoder=_t5(umt5=True),
            tokenizer=_tokenizer(256),
            transformer=diffusers.AuraFlowTransformer2DModel(
                sample_size=32,
                patch_size=2,
                in_channels=4,
                num_mmdit_layers=1,
                num_single_dit_layers=1,
                attention_head_dim=8,
                num_attention_heads=4,
                caption_projection_dim=32,
                joint_attention_dim=32,
                out_channels=4,
                pos_embed_max_size=4096,
            ),
        )
    return diffusers.StableDiffusionPipeline(
        vae=_vae(channels=4 if family == "sd-rgba" else 3),
        text_encoder=_clip(),
        tokenizer=_tokenizer(77),
        unet=_unet(),
        scheduler=diffusers.DDIMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            clip_sample=False,
            set_alpha_to_one=False,
            steps_offset=1,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _vae(*, channels: int = 3, latent_channels: int = 4, quant: bool = True) -> Any:
    diffusers: Any = importlib.import_module("diffusers")

    return diffusers.AutoencoderKL(
        block_out_channels=(8, 8),
        in_channels=channels,
        out_channels=channels,
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=latent_channels,
        norm_num_groups=4,
        sample_size=64,
        use_quant_conv=quant,
        use_post_quant_conv=quant,
        shift_factor=None if quant else 0.0,
    )


def _unet(*, sdxl: bool = False) -> Any:
    diffusers: Any = importlib.import_module("diffusers")

    more: dict[str, Any] = {}
    if sdxl:
        more = {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 8,
            "projection_class_embeddings_input_dim": 80,  # 6 x 8 + 32
        }
    return diffusers.UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        sample_size=32,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=2,
        cross_attention_dim=64 if sdxl else 32,
        norm_num_groups=4,
        **more,
    )


def _clip(*, projected: bool = False) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        vocab_size=260,
        hidden_size=32,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=2,
        projection_dim=32,
        bos_token_id=257,
        eos_token_id=256,
        pad_token_id=258,
    )
    model: Any = CLIPTextModelWithProjection if projected else CLIPTextModel
    return model(config).eval()


def _t5(*, umt5: bool = False) -> Any:
    from transformers import T5Config, T5EncoderModel, UMT5Config, UMT5EncoderModel

    shape = {"vocab_size": 260, "d_model": 32, "d_kv": 8, "d_ff": 37}
    more = {"num_layers": 1, "num_heads": 4, "pad_token_id": 258, "eos_token_id": 256}
    config: Any = UMT5Config if umt5 else T5Config
    model: Any = UMT5EncoderModel if umt5 else T5EncoderModel
    return model(config(**shape, **more)).eval()


def _tokenizer(length: int) -> Any:
    """Return a tokenizer with one token for each byte."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate(letters)}
    vocabulary |= {"<|end|>": 256, "<|begin|>": 257, "<|pad|>": 258}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    make_fast: Any = PreTrainedTokenizerFast
    return make_fast(
        tokenizer_object=tokenizer,
        eos_token="<|end|>",
        bos_token="<|begin|>",
        pad_token="<|pad|>",
        model_max_length=length,
    )
