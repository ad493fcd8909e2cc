"""The folder that any program loads as a pipeline: `model_index.json`, safetensors.

A UNet, an autoencoder and a BERT fit diffusers' StableDiffusionPipeline as they are, so
no code of ours is needed to draw. Pictures come out as RGBA with straight alpha.
"""

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import (
    StableDiffusionPipeline,
)
from diffusers.schedulers.scheduling_dpmsolver_multistep import (
    DPMSolverMultistepScheduler,
)
from torch import Tensor

from bot.known_things import NAMES_FILE
from bot.training.sticker.pictures import Concept
from bot.training.sticker.text import TextEncoder

__all__ = ["export", "make_pipeline", "standardised", "write_names"]


def standardised(autoencoder: AutoencoderKL, means: Tensor) -> AutoencoderKL:
    """Return a copy whose latents have mean 0 and deviation 1 in each channel.

    What the two 1 x 1 convolutions around the latents do is changed to the same end, as
    a pipeline knows but one factor for all channels. `means` is (N, C, H, W): what the
    autoencoder gives for the pictures as it is.
    """
    centre = means.mean((0, 2, 3))  # (C,)
    spread = means.std((0, 2, 3))
    copied = copy.deepcopy(autoencoder)
    into: Any = copied.quant_conv
    out_of: Any = copied.post_quant_conv
    num = len(centre)
    with torch.no_grad():
        into.bias[:num] = (into.bias[:num] - centre) / spread
        into.weight[:num] /= spread[:, None, None, None]
        into.bias[num:] -= 2 * spread.log()  # log variances
        out_of.bias += out_of.weight[:, :, 0, 0] @ centre
        out_of.weight *= spread[None, :, None, None]
    copied.register_to_config(scaling_factor=1.0)  # type: ignore[no-untyped-call]
    return copied


def make_pipeline(
    autoencoder: AutoencoderKL, denoiser: UNet2DConditionModel, text: TextEncoder
) -> StableDiffusionPipeline:
    """Return the pipeline in memory, in full precision."""
    scheduler = DPMSolverMultistepScheduler(
        num_train_timesteps=1000,
        prediction_type="flow_prediction",
        use_flow_sigmas=True,
        flow_shift=1.0,
        steps_offset=1,  # unused with flow sigmas; another value is warned of
    )
    # Parts of other kinds than the class names: it uses them in the same way.
    parts: dict[str, Any] = {
        "vae": autoencoder,
        "text_encoder": text.model,
        "tokenizer": text.tokenizer,
        "unet": denoiser,
        "scheduler": scheduler,
        "safety_checker": None,
        "feature_extractor": None,
    }
    pipeline = StableDiffusionPipeline(**parts, requires_safety_checker=False)
    pipeline.set_progress_bar_config(disable=True)  # type: ignore[no-untyped-call]
    return pipeline


def export(pipeline: StableDiffusionPipeline, out: Path) -> None:
    """Write the folder in half precision (bfloat16)."""
    halved = copy.deepcopy(pipeline).to(torch.bfloat16)
    halved.save_pretrained(out, safe_serialization=True)
    for path in sorted(out.glob("*/*.json")):  # no names of this machine's folders
        facts = json.loads(path.read_text(encoding="utf-8"))
        facts.pop("_name_or_path", None)
        if "dtype" in facts:  # as what it is loaded where nobody asks for less
            facts["dtype"] = "float32"
        text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")


def write_names(concepts: Sequence[Concept], out: Path) -> None:
    """Write what the model knows, for bot.known_things."""
    names = {concept.name: list(concept.tags) for concept in concepts}
    text = json.dumps(names, ensure_ascii=False, indent=0) + "\n"
    (out / NAMES_FILE).write_text(text, encoding="utf-8")
