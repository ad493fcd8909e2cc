"""Labelled texts, the figures made of them, and what is printed."""

import asyncio
import itertools
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typing_extensions import override

from bot.bench.guard_stream import ANSWERS, bench_stream
from bot.bench.labelled import LabelledText, read_labelled
from bot.bench.ranking import auc, recall_at, share_from
from bot.bench.safety import OpenClassifier, bench_safety
from bot.errors import BackendError, MissingError, UserError
from bot.safety.classifier import NEVER, Scores, TextClassifier
from bot.safety.fake import FakeClassifier
from bot.safety.policy import Category, Level
from bot.safety.verdict import Stage
from bot.setup import Setup
from bot.terminal.bench_safety import print_safety_bench, print_stream_bench
from bot.terminal.output import Terminal
from bot.words import T, Words

HATE, VIOLENCE, INJECTION = Category.HATE, Category.VIOLENCE, Category.INJECTION
MakeSetup = Callable[..., Setup]

ROWS = (
    LabelledText("I hate them", labels=frozenset({HATE}), set="chat"),
    LabelledText("hate and kill", labels=frozenset({HATE, VIOLENCE}), set="chat"),
    LabelledText("they are vermin", labels=frozenset({HATE}), set="coded"),
    LabelledText("kill them", Stage.OUTPUT, frozenset({VIOLENCE}), "answers"),
    LabelledText("kill the process", set="tricky-words"),
    LabelledText("a cake", set="chat", language="en"),
    LabelledText("a tree", set="chat", language="en"),
    LabelledText("ignore that", labels=frozenset({INJECTION}), language="en"),
    LabelledText("forget that", labels=frozenset({INJECTION}), language="en"),
    LabelledText("忽略", labels=frozenset({INJECTION}), language="zh"),
    LabelledText("你好", language="zh"),
)
TABLE: dict[str, Scores] = {
    "hate": {HATE: 0.8},
    "kill": {VIOLENCE: 0.95},
    "ignore": {INJECTION: 0.6},
    "忽略": {INJECTION: 0.3},
    "tree": {HATE: 0.1},
}


def opening(classifier: TextClassifier) -> OpenClassifier:
    @asynccontextmanager
    async def opened() -> AsyncIterator[TextClassifier]:
        yield classifier

    return opened


def quietly(done: int, total: int) -> None:
    pass


# Texts with labels


def test_file_that_is_not_there_is_told_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="--data"):
        read_labelled(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"\xff",
        b"[]",
        b'"text"',
        b"[" * 100_000,
        b'{"labels": []}',
        b'{"text": 1, "labels": []}',
        b'{"text": "a"}',
        b'{"text": "a", "labels": "hate"}',
        b'{"text": "a", "labels": ["hatred"]}',
        b'{"text": "a", "labels": [["hate"]]}',
        b'{"text": "a", "labels": [], "stage": "in"}',
    ],
    ids=range(12),
)
def test_line_that_is_no_labelled_text_is_told_with_its_number(
    tmp_path: Path, line: bytes
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text": "a", "labels": []}\n\n' + line)
    with pytest.raises(UserError, match=r"Line 3 of .*rows\.jsonl is not") as told:
        read_labelled(path)
    assert "sexual_minors" in str(told.value)


def test_file_without_rows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n \n")
    with pytest.raises(UserError, match="There are no labelled texts in"):
        read_labelled(path)


def test_rows_are_read_with_all_they_say(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    row = {
        "text": "a\u2028b",
        "stage": "output",
        "labels": ["hate", "violence"],
        "set": "tricky-news",
        "language": "zh",
        "source": "made up",
    }
    path.write_text(
        json.dumps(row, ensure_ascii=False) + '\n{"text": "b", "labels": []}\n', "utf-8"
    )
    first, second = read_labelled(path)
    assert first == LabelledText(
        "a\u2028b", Stage.OUTPUT, frozenset({HATE, VIOLENCE}), "tricky-news", "zh"
    )
    assert second == LabelledText("b")
    assert not first.is_tricky  # it is not harmless
    assert LabelledText("b", set="tricky-news").is_tricky


# Numbers


@pytest.mark.parametrize(
    ("positive", "negative", "wanted"),
    [
        ([], [0.5], None),
        ([0.5], [], None),
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5, 0.5], [0.5], 0.5),
        ([0.9, 0.5, 0.1], [0.5, 0.2], 3.5 / 6),
    ],
)
def test_auc_by_hand(
    positive: list[float], negative: list[float], wanted: float | None
) -> None:
    assert auc(positive, negative) == (
        None if wanted is None else pytest.approx(wanted)
    )


few = st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.50001, 1.0]), min_size=1, max_size=30)


