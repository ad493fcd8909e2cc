"""The denoiser: a small UNet over latents, trained by flow matching.

On the way from noise to a picture a point is x_t = (1 - t) x + t n, and the network
says n - x. One caption in ten is left out, for guidance without a classifier.
"""

import copy
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor, nn
from typing_extensions import override

from bot.training.sticker.checkpoint import chance_of_step
from bot.training.sticker.placing import placed
from bot.training.sticker.trainer import Trainer

__all__ = ["Captioned", "DenoiserSettings", "DenoiserTrainer", "make_denoiser"]

CLIP = 1.0
WARM_UP = 100
COOL_DOWN = 0.25  # of all steps, at the end
BARE_NAME = 0.25  # of the captions drawn are the bare name


@dataclass(frozen=True, slots=True)
class DenoiserSettings:
    """How to train the denoiser.

    Attributes:
        widths: channels at 8 and at 4 latent pixels.
        unsaid: the share of captions that are left out.
        ema: how much of the mean of all weights stays at each step.
    """

    widths: tuple[int, int] = (96, 192)
    steps: int = 20_000
    batch: int = 64
    rate: float = 1e-3
    weight_decay: float = 0.01
    unsaid: float = 0.1
    ema: float = 0.999
    seed: int = 1
    save_every: int = 100


@dataclass(frozen=True, slots=True)
class Captioned:
    """What there is to learn, as numbers.

    Attributes:
        means: (N, 8, 8, 8) float32, standardised; `deviations` the same shape.
        texts: (N, K, T, D) bfloat16: K captions each, the bare name first.
        nothing: (T, D) bfloat16: the empty prompt.
    """

    means: Tensor
    deviations: Tensor
    texts: Tensor
    nothing: Tensor


def make_denoiser(
    widths: tuple[int, int], *, latent_channels: int, text_width: int
) -> UNet2DConditionModel:
    """Return an untrained one.

    The text steers every block through the embedding of the time, to which a pooled
    embedding of the text is added, and the middle block by attention to its tokens.
    """
    model: UNet2DConditionModel = UNet2DConditionModel(
        sample_size=8,
        in_channels=latent_channels,
        out_channels=latent_channels,
        down_block_types=("DownBlock2D", "DownBlock2D"),
        mid_block_type="UNetMidBlock2DCrossAttn",
        up_block_types=("UpBlock2D", "UpBlock2D"),
        block_out_channels=widths,
        layers_per_block=1,
        cross_attention_dim=text_width,
        attention_head_dim=max(1, widths[1] // 64),  # diffusers: the number of heads
        use_linear_projection=True,
        addition_embed_type="text",
        addition_embed_type_num_heads=8,
        resnet_time_scale_shift="scale_shift",
    )
    return model


class DenoiserTrainer(Trainer):
    """Trains a denoiser.

    Attributes:
        ema: the mean of the weights over the last steps: what is sampled with.
    """

    def __init__(
        self,
        learned: Captioned,
        settings: DenoiserSettings,
        *,
        checkpoint: Path,
        device: str = "cpu",
    ) -> None:
        torch.manual_seed(settings.seed)
        model = make_denoiser(
            settings.widths,
            latent_channels=learned.means.shape[1],
            text_width=learned.nothing.shape[-1],
        )
        self.model = placed(model, device)
        self.ema = copy.deepcopy(self.model).eval().requires_grad_(False)
        self._learned, self._settings, self._device = learned, settings, device
        self._optimizer = torch.optim.AdamW(
            self.model.parameters(),
            lr=settings.rate,
            betas=(0.9, 0.99),
            weight_decay=settings.weight_decay,
            fused=True,
        )
        same = {**asdict(settings), "steps": 0, "save_every": 0}
        super().__init__(
            checkpoint,
            modules={"model": self.model, "ema": self.ema},
            optimizers={"model": self._optimizer},
            run_id=f"denoiser {tuple(learned.texts.shape)} {same}",
            steps=settings.steps,
            save_every=settings.save_every,
        )

    @override
    def _learn(self) -> float:
        settings = self._settings
        chance = chance_of_step(settings.seed, self.step)
        clean, text = self._batch(chance)
        noise = torch.randn(clean.shape, generator=chance).to(self._device)
        # Times in the middle are the hard ones: logit-normal, in (0, 1).
        time = torch.randn(len(clean), generator=chance).sigmoid().to(self._device)
        mixed = torch.lerp(clean, noise, time[:, None, None, None])
        self._optimizer.param_groups[0]["lr"] = settings.rate * self._rate_factor()
        with torch.autocast(self._device, dtype=torch.bfloat16):
            said = self.model(
                mixed.contiguous(memory_format=torch.channels_last), time * 1000, text
            ).sample
        loss = (said.float() - (noise - clean)).square().mean()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        keep = min(settings.ema, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(
                list(self.ema.parameters()), list(self.model.parameters()), 1 - keep
            )
        return float(loss.detach())

    def _rate_factor(self) -> float:
        """Return a rise, a level that any run shares, and a fall at the end."""
        left = (self._settings.steps - self.step) / (self._settings.steps * COOL_DOWN)
        return min((self.step + 1) / WARM_UP, 1.0, max(left, 0.01))

    def _batch(self, chance: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return latents (B, 8, 8, 8) float32 and texts (B, T, D) bfloat16."""
        learned, size = self._learned, self._settings.batch
        num, num_captions = learned.texts.shape[:2]
        chosen = torch.randint(num, (size,), generator=chance)
        caption = torch.randint(num_captions, (size,), generator=chance)
        caption[torch.rand(size, generator=chance) < BARE_NAME] = 0
        unsaid = torch.rand(size, generator=chance) < self._settings.unsaid
        text = learned.texts[chosen, caption]
        text = torch.where(unsaid[:, None, None], learned.nothing, text)
        means = learned.means[chosen]
        noise = torch.randn(means.shape, generator=chance)
        clean = means + noise * learned.deviations[chosen]
        return clean.to(self._device), text.to(self._device).float()
