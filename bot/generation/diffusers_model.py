"""A pipeline of diffusers that is loaded: what it can do, and calling it."""

import gc
import inspect
import math
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import structlog
import torch
from PIL import Image

from bot.errors import BackendError, MissingError
from bot.generation.diffusers_defaults import habits_of
from bot.generation.diffusers_load import (
    be_quiet,
    device_of,
    dtype_of,
    load_pipeline,
    release_memory,
    too_large,
)
from bot.generation.diffusers_plan import Abilities, Plan
from bot.generation.requests import ModelSpec
from bot.words import T

__all__ = ["OnStep", "PictureModel"]

logger = structlog.get_logger(__name__)

OnStep = Callable[[int, int, Any], None]
"""Is told the step that is done, of how many, and the latents so far."""

SIDE_PX = 512
FREE_SHARE = 0.9
PREVIEW_LATENT = 16
"""The side of the latents that a preview is made from; larger ones are thinned out."""


class PictureModel:
    """A pipeline that is loaded, with what it can do."""

    def __init__(self, spec: ModelSpec) -> None:
        """Load it.

        Raises:
            MissingError: it is not here, not whole or not safe.
            OutOfMemoryError: it does not fit.
        """
        be_quiet()
        options = dict(spec.options)
        self._device = device_of(str(options.get("device", "auto")))
        self._is_offloaded = False
        self._is_sparing = False
        self._pipeline = load_pipeline(spec, dtype_of(self._device, options))
        self._from_picture: Any = None
        self._place(spec, is_whole=not options.get("offload"))
        self.abilities = _abilities(self._pipeline, spec)

    def draw(self, plans: Sequence[Plan], on_step: OnStep) -> list[Image.Image]:
        """Return a picture for each plan; all of them have the same shape.

        What `on_step` raises ends it.

        Raises:
            BackendError: the model's own checker refused a picture.
            torch.OutOfMemoryError: there is not enough memory.
        """

        def tell(
            pipeline: Any, step: int, timestep: Any, values: dict[str, Any]
        ) -> dict[str, Any]:
            num_steps = getattr(pipeline, "num_timesteps", plans[0].shape.num_steps)
            on_step(step + 1, num_steps, values.get("latents"))
            return values

        pipeline = self._pipeline
        if plans[0].shape.strength is not None:
            pipeline = self._starting()
        wanted = self._arguments(plans) | {"callback_on_step_end": tell}
        takes = inspect.signature(pipeline.__call__).parameters
        arguments = {name: value for name, value in wanted.items() if name in takes}
        with warnings.catch_warnings():
            # Of versions to come, of shapes of numpy: nothing that a person can change.
            warnings.simplefilter("ignore")
            try:
                made = pipeline(**arguments)
            finally:
                pipeline.maybe_free_model_hooks()
        if any(getattr(made, "nsfw_content_detected", None) or ()):
            raise BackendError(T("The model's own checker refused the picture."))
        return list(made.images)

    @torch.no_grad()
    def previews(self, latents: Any) -> list[Image.Image]:
        """Return small pictures of how it looks so far; none where it is not cheap."""
        vae: Any = getattr(self._pipeline, "vae", None)
        config = getattr(vae, "config", {})
        if (
            self._is_offloaded
            or getattr(latents, "ndim", 0) != 4
            or latents.shape[1] != config.get("latent_channels")
            or not config.get("scaling_factor")
            or (config.get("force_upcast") and vae.dtype == torch.float16)
        ):
            return []
        every = max(1, max(latents.shape[2:]) // PREVIEW_LATENT)
        small = latents[:, :, ::every, ::every].to(vae.dtype)
        small = small / config["scaling_factor"] + (config.get("shift_factor") or 0.0)
        decoded = vae.decode(small, return_dict=False)[0].float()
        made = self._pipeline.image_processor.postprocess(decoded, output_type="pil")
        return list(made)

    def spare(self) -> bool:
        """Take less memory and more time from now on; False: it does so already."""
        release_memory()
        if self._is_sparing:
            return False
        self._is_sparing = True
        vae = getattr(self._pipeline, "vae", None)
        for part, name in (
            (vae, "enable_slicing"),
            (vae, "enable_tiling"),
            (self._pipeline, "enable_attention_slicing"),
        ):
            try:
                getattr(part, name, lambda: None)()
            except (NotImplementedError, ValueError, AttributeError) as error:
                logger.debug("not spared", part=name, reason=str(error))
        return True

    def close(self) -> None:
        """Free its memory."""
        self._pipeline = self._from_picture = None
        gc.collect()  # pipelines and their parts know one another
        release_memory()

    def _arguments(self, plans: Sequence[Plan]) -> dict[str, Any]:
        shape, habits = plans[0].shape, self.abilities.habits
        arguments: dict[str, Any] = {
            "prompt": [plan.prompt for plan in plans],
            "width": shape.width_px,
            "height": shape.height_px,
            "num_inference_steps": shape.num_steps,
            # Noise is made on the CPU: the same seed gives the same on any device.
            "generator": [torch.Generator().manual_seed(plan.seed) for plan in plans],
            "output_type": "pil",
        }
        if habits.guidance_name:
            arguments[habits.guidance_name] = shape.guidance
        if habits.can_negate and shape.guidance > 1:
            arguments["negative_prompt"] = [plan.negative for plan in plans]
        if shape.strength is not None:
            arguments["image"] = [plan.start for plan in plans]
            arguments["strength"] = shape.strength
        return arguments

    def _starting(self) -> Any:
        """Return the pipeline that begins from pictures; it shares all parts."""
        from diffusers import AutoPipelineForImage2Image

        if self._from_picture is None:
            pipeline = AutoPipelineForImage2Image.from_pipe(self._pipeline)
            pipeline.set_progress_bar_config(disable=True)
            self._from_picture = pipeline
        return self._from_picture

    def _place(self, spec: ModelSpec, *, is_whole: bool) -> None:
        """Bring it to its device, part by part where it does not fit whole."""
        if self._device == "cpu":
            return
        free_bytes, _ = torch.cuda.mem_get_info()
        try:
            if is_whole and spec.memory_bytes <= free_bytes * FREE_SHARE:
                self._pipeline.to(self._device)
                return
        except torch.OutOfMemoryError:
            self._pipeline.to("cpu")
        self.spare()
        try:
            self._pipeline.enable_model_cpu_offload()
        except torch.OutOfMemoryError as error:
            raise too_large(spec) from error
        self._is_offloaded = True


def _abilities(pipeline: Any, spec: ModelSpec) -> Abilities:
    class_name = type(pipeline).__name__
    takes = inspect.signature(pipeline.__call__).parameters
    if "prompt" not in takes:
        raise MissingError(
            T(
                "The model {name} draws nothing from words: it is a {kind}.",
                name=spec.name,
                kind=class_name,
            )
        )
    scale = int(getattr(pipeline, "vae_scale_factor", 8))
    network = getattr(pipeline, "unet", None) or getattr(pipeline, "transformer", None)
    config = getattr(network, "config", {})
    patch = config.get("patch_size")
    width, height = (
        _own_side(pipeline, takes, name, config, scale) for name in ("width", "height")
    )
    vae_config = getattr(getattr(pipeline, "vae", None), "config", {})
    return Abilities(
        habits_of(class_name, pipeline.__call__, _said(spec.location)),
        # Many classes insist on 8 px, whatever their parts could do.
        multiple_px=math.lcm(8, scale * max(2, patch if isinstance(patch, int) else 1)),
        width_px=width,
        height_px=height,
        has_alpha=vae_config.get("out_channels") == 4,
        can_start=_can_start(class_name),
    )


def _own_side(pipeline: Any, takes: Any, name: str, config: Any, scale: int) -> int:
    """Return a side as the class says it, else as its parts were made for."""
    own = getattr(pipeline, "default_sample_size", None)
    if isinstance(own, int):
        return own * scale
    if name in takes and isinstance(takes[name].default, int):
        return int(takes[name].default)
    sample = config.get("sample_size")
    return sample * scale if isinstance(sample, int) else SIDE_PX


def _said(location: str) -> str:
    """Return the words of a folder or hub id that may tell how it was made."""
    return Path(location).name


def _can_start(class_name: str) -> bool:
    from diffusers.pipelines.auto_pipeline import AUTO_IMAGE2IMAGE_PIPELINES_MAPPING

    wanted = class_name.removesuffix("Pipeline") + "Img2ImgPipeline"
    known = AUTO_IMAGE2IMAGE_PIPELINES_MAPPING.values()
    return any(cls.__name__ == wanted for cls in known)
