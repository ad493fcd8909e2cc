"""`hearthbot bench safety`: how well and how fast texts are judged here."""

from dataclasses import asdict
from pathlib import Path

from bot.bench.guard_stream import StreamFigures, bench_stream
from bot.bench.labelled import read_labelled
from bot.bench.safety import OpenClassifier, SafetyFigures, bench_safety
from bot.setup import Setup
from bot.words import T, Text

__all__ = ["HELD_BACK", "print_safety_bench", "print_stream_bench"]

HELD_BACK = Path(__file__).parents[1] / "safety" / "guard_model" / "held_back.jsonl"
"""The rows that were kept from training and ship with the project."""

STREAMS_AT_ONCE = (1, 16)
NOTHING = "–"


async def print_safety_bench(
    setup: Setup,
    open_classifier: OpenClassifier,
    *,
    path: Path = HELD_BACK,
    as_json: bool,
) -> None:
    """Judge labelled texts and print how well that went.

    Raises:
        MissingError: there are no texts, or no classifier.
        UserError: a line of the file is no labelled text.
    """
    rows = read_labelled(path)
    with setup.terminal.steps(T("Judging")) as progress:
        figures = await bench_safety(rows, open_classifier, progress=progress)
    if as_json:
        setup.terminal.json(asdict(figures))
        return
    _print_categories(setup, figures)
    setup.terminal.result("")
    _print_summary(setup, figures)


async def print_stream_bench(
    setup: Setup, open_classifier: OpenClassifier, *, num_answers: int, as_json: bool
) -> None:
    """Measure how much later answers begin because they are judged, and print it."""
    figures: list[StreamFigures] = []
    async with open_classifier() as classifier:
        with setup.terminal.steps(T("Measuring")) as progress:
            for num_at_once in STREAMS_AT_ONCE:
                figures.append(
                    await bench_stream(
                        classifier, num_answers=num_answers, num_at_once=num_at_once
                    )
                )
                progress(len(figures), len(STREAMS_AT_ONCE))
    if as_json:
        setup.terminal.json([asdict(one) for one in figures])
        return
    setup.terminal.result(
        T("Time until the first sentence is visible, without the guard and with it:")
    )
    setup.terminal.table(
        (
            T("answers at once"),
            T("without, p50"),
            T("p95"),
            T("with, p50"),
            T("p95"),
            T("added, p50"),
            T("p95"),
        ),
        [_stream_row(one) for one in figures],
    )


def _stream_row(figures: StreamFigures) -> tuple[str, ...]:
    durations = (
        figures.without_ms_p50,
        figures.without_ms_p95,
        figures.with_ms_p50,
        figures.with_ms_p95,
        figures.added_ms_p50,
        figures.added_ms_p95,
    )
    return (str(figures.num_at_once), *(f"{value:.1f} ms" for value in durations))


def _print_categories(setup: Setup, figures: SafetyFigures) -> None:
    setup.terminal.table(
        (
            T("category"),
            T("set"),
            T("bad / rows"),
            T("AUC"),
            *(Text(level) for level in figures.tricky),
        ),
        [
            (
                str(one.category),
                one.set,
                f"{one.num_labelled} / {one.num_rows}",
                _number(one.auc),
                *(
                    f"{_hundredths(level.recall, 0)} / "
                    f"{_hundredths(level.false_alarms, 1)}"
                    for level in one.levels.values()
                ),
            )
            for one in figures.categories
        ],
    )
    setup.terminal.result(T("Under each level: found / false alarms, in %."))


def _print_summary(setup: Setup, figures: SafetyFigures) -> None:
    say = setup.terminal.say
    facts = {
        T("classifier"): figures.classifier,
        T("rows"): str(figures.num_rows),
        T("harmful against harmless, AUC"): _number(figures.harmful_auc),
        T("alarms in harmless texts that look bad"): ", ".join(
            f"{level} {_percent(share)}" for level, share in figures.tricky.items()
        ),
        T("injections found, with 5 false alarms in 100"): ", ".join(
            f"{language} {_percent(share)}"
            for language, share in figures.injection.items()
        ),
        T("time for a text on one core, p50 and p95"): (
            f"{figures.p50_ms:.1f} ms, {figures.p95_ms:.1f} ms"
        ),
        T("texts a second, many at once"): f"{figures.rows_per_s:.0f}",
    }
    setup.terminal.facts({say(name): value for name, value in facts.items()})


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"


def _hundredths(share: float | None, num_places: int) -> str:
    return NOTHING if share is None else f"{100 * share:.{num_places}f}"


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.1f} %"
