"""transformers beyond the contract: real weights, seeds in a batch, safe loading."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from bot.errors import BackendError, MissingError
from bot.generation.backend import Backend
from bot.generation.reasoning import ReasoningFilter
from bot.generation.requests import FinishReason, ModelSpec, TextParams
from bot.generation.transformers_sampling import GREEDY, SeededChoice
from bot.generation.transformers_text import TransformersBackend

MakeDriver = Callable[[Backend], Any]


@pytest.fixture(scope="module")
def backend(tiny_model: Path) -> Iterator[TransformersBackend]:
    opened = TransformersBackend(
        ModelSpec("t", "transformers", str(tiny_model), max_parallel=4)
    )
    yield opened
    opened.close()


@pytest.fixture
def copied(tiny_model: Path, tmp_path: Path) -> Path:
    for path in tiny_model.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def opened_at(location: object) -> TransformersBackend:
    return TransformersBackend(ModelSpec("t", "transformers", str(location)))


def test_folder_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cannot be loaded from"):
        opened_at(tmp_path / "none")
    with pytest.raises(MissingError, match="safetensors"):
        opened_at(tmp_path / "none.gguf")


def test_pickled_weights_are_not_read(copied: Path) -> None:
    (copied / "model.safetensors").unlink()
    torch.save({"anything": torch.zeros(1)}, copied / "pytorch_model.bin")
    with pytest.raises(MissingError, match="safetensors"):
        opened_at(copied)


def test_code_of_a_model_is_not_run(copied: Path) -> None:
    config = json.loads((copied / "config.json").read_text())
    config |= {"auto_map": {"AutoModelForCausalLM": "evil.Model"}, "model_type": "evil"}
    (copied / "config.json").write_text(json.dumps(config))
    (copied / "evil.py").write_text("raise SystemExit('it was run')")
    with pytest.raises(MissingError):
        opened_at(copied)


def test_seed_in_a_batch_gives_the_text_of_the_seed_alone(
    backend: TransformersBackend, drive: MakeDriver
) -> None:
    driver = drive(backend)
    params = [
        TextParams(max_tokens=12, temperature=0.9, top_p=0.95, seed=n) for n in range(4)
    ]
    alone = [driver.say("Hello.", params=each) for each in params]
    batch = [driver.begin("Hello.", params=each) for each in params]
    for heard in batch:
        heard.finished()
    assert [heard.text for heard in batch] == alone
    assert len(set(alone)) > 1


def test_context_is_never_longer_than_the_models_own(
    backend: TransformersBackend, drive: MakeDriver
) -> None:
    error = drive(backend).begin("x" * 600).end()  # of 512
    assert isinstance(error, BackendError)
    assert "512" in str(error)


def test_template_that_begins_a_thought_and_refuses_system_turns(
    copied: Path, drive: MakeDriver
) -> None:
    (copied / "chat_template.jinja").write_text(
        "{% for m in messages %}{% if m.role == 'system' %}"
        "{{ raise_exception('no system turns') }}{% endif %}{{ m.content }}{% endfor %}"
        "<think>\n"
    )
    opened = opened_at(copied)
    text = drive(opened).say("Hello.", params=TextParams(max_tokens=5))
    opened.close()
    assert text.startswith("<think>")
    reasoning = ReasoningFilter()
    assert reasoning.feed(text) + reasoning.flush() == ""


def test_model_without_a_template_is_asked_plainly(
    copied: Path, drive: MakeDriver
) -> None:
    (copied / "chat_template.jinja").unlink()
    opened = opened_at(copied)
    heard = drive(opened).begin("Hello.", params=TextParams(max_tokens=2))
    assert heard.finished().prompt_tokens == len("user: Hello.\nassistant:")
    opened.close()


def test_batch_that_breaks_fails_its_callers_and_goes_on(
    copied: Path, drive: MakeDriver
) -> None:
    opened = opened_at(copied)
    driver = drive(opened)
    heard = driver.begin("Hello.", params=TextParams(max_tokens=400))
    heard.piece()
    opened.model.lm_head.weight.data = torch.zeros(3, 3)  # no step can succeed
    assert isinstance(heard.end(), BackendError)
    opened.model.lm_head.weight.data = torch.zeros(258, 64)
    # Who asks before the new batch has begun is refused as well.
    params = TextParams(max_tokens=3)
    while isinstance(outcome := driver.begin("Hello.", params=params).end(), Exception):
        assert isinstance(outcome, BackendError)
    opened.close()


def test_seeded_choice_draws_as_the_scores_say() -> None:
    choice = SeededChoice()
    probabilities = torch.tensor([0.5, 0.3, 0.2, 0.0])
    num_draws = 20_000
    scores = probabilities.log().repeat(num_draws, 1)  # (B, V) float32
    keys = torch.randint(
        0, 2**31 - 1, (num_draws,), dtype=torch.int32, generator=torch.manual_seed(0)
    )
    drawn = choice(scores, keys).argmax(dim=-1)
    shares = torch.bincount(drawn, minlength=4) / num_draws
    # Four standard deviations of a share are at most 0.015: a false alarm in 10^4.
    assert torch.allclose(shares, probabilities, atol=0.015)
    greedy = choice(scores, torch.full((num_draws,), GREEDY, dtype=torch.int32))
    assert (greedy.argmax(dim=-1) == 0).all()
    assert torch.isfinite(greedy).sum() == num_draws


@pytest.mark.model
@pytest.mark.timeout(300)
def test_starter_gguf_answers(starter_model: Path, drive: MakeDriver) -> None:
    opened = TransformersBackend(
        ModelSpec("m", "transformers", str(starter_model), max_parallel=4)
    )
    driver = drive(opened)
    params = TextParams(max_tokens=16, temperature=0)
    prompts = ("What is the capital of France?", "Say: 🎉🔥👍", "Count from 1 to 5.")
    alone = [driver.say(prompt, params=params) for prompt in prompts]
    batch = [driver.begin(prompt, params=params) for prompt in prompts]
    for heard in batch:
        assert heard.finished().reason in FinishReason
    assert "Paris" in alone[0]
    for text in alone:
        assert "\ufffd" not in text
        assert "<|im" not in text
    assert [heard.text for heard in batch] == alone
    opened.close()
