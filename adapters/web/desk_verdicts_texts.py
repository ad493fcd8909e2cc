"""What the page of the verdicts says."""

from bot.words import T, Text

__all__ = ["VERDICTS_TEXTS"]

VERDICTS_TEXTS: dict[str, Text] = {
    "act_allow": T("only noted"),
    "act_block": T("refused"),
    "act_flag": T("noticed"),
    "act_redact": T("changed"),
    "all_categories": T("Any category"),
    "all_communities": T("All communities"),
    "as_table": T("As a table"),
    "category": T("Category"),
    "community": T("Community"),
    "current": T("now {n}"),
    "earlier": T("Show earlier ones"),
    "for_all": T("for all communities"),
    "forgotten": T("The text is forgotten already."),
    "harmful": T("harmful"),
    "harmless": T("harmless"),
    "label_right": T("The filter was right"),
    "label_wrong": T("The filter was wrong"),
    "no_scores": T("Nothing was judged in this category yet."),
    "no_verdicts": T("No filter has noticed anything here."),
    "not_judged": T("This category is not judged here."),
    "num_recent": T("All texts"),
    "proposed": T("Your labels fit {n} best"),
    "reset_threshold": T("Back to the level's own"),
    "rule": T("a rule, which cannot be taught"),
    "save_threshold": T("Save this threshold"),
    "score": T("Probability"),
    "stage_input": T("what somebody wrote"),
    "stage_output": T("what I wrote"),
    "summary_labels": T(
        "Of the labelled texts, {right} harmful ones would be refused and {missed} let "
        "through; {wrong} harmless ones would be refused."
    ),
    "summary_recent": T(
        "Of {total} texts of the last {days} days, {refused} would have been refused; "
        "with the present threshold it is {now}."
    ),
    "threshold": T("Threshold"),
    "threshold_hint": T(
        "A text acts from this probability on. Move it to see what would have changed; "
        "nothing changes before you save."
    ),
    "thresholds": T("Thresholds"),
    "verdict": T("Verdict {n}"),
    "verdicts": T("Verdicts"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
