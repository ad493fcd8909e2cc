import io
import queue

import pytest
from PIL import Image

from bot.errors import BackendError, MissingError
from bot.generation.backend import BackendEvent
from bot.generation.fake_image import FakeImageBackend
from bot.generation.requests import (
    Drawing,
    ImageParams,
    ImagePayload,
    ModelSpec,
    Progress,
)

WAIT_S = 30.0


def draw(prompt: str, **options: str | float | bool) -> BackendEvent:
    spec = ModelSpec("m", "fake-image", "", options=tuple(options.items()))
    backend = FakeImageBackend(spec)
    events: queue.SimpleQueue[BackendEvent] = queue.SimpleQueue()
    backend.start("1", ImagePayload(prompt), ImageParams(seed=1), events.put)
    while isinstance(event := events.get(timeout=WAIT_S), Progress):
        pass
    backend.close()
    return event


def test_missing_model_is_missing() -> None:
    with pytest.raises(MissingError):
        draw("a fox", missing=True)


def test_only_what_is_named_fails() -> None:
    assert isinstance(draw("a dragon", fail_on="dragon"), BackendError)
    assert isinstance(draw("a lamb", fail_on="dragon"), Drawing)


def test_other_prompts_look_different() -> None:
    fox, hare = draw("a fox"), draw("a hare")
    assert isinstance(fox, Drawing)
    assert isinstance(hare, Drawing)
    assert fox.png != hare.png


def test_disc_may_stand_alone() -> None:
    drawing = draw("a fox", has_alpha=True, width=32, height=48)
    assert isinstance(drawing, Drawing)
    picture = Image.open(io.BytesIO(drawing.png))
    assert (picture.mode, picture.size) == ("RGBA", (32, 48))
    assert picture.getchannel("A").getextrema() == (0, 255)