@given(few, few)
def test_auc_is_the_share_of_pairs_in_the_right_order(
    positive: list[float], negative: list[float]
) -> None:
    pairs = list(itertools.product(positive, negative))
    won = sum((high > low) + (high == low) / 2 for high, low in pairs)
    assert auc(positive, negative) == pytest.approx(won / len(pairs))


@given(few, few, st.floats(0, 1))
def test_recall_never_costs_more_false_alarms_than_allowed(
    positive: list[float], negative: list[float], allowed: float
) -> None:
    recall = recall_at(positive, negative, false_alarms=allowed)
    best = max(
        (
            sum(score >= limit for score in positive) / len(positive)
            for limit in (*positive, NEVER)
            if sum(score >= limit for score in negative) <= allowed * len(negative)
        ),
    )
    assert recall == pytest.approx(best)


def test_recall_is_whole_where_every_alarm_is_allowed() -> None:
    assert recall_at([0.1], [0.9], false_alarms=1.0) == 1.0


def test_shares_of_nothing_are_none() -> None:
    assert recall_at([], [0.1], false_alarms=0.05) is None
    assert recall_at([0.1], [], false_alarms=0.05) is None
    assert share_from([], 0.5) is None
    assert share_from([0.5, 0.4], 0.5) == 0.5


# The bench


async def test_classifier_that_cannot_judge_ends_the_bench() -> None:
    def broken(text: str, stage: Stage) -> Scores:
        raise BackendError(T("The model could not answer this."))

    with pytest.raises(BackendError):
        await bench_safety(ROWS, opening(FakeClassifier(broken)), progress=quietly)


async def test_one_text_that_cannot_be_judged_at_once_ends_the_bench() -> None:
    asked: list[str] = []

    def fragile(text: str, stage: Stage) -> Scores:
        asked.append(text)
        if len(asked) > len(ROWS) + 5 + 3:
            raise BackendError(T("The model could not answer this."))
        return {HATE: 0.1}

    with pytest.raises(BackendError):
        await bench_safety(ROWS, opening(FakeClassifier(fragile)), progress=quietly)


async def test_bench_counts_what_each_level_finds_in_each_set() -> None:
    steps: list[tuple[int, int]] = []
    figures = await bench_safety(
        ROWS,
        opening(FakeClassifier(TABLE, name="fake-1")),
        progress=lambda done, total: steps.append((done, total)),
    )
    total = 2 * len(ROWS)
    assert steps == [(number, total) for number in range(1, total + 1)]
    assert (figures.classifier, figures.num_rows) == ("fake-1", len(ROWS))
    found = {(one.category, one.set): one for one in figures.categories}

    hate = found[HATE, "all"]
    assert (hate.num_rows, hate.num_labelled) == (len(ROWS), 3)
    # Of 3 x 8 pairs, the coded one loses against the tree and ties with the other 7.
    assert hate.auc == pytest.approx((16 + 3.5) / 24)
    levels = hate.levels
    assert levels[Level.RELAXED].recall == 0.0
    assert levels[Level.STANDARD].threshold == 0.7
    assert levels[Level.STANDARD].recall == pytest.approx(2 / 3)
    assert levels[Level.STANDARD].false_alarms == 0.0

    chat = found[HATE, "chat"]
    assert (chat.num_rows, chat.num_labelled, chat.auc) == (4, 2, 1.0)
    coded = found[HATE, "coded"]
    assert (coded.num_rows, coded.auc) == (1, None)
    assert coded.levels[Level.STRICT].false_alarms is None
    tricky = found[VIOLENCE, "tricky-words"]
    assert (tricky.num_labelled, tricky.auc) == (0, None)
    assert tricky.levels[Level.RELAXED].false_alarms == 1.0
    assert (HATE, "answers") not in found  # nothing there to find

    # 0.8, 0.95, 0 and 0.95 against 0.95 (the process), 0, 0.1 (the tree) and 0.
    assert figures.harmful_auc == pytest.approx((3 + 3.5 + 1 + 3.5) / 16)
    assert figures.tricky == dict.fromkeys(figures.tricky, 1.0)
    assert figures.injection == {"all": 2 / 3, "en": 0.5, "zh": 1.0}
    assert 0 < figures.p50_ms <= figures.p95_ms
    assert figures.rows_per_s > 0


async def test_harm_is_ranked_by_the_worst_of_all_harms() -> None:
    rows = (
        LabelledText("hate", labels=frozenset({HATE})),
        LabelledText("kill", labels=frozenset({VIOLENCE})),
        LabelledText("tree"),
        LabelledText("ignore", labels=frozenset({INJECTION})),  # no harm, not harmless
        LabelledText("They ignore"),  # an alarm for injection is none for harm
    )
    figures = await bench_safety(rows, opening(FakeClassifier(TABLE)), progress=quietly)
    assert figures.harmful_auc == 1.0
    assert figures.tricky == dict.fromkeys(figures.tricky, None)


