"""What is asked of a pipeline, made into what it can do."""

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.errors import BackendError
from bot.generation.diffusers_defaults import Habits, habits_of
from bot.generation.diffusers_plan import Abilities, plan_picture
from bot.generation.requests import ImageParams, ImagePayload

ABLE = Abilities(
    Habits(25, 7.5),
    multiple_px=16,
    width_px=512,
    height_px=512,
    has_alpha=False,
    can_start=True,
)


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height)).save(file, "PNG")
    return file.getvalue()


@given(
    width=st.integers(0, 10**6),
    height=st.integers(0, 10**6),
    multiple_px=st.sampled_from([8, 16, 24, 64]),
    seed=st.none() | st.integers(-(2**70), 2**70),
    prompt=st.text(),
)
def test_whatever_is_asked_becomes_what_the_model_can_do(
    width: int, height: int, multiple_px: int, seed: int | None, prompt: str
) -> None:
    able = replace(ABLE, multiple_px=multiple_px)
    params = ImageParams(width, height, seed=seed)

    plan = plan_picture(ImagePayload(prompt), params, able)

    for side in (plan.shape.width_px, plan.shape.height_px):
        assert side % multiple_px == 0
        assert 64 <= side <= 2048
    assert 0 <= plan.seed < 2**63
    plan.prompt.encode()


def test_what_is_left_open_is_as_the_model_likes() -> None:
    shape = plan_picture(ImagePayload("a fox"), ImageParams(), ABLE).shape
    assert (shape.width_px, shape.height_px) == (512, 512)
    assert (shape.num_steps, shape.guidance, shape.strength) == (25, 7.5, None)
    none = plan_picture(ImagePayload("a fox"), ImageParams(guidance=0.0), ABLE)
    assert none.shape.guidance == 0


def test_start_decides_the_size_and_is_gone_over_at_least_once() -> None:
    payload = ImagePayload("a fox", start=png(200, 100, "RGBA"))

    plan = plan_picture(payload, ImageParams(steps=2, strength=0.1), ABLE)

    assert plan.start is not None
    assert (plan.start.size, plan.start.mode) == ((192, 96), "RGB")
    assert plan.start.getpixel((0, 0)) == (255, 255, 255)  # nothing is white
    assert plan.shape.num_steps == 10


@pytest.mark.parametrize(
    "start", [b"", b"GIF89a", png(8, 8)[:40], png(4097, 4097, "1")]
)
def test_start_that_is_no_picture_or_too_large_is_refused(start: bytes) -> None:
    with pytest.raises(BackendError, match="picture to begin from"):
        plan_picture(ImagePayload("a fox", start=start), ImageParams(), ABLE)


def guided(  # the call of a class that takes all
    prompt: str,
    negative_prompt: str = "",
    num_inference_steps: int = 12,
    guidance_scale: float = 2.5,
    **more: Any,
) -> None: ...


def distilled(
    prompt: str,
    negative_prompt: str = "",
    guidance_scale: float = 1.0,
    true_cfg_scale: float = 1.0,
) -> None: ...


def bare(prompt: str) -> None: ...


@pytest.mark.parametrize(
    ("class_name", "call", "name", "habits"),
    [
        ("StableDiffusionPipeline", guided, "v1-5", Habits(25, 7.5)),
        ("StableDiffusionPipeline", guided, "SD-Turbo", Habits(2, 0.0)),
        ("StableDiffusionXLPipeline", guided, "SDXL-Lightning", Habits(4, 0.0)),
        ("NobodysPipeline", guided, "own", Habits(12, 2.5)),
        ("FluxPipeline", distilled, "FLUX.1-schnell", Habits(4, 0.0, can_negate=False)),
        ("FluxPipeline", distilled, "FLUX.1-dev", Habits(28, 3.5, can_negate=False)),
        (
            "QwenImagePipeline",
            distilled,
            "Qwen-Image",
            Habits(30, 4.0, guidance_name="true_cfg_scale"),
        ),
        (
            "BarePipeline",
            bare,
            "own",
            Habits(25, 5.0, can_negate=False, guidance_name=""),
        ),
    ],
)
def test_models_are_asked_as_they_like(
    class_name: str, call: Any, name: str, habits: Habits
) -> None:
    assert habits_of(class_name, call, name) == habits
