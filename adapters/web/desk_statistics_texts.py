"""What the desk's statistics say."""

from bot.words import T, Text

__all__ = ["STATISTICS_TEXTS"]

STATISTICS_TEXTS: dict[str, Text] = {
    "approved": T("approved"),
    "as_table": T("As a table"),
    "best_posts": T("Posts that people liked"),
    "decided_in": T("How long decisions took"),
    "decisions": T("What moderators decided"),
    "expired": T("expired"),
    "failed": T("failed"),
    "median": T("Median time to a decision"),
    "no_decisions": T("Nobody has decided about a post in this time."),
    "no_likes": T("Nobody has reacted, voted or replied in this time."),
    "no_weeks": T("No posts were made in this time."),
    "num": T("Posts"),
    "num_published": T("Posts published"),
    "num_voices": T("Reactions, votes and replies"),
    "other": T("others"),
    "posts_per_week": T("Posts per week"),
    "published": T("published"),
    "reactions": T("Reactions"),
    "rejected": T("rejected"),
    "replies": T("Replies"),
    "retracted": T("taken back"),
    "score": T("Score"),
    "share_approved": T("Approved by moderators"),
    "statistics": T("Statistics"),
    "title": T("Title"),
    "topic": T("Topic"),
    "topics": T("Topics"),
    "topics_hint": T(
        "1.0 is the usual; topics above it are chosen more often, those below it less."
    ),
    "up_to_10_minutes": T("≤ 10 min"),
    "up_to_1_hour": T("≤ 1 h"),
    "up_to_6_hours": T("≤ 6 h"),
    "up_to_1_day": T("≤ 1 day"),
    "longer": T("longer"),
    "voices_per_week": T("What people made of them"),
    "votes": T("Votes"),
    "week": T("Week from"),
    "weeks": T("{n} weeks"),
    "weeks_label": T("How far back"),
    "weight": T("Weight"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
