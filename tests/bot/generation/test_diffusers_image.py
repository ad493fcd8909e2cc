"""diffusers beyond the contract: families, batches, memory, what is refused."""

import io
import json
import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from bot.errors import BackendError, MissingError, OutOfMemoryError
from bot.generation.backend import BackendEvent
from bot.generation.diffusers_image import DiffusersBackend
from bot.generation.requests import (
    Drawing,
    Finished,
    FinishReason,
    ImageParams,
    ImagePayload,
    ModelSpec,
    Progress,
)

WAIT_S = 60.0
QUICK = ImageParams(64, 64, steps=2, guidance=4.0)
BuildPipeline = Callable[[str], Path]


class Asked:
    """A request, and what came of it."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[BackendEvent] = queue.SimpleQueue()
        self.steps: list[Progress] = []

    def end(self) -> BackendEvent:
        """Wait for the picture, or for how it ended without one."""
        while isinstance(event := self.events.get(timeout=WAIT_S), Progress):
            self.steps.append(event)
        return event

    def picture(self) -> Image.Image:
        """Wait for the picture."""
        drawing = self.end()
        assert isinstance(drawing, Drawing), drawing
        return Image.open(io.BytesIO(drawing.png))


class Painter:
    """A backend that can be held, so that what is asked meanwhile is drawn together."""

    def __init__(
        self, location: Path, *, max_parallel: int = 4, **options: Any
    ) -> None:
        spec = ModelSpec(
            "m",
            "diffusers",
            str(location),
            max_parallel=max_parallel,
            options=tuple(options.items()),
        )
        self.backend = DiffusersBackend(spec)
        self.calls: list[int] = []
        self.limit: int | None = None
        self.at_step: Callable[[int], object] = lambda step: None
        self.fail_on = ""
        self.gate = threading.Event()
        self.gate.set()
        draw = self.backend.model.draw
        self.numbers = iter(range(1000))

        def watched(plans: Any, on_step: Any) -> Any:
            self.gate.wait(WAIT_S)
            self.calls.append(len(plans))
            if self.limit is not None and len(plans) > self.limit:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate")
            if self.fail_on and any(self.fail_on in plan.prompt for plan in plans):
                raise ValueError("it cannot draw that")

            def stepped(step: int, num_steps: int, latents: Any) -> None:
                self.at_step(step)
                on_step(step, num_steps, latents)

            return draw(plans, stepped)

        self.backend.model.draw = watched  # type: ignore[method-assign]

    def ask(
        self,
        prompt: str = "a fox",
        params: ImageParams = QUICK,
        *,
        seed: int = 7,
        negative: str = "",
        start: bytes | None = None,
        id: str | None = None,
    ) -> Asked:
        asked = Asked()
        params = ImageParams(
            params.width,
            params.height,
            params.steps,
            params.guidance,
            seed,
            params.strength,
        )
        payload = ImagePayload(prompt, negative, start)
        self.backend.start(
            id or f"r{next(self.numbers)}", payload, params, asked.events.put
        )
        return asked

    def ask_together(self, number: int) -> list[Asked]:
        """Ask for pictures with the seeds 0, 1, …, behind one that is drawn alone."""
        self.gate.clear()
        first = self.ask("first", ImageParams(64, 64, steps=1))
        asked = [self.ask(seed=seed, id=f"t{seed}") for seed in range(number)]
        self.gate.set()
        first.picture()
        return asked


@pytest.fixture(scope="module")
def sd(build_pipeline: BuildPipeline) -> Iterator[Painter]:
    painter = Painter(build_pipeline("sd"))
    yield painter
    painter.backend.close()


@pytest.fixture
def painter(sd: Painter) -> Painter:
    sd.calls.clear()
    sd.limit, sd.fail_on = None, ""
    sd.backend._most_px = None
    sd.at_step = lambda step: None
    return sd


def pixels(picture: Image.Image) -> Any:
    return np.asarray(picture, dtype=np.int16)


@pytest.mark.parametrize("family", ["sdxl", "sd3", "auraflow", "flux"])
def test_every_family_draws_in_the_size_that_is_asked(
    family: str, build_pipeline: BuildPipeline
) -> None:
    painter = Painter(build_pipeline(family))

    wide = painter.ask(params=ImageParams(96, 64, steps=2), negative="rain").picture()

    assert (wide.size, wide.mode) == ((96, 64), "RGB")
    painter.backend.close()


def test_alpha_stays_and_small_pictures_can_be_enlarged(
    build_pipeline: BuildPipeline,
) -> None:
    painter = Painter(build_pipeline("sd-rgba"), upscale=128)

    sticker = painter.ask().picture()

    assert (sticker.mode, sticker.size) == ("RGBA", (128, 128))
    refused = painter.ask(start=_png(sticker)).end()
    assert isinstance(refused, BackendError)
    assert "begin from a picture" in str(refused)
    painter.backend.close()


def test_model_that_cannot_begin_from_a_picture_says_so(
    build_pipeline: BuildPipeline,
) -> None:
    painter = Painter(build_pipeline("auraflow"))

    refused = painter.ask(start=_png(Image.new("RGB", (64, 64)))).end()

    assert isinstance(refused, BackendError)
    assert "begin from a picture" in str(refused)
    painter.backend.close()


def test_what_waits_is_drawn_together_and_looks_as_if_drawn_alone(
    painter: Painter,
) -> None:
    together = [asked.picture() for asked in painter.ask_together(6)]

    assert painter.calls == [1, 4, 2]
    alone = [painter.ask(seed=seed).picture() for seed in range(6)]
    for one, other in zip(together, alone, strict=True):
        assert np.abs(pixels(one) - pixels(other)).max() <= 2  # of 255
    assert np.abs(pixels(alone[0]) - pixels(alone[1])).max() > 2


def test_what_differs_in_size_is_not_drawn_together(painter: Painter) -> None:
    painter.gate.clear()
    sizes = ((64, 64), (64, 96), (64, 64), (64, 96))
    asked = [
        painter.ask(params=ImageParams(width, height, steps=1))
        for width, height in sizes
    ]
    painter.gate.set()

    assert [one.picture().size for one in asked] == list(sizes)
    assert len(painter.calls) <= 3


def test_cancelled_in_a_batch_leaves_and_others_stay(painter: Painter) -> None:
    painter.at_step = lambda step: step == 2 and painter.backend.cancel("t1")

    staying, leaving, other = painter.ask_together(3)

    end = leaving.end()
    assert isinstance(end, Finished)
    assert end.reason is FinishReason.CANCELLED
    assert [one.step for one in leaving.steps] == [1]
    assert {staying.picture().size, other.picture().size} == {(64, 64)}
    assert painter.calls == [1, 3]


def test_batch_that_nobody_wants_any_more_ends_between_steps(painter: Painter) -> None:
    def cancel_all(step: int) -> None:
        reached.append(step)
        for seed in range(2) if step == 2 else ():
            painter.backend.cancel(f"t{seed}")

    reached: list[int] = []
    painter.at_step = cancel_all

    for asked in painter.ask_together(2):
        assert isinstance(asked.end(), Finished)
    assert reached == [1, 1, 2]  # of the one before, then of three


def test_batch_without_memory_is_made_smaller_and_stays_small(
    painter: Painter,
) -> None:
    painter.limit = 2

    for asked in painter.ask_together(4):
        asked.picture()
    assert painter.calls == [1, 4, 2, 2]

    for asked in painter.ask_together(4):
        asked.picture()
    assert painter.calls[4:] == [1, 2, 2]


def test_picture_without_memory_says_so_and_the_next_is_drawn(
    painter: Painter,
) -> None:
    painter.limit = 0
    error = painter.ask().end()
    assert isinstance(error, OutOfMemoryError)
    assert "smaller" in str(error)

    painter.limit = None
    painter.ask().picture()


def test_failure_in_a_batch_reaches_only_its_request(painter: Painter) -> None:
    painter.fail_on = "dragon"
    painter.gate.clear()
    first = painter.ask("first", ImageParams(64, 64, steps=1))
    asked = [painter.ask(prompt) for prompt in ("a fox", "a dragon", "a hare")]
    painter.gate.set()
    first.picture()

    ends = [one.end() for one in asked]

    assert [type(end) for end in ends] == [Drawing, BackendError, Drawing]


def test_small_previews_come_now_and_then(painter: Painter) -> None:
    painter.backend._slow_previews = 0
    asked = painter.ask(params=ImageParams(64, 64, steps=10))
    asked.picture()

    shown = [step for step in asked.steps if step.preview_png]
    assert len(shown) <= 5
    for step in shown:
        assert max(Image.open(io.BytesIO(step.preview_png)).size) <= 128
    assert not asked.steps[-1].preview_png


def test_negative_words_and_strength_change_the_picture(painter: Painter) -> None:
    plain = painter.ask().picture()
    negated = painter.ask(negative="a red roof").picture()
    assert pixels(plain).tolist() != pixels(negated).tolist()

    start = _png(plain)
    little, much = (
        painter.ask(
            "a house", ImageParams(64, 64, 4, 4.0, strength=strength), start=start
        ).picture()
        for strength in (0.25, 1.0)
    )
    assert pixels(little).tolist() != pixels(much).tolist()


def test_size_is_what_the_model_can_do(painter: Painter) -> None:
    odd = painter.ask(params=ImageParams(75, 1, steps=1)).picture()
    assert odd.size == (72, 64)


@pytest.fixture
def copied(build_pipeline: BuildPipeline, tmp_path: Path) -> Path:
    folder = tmp_path / "copied"
    shutil.copytree(build_pipeline("sd"), folder)
    return folder


def test_pickled_weights_are_refused_by_name(copied: Path) -> None:
    (copied / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    torch.save({"a": torch.zeros(1)}, copied / "unet" / "diffusion_pytorch_model.bin")
    with pytest.raises(MissingError, match=r"unet/diffusion_pytorch_model\.bin.*conv"):
        Painter(copied)


def test_code_of_a_model_is_not_run(copied: Path) -> None:
    (copied / "unet" / "evil.py").write_text("raise SystemExit('it was run')")
    with pytest.raises(MissingError, match=r"unet/evil\.py"):
        Painter(copied)


def test_class_that_is_none_is_missing_not_a_crash(copied: Path) -> None:
    index = json.loads((copied / "model_index.json").read_text())
    index["_class_name"] = "NobodysPipeline"
    (copied / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(MissingError, match="cannot be loaded"):
        Painter(copied)


def test_cuda_where_there_is_none_is_said(build_pipeline: BuildPipeline) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is CUDA")
    with pytest.raises(MissingError, match="device"):
        Painter(build_pipeline("sd"), device="cuda")


def test_closing_lets_go_of_the_pipeline(build_pipeline: BuildPipeline) -> None:
    painter = Painter(build_pipeline("sd"))
    running = painter.ask(params=ImageParams(64, 64, steps=900))
    assert isinstance(running.events.get(timeout=WAIT_S), Progress)

    painter.backend.close()

    end = running.end()
    assert isinstance(end, Finished)
    assert end.reason is FinishReason.CANCELLED
    assert painter.backend.model._pipeline is None


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
