import pytest

from bot.files.refused import FILE_REFUSALS, FileRefusedError, refusal_text


@pytest.mark.parametrize("category", FILE_REFUSALS)
def test_every_refusal_names_the_file_and_what_to_do(category: str) -> None:
    said = str(refusal_text(FileRefusedError(category, limit=7), "plan.pdf"))

    assert "plan.pdf" in said
    assert said.endswith(".")
    if category in {"long", "pages", "seconds"}:
        assert "7" in said
    if category != "broken":
        assert "lease" in said


def test_one_page_is_no_pages() -> None:
    said = str(refusal_text(FileRefusedError("pages", limit=1), "x"))

    assert "1 page." in said
