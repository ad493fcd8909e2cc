"""The autoencoder: 64 px RGBA to 8 x 8 latents and back.

It learns by reconstruction and a small KL term. In the last part of its steps only the
decoder learns on, also from a PatchGAN that judges whether patches are sharp: latents
stay what they are. Colours are judged premultiplied: what nobody sees costs nothing.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from bot.training.sticker.checkpoint import chance_of_step
from bot.training.sticker.placing import placed
from bot.training.sticker.trainer import Trainer

__all__ = ["AutoencoderSettings", "AutoencoderTrainer", "premultiplied", "psnr"]

LATENT_CHANNELS = 8
CLIP = 1.0
QUIET = -5.0  # log variance of the noise at first
HIDDEN_WEIGHT = 0.02  # of colours where a picture is transparent


@dataclass(frozen=True, slots=True)
class AutoencoderSettings:
    """How to train the autoencoder.

    Attributes:
        widths: channels at 64, 32, 16 and 8 px.
        adversarial_steps: at the end, in which the encoder is left as it is and the
            PatchGAN judges too.
    """

    widths: tuple[int, ...] = (16, 32, 64, 128)
    steps: int = 4000
    adversarial_steps: int = 300
    batch: int = 8
    rate: float = 2e-3
    kl_weight: float = 1e-7
    gradient_weight: float = 1.0
    adversarial_weight: float = 0.02
    seed: int = 1
    save_every: int = 100


def make_autoencoder(settings: AutoencoderSettings) -> AutoencoderKL:
    """Return an untrained one."""
    num = len(settings.widths)
    model: AutoencoderKL = AutoencoderKL(
        in_channels=4,
        out_channels=4,
        down_block_types=("DownEncoderBlock2D",) * num,
        up_block_types=("UpDecoderBlock2D",) * num,
        block_out_channels=settings.widths,
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=8,
        sample_size=64,
        force_upcast=False,
    )
    # Little noise on the latents at first: else colours come late.
    moments: Any = model.quant_conv
    nn.init.constant_(moments.bias[LATENT_CHANNELS:], QUIET)
    return model


def make_critic() -> nn.Sequential:
    """Return a PatchGAN: (B, 4, 64, 64) to one logit for each of 15 x 15 patches."""
    return nn.Sequential(
        nn.Conv2d(4, 32, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(32, 64, 4, stride=2, padding=1),
        nn.GroupNorm(8, 64),
        nn.LeakyReLU(0.2),
        nn.Conv2d(64, 1, 4, padding=1),
    )


def premultiplied(pictures: Tensor) -> Tensor:
    """Return colours times alpha, and alpha: (B, 4, H, W), from [-1, 1] to [0, 1]."""
    unit = (pictures + 1) / 2
    return torch.cat([unit[:, :3] * unit[:, 3:], unit[:, 3:]], 1)


def psnr(ours: Tensor, theirs: Tensor) -> float:
    """Return decibels between two batches in [-1, 1], judged premultiplied."""
    apart = premultiplied(ours.clamp(-1, 1)) - premultiplied(theirs)
    return float(-10 * torch.log10(apart.square().mean()))


class AutoencoderTrainer(Trainer):
    """Trains an autoencoder."""

    def __init__(
        self,
        pictures: Tensor,
        settings: AutoencoderSettings,
        *,
        checkpoint: Path,
        device: str = "cpu",
    ) -> None:
        """Take pictures as (N, 4, 64, 64) uint8."""
        torch.manual_seed(settings.seed)
        self.model = placed(make_autoencoder(settings), device)
        self._critic = placed(make_critic(), device)
        self._device = device
        self._pictures, self._settings = pictures, settings
        optimizers = {
            "model": torch.optim.AdamW(
                self.model.parameters(), lr=settings.rate, weight_decay=0.0, fused=True
            ),
            "critic": torch.optim.AdamW(
                self._critic.parameters(), lr=4e-4, betas=(0.5, 0.9), fused=True
            ),
        }
        same = {**asdict(settings), "steps": 0, "adversarial_steps": 0}
        super().__init__(
            checkpoint,
            modules={"model": self.model, "critic": self._critic},
            optimizers=optimizers,
            run_id=f"autoencoder {len(pictures)} {same}",
            steps=settings.steps,
            save_every=settings.save_every,
        )

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self._device, dtype=torch.bfloat16)

    @override
    def _learn(self) -> float:
        settings = self._settings
        chance = chance_of_step(settings.seed, self.step)
        real = self._batch(chance)
        model_optimizer = self._optimizers["model"]
        model_optimizer.param_groups[0]["lr"] = settings.rate * self._rate_factor()
        is_sharpened = self.step >= settings.steps - settings.adversarial_steps
        with self._autocast(), torch.set_grad_enabled(not is_sharpened):
            latent = self.model.encode(real).latent_dist  # moments (B, 16, 8, 8)
        mean, log_variance = latent.mean.float(), latent.logvar.float()
        noise = torch.randn(mean.shape, generator=chance).to(self._device)
        with self._autocast():
            drawn = self.model.decode(mean + noise * (0.5 * log_variance).exp()).sample
        drawn = drawn.float()
        loss = reconstruction(drawn, real, gradient_weight=settings.gradient_weight)
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)
        whole = loss + settings.kl_weight * kl.sum((1, 2, 3)).mean()
        if is_sharpened:
            whole = whole + self._judge(drawn, real)
        whole.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        model_optimizer.step()
        model_optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _judge(self, drawn: Tensor, real: Tensor) -> Tensor:
        """Teach the critic by a step, and return what it has against the drawn."""
        ours, theirs = premultiplied(drawn), premultiplied(real)
        optimizer = self._optimizers["critic"]
        with self._autocast():
            on_ours = self._critic(ours.detach()).float()
            on_theirs = self._critic(theirs).float()
        hinge = (1 + on_ours).relu().mean() + (1 - on_theirs).relu().mean()
        hinge.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        self._critic.requires_grad_(False)
        with self._autocast():
            verdict = self._critic(ours).float().mean()
        self._critic.requires_grad_(True)
        against: Tensor = -self._settings.adversarial_weight * verdict
        return against

    def _rate_factor(self) -> float:
        """Return a short rise, then a level, then a fall over the last third."""
        left = (self._settings.steps - self.step) / self._settings.steps
        return min((self.step + 1) / 50, 1.0, max(3 * left, 0.02))

    def _batch(self, chance: torch.Generator) -> Tensor:
        """Return (B, 4, 64, 64) in [-1, 1], a bit shifted and half of it mirrored."""
        chosen = torch.randint(
            len(self._pictures), (self._settings.batch,), generator=chance
        )
        batch = self._pictures[chosen].to(self._device).float() / 127.5 - 1
        shifts = torch.randint(-3, 4, (2,), generator=chance).tolist()
        if torch.rand((), generator=chance) < 0.5:
            batch = batch.flip(-1)
        return batch.roll(shifts, (-2, -1)).contiguous(
            memory_format=torch.channels_last
        )


def reconstruction(ours: Tensor, theirs: Tensor, *, gradient_weight: float) -> Tensor:
    """Return the distance of pictures, of their edges, and a little of hidden colour.

    Pictures made small count too: without that colours come long after shapes.
    """
    a, b = premultiplied(ours), premultiplied(theirs)
    loss = (a - b).abs().mean() + 2 * (a - b).square().mean()
    for axis in (-2, -1):
        loss = (
            loss + gradient_weight * (a.diff(dim=axis) - b.diff(dim=axis)).abs().mean()
        )
    small = functional.avg_pool2d(a - b, 8)  # (B, 4, 8, 8)
    loss = loss + small.abs().mean() + 4 * small.square().mean()
    hidden = functional.l1_loss(ours[:, :3], theirs[:, :3])
    return loss + HIDDEN_WEIGHT * hidden
