"""What plain `model.generate` of transformers does for one person, to compare with.

It runs in a process of its own, `python -m bot.bench.generate`: torch never comes into
the bot's process or into its memory figures.
"""

import asyncio
import importlib.util
import json
import sys
import time
from dataclasses import asdict
from typing import Any

from bot.errors import BackendError, HearthbotError, MissingError
from bot.generation.prompts import chat_messages
from bot.generation.requests import ModelSpec, TextPayload
from bot.words import T, dump_text, load_text

__all__ = ["generate_speeds", "main"]

MODULE = "bot.bench.generate"
OWN_BACKENDS = ("llama.cpp", "transformers")


async def generate_speeds(
    spec: ModelSpec, payload: TextPayload, *, max_tokens: int, num_rounds: int
) -> tuple[float, ...]:
    """Return tokens a second, round by round. Loading the model takes long.

    A GGUF is unpacked; on a processor it runs in float32.

    Raises:
        MissingError: transformers is not installed, or cannot load the model.
        BackendError: the model could not be run.
    """
    if importlib.util.find_spec("transformers") is None:
        raise MissingError(
            T("transformers is not installed: `pip install hearthbot[transformers]`.")
        )
    if spec.backend not in OWN_BACKENDS:
        raise MissingError(
            T(
                "“{name}” runs through {backend}: transformers cannot load it to "
                "compare.",
                name=spec.name,
                backend=spec.backend,
            )
        )
    asked = {
        "spec": asdict(spec),
        "messages": chat_messages(payload),
        "max_tokens": max_tokens,
        "num_rounds": num_rounds,
    }
    return await _in_another_process(json.dumps(asked).encode())


def main() -> None:
    """Measure what stdin asks for, and write the answer to stdout, both as JSON."""
    asked = json.loads(sys.stdin.buffer.read())
    fields = asked["spec"]
    options = tuple((name, value) for name, value in fields.pop("options"))
    answer: dict[str, object]
    try:
        answer = {
            "speeds": _measure(
                ModelSpec(**fields, options=options),
                asked["messages"],
                max_tokens=asked["max_tokens"],
                num_rounds=asked["num_rounds"],
            )
        }
    except HearthbotError as error:
        answer = {"error": dump_text(error.text)}
    sys.stdout.write(json.dumps(answer))


def _measure(
    spec: ModelSpec, messages: Any, *, max_tokens: int, num_rounds: int
) -> list[float]:
    from bot.generation.transformers_model import load_model, load_tokenizer

    tokenizer, model = load_tokenizer(spec), load_model(spec)
    inputs = tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
    ).to(model.device)
    num_given = inputs["input_ids"].shape[1]  # (1, T) int64
    model.generate(**inputs, max_new_tokens=2, do_sample=False)  # warm up
    speeds = []
    for _ in range(num_rounds):
        begun_s = time.perf_counter()
        made = model.generate(
            **inputs,
            max_new_tokens=max_tokens,
            min_new_tokens=max_tokens,
            do_sample=False,
        )
        num_made = made.shape[1] - num_given
        speeds.append(num_made / (time.perf_counter() - begun_s))
    return speeds


async def _in_another_process(asked: bytes) -> tuple[float, ...]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await process.communicate(asked)
    finally:
        if process.returncode is None:  # the bench was stopped
            process.kill()
            await process.wait()
    if process.returncode != 0:
        reason = (err.decode(errors="replace").strip().splitlines() or ["…"])[-1]
        raise BackendError(
            T("model.generate could not be measured: {reason}", reason=reason)
        )
    answer = json.loads(out)
    if "error" in answer:
        raise MissingError(load_text(answer["error"]))
    return tuple(answer["speeds"])


if __name__ == "__main__":
    main()