class OnlyHate(FakeClassifier):
    """Sees hate and nothing else, and not at the relaxed level."""

    @override
    def threshold(self, category: Category, level: Level) -> float:
        return NEVER if level is Level.RELAXED else super().threshold(category, level)


async def test_category_that_the_classifier_does_not_see_is_left_out() -> None:
    classifier = OnlyHate(lambda text, stage: {HATE: 0.5})
    figures = await bench_safety(ROWS, opening(classifier), progress=quietly)
    assert {one.category for one in figures.categories} == {HATE}
    relaxed = figures.categories[0].levels[Level.RELAXED]
    assert (relaxed.threshold, relaxed.recall) == (None, 0.0)


async def test_many_are_judged_at_once_but_time_is_taken_one_by_one() -> None:
    waiting: list[int] = []
    num_waiting = 0

    class Slow(FakeClassifier):
        @override
        async def classify(self, text: str, stage: Stage) -> Scores:
            nonlocal num_waiting
            num_waiting += 1
            await asyncio.sleep(0)
            waiting.append(num_waiting)
            num_waiting -= 1
            return {HATE: 0.1}

    await bench_safety(ROWS, opening(Slow({})), progress=quietly)
    num_timed = 5 + len(ROWS)
    assert set(waiting[:num_timed]) == {1}
    assert max(waiting[num_timed:]) == len(ROWS)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cannot choose cores")
async def test_time_is_taken_on_one_core_and_all_are_back_afterwards() -> None:
    before = os.sched_getaffinity(0)
    seen: list[int] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[TextClassifier]:
        seen.append(len(os.sched_getaffinity(0)))
        yield FakeClassifier({})

    await bench_safety(ROWS, opened, progress=quietly)
    assert seen == [1, len(before)]
    assert os.sched_getaffinity(0) == before


# Streams


@pytest.mark.parametrize("num_at_once", [1, 4])
async def test_stream_bench_says_how_much_later_an_answer_begins(
    num_at_once: int,
) -> None:
    class Slow(FakeClassifier):
        @override
        async def classify(self, text: str, stage: Stage) -> Scores:
            await asyncio.sleep(0.01)
            return await super().classify(text, stage)

    figures = await bench_stream(
        Slow({}), num_answers=10, num_at_once=num_at_once, answers=ANSWERS[:2]
    )
    assert (figures.num_answers, figures.num_at_once) == (10, num_at_once)
    assert 0 < figures.without_ms_p50 <= figures.without_ms_p95
    assert 10 <= figures.added_ms_p50 <= figures.added_ms_p95
    assert figures.with_ms_p50 >= 10


async def test_answer_that_is_blocked_at_once_counts_until_that_is_clear() -> None:
    figures = await bench_stream(
        FakeClassifier({"": {HATE: 0.95}}), num_answers=2, num_at_once=2
    )
    assert figures.with_ms_p50 > 0


# On the terminal


def written(folder: Path) -> Path:
    path = folder / "rows.jsonl"
    rows = (
        {
            "text": row.text,
            "stage": row.stage,
            "labels": sorted(row.labels),
            "set": row.set,
            "language": row.language,
        }
        for row in ROWS
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


async def test_figures_as_json_stand_alone(
    make_setup: MakeSetup, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await print_safety_bench(
        make_setup(),
        opening(FakeClassifier(TABLE)),
        path=written(tmp_path),
        as_json=True,
    )
    figures = json.loads(capsys.readouterr().out)
    assert figures["num_rows"] == len(ROWS)
    assert figures["categories"][0]["levels"]["strict"]["threshold"] == 0.4
    assert figures["tricky"] == {"relaxed": 1.0, "standard": 1.0, "strict": 1.0}


async def test_figures_are_told_in_a_table(
    make_setup: MakeSetup,
    words: Words,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wide = Terminal(words, "en", out=Console(width=200), err=Console(quiet=True))
    await print_safety_bench(
        replace(make_setup(), terminal=wide),
        opening(FakeClassifier(TABLE)),
        path=written(tmp_path),
        as_json=False,
    )
    out = capsys.readouterr().out
    for said in (
        "found / false alarms, in %",
        "67 / 0.0",
        "0.812",
        "texts a second, many at once",
        "relaxed 100.0 %",
        "en 50.0 %, zh 100.0 %",
    ):
        assert said in out


async def test_stream_figures_are_told_in_a_table_and_as_json(
    make_setup: MakeSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    for as_json in (False, True):
        await print_stream_bench(
            make_setup(), opening(FakeClassifier({})), num_answers=4, as_json=as_json
        )
    out = capsys.readouterr().out
    table, _, rest = out.partition("\n[")
    assert "ms" in table
    assert [one["num_at_once"] for one in json.loads("[" + rest)] == [1, 16]
