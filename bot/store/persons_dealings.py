"""What is kept of a person's dealings with the bot and its moderators, besides talk."""

from collections.abc import Sequence

from bot.store.person_rows import BY_PERSON, PersonRows

__all__ = ["PERSONS_DEALINGS"]

# In this order they are forgotten: what is found by other rows goes before those.
PERSONS_DEALINGS: Sequence[PersonRows] = (
    PersonRows(
        "memory_uses",
        "memory_use",
        f"number IN (SELECT number FROM memory WHERE {BY_PERSON})",  # noqa: S608
        "scope message_id",
        "message_id, number, created_utc",
    ),
    PersonRows(
        "memories",
        "memory",
        BY_PERSON,
        "platform person_id text place",
        "number, place, text, created_utc, updated_utc",
    ),
    PersonRows(
        "linked_accounts",
        "linked_account",
        BY_PERSON,
        "platform person_id person_name channel_id link",
        "platform, person_id, person_name, linked_utc",
    ),
    PersonRows(
        "",
        "link_code",
        f"({BY_PERSON}) OR (taken_platform = :platform AND taken_id = :person)",
        "platform person_id person_name channel_id code_hash taken_platform taken_id",
    ),
    PersonRows("", "link_try", BY_PERSON, "platform person_id"),
    # A ban outlives forgetting, else that would be a way out of it.
    PersonRows(
        "bans",
        "ban",
        BY_PERSON,
        "platform person_id person_name reason",
        "place, kind, until_utc, reason, created_utc, appealed_utc",
        "UPDATE ban SET person_name = '', reason = '' WHERE {whose}",
    ),
    # What is in them are moderators' words.
    PersonRows(
        "notes_about_them",
        "person_note",
        BY_PERSON,
        "platform person_id text",
        "community, created_utc",
    ),
    PersonRows(
        "",
        "person_note",
        "author_id = :person AND platform = :platform",
        "author_id author_name",
        forget="UPDATE person_note SET author_id = :nobody, author_name = ''"
        " WHERE {whose}",
    ),
    # The last two days stay: forgetting is no way to another share of today.
    PersonRows(
        "usage",
        "usage_day",
        "person = :who",
        "person",
        "day, community, requests, seconds",
        "DELETE FROM usage_day WHERE {whose}"
        " AND day < date(substr(:now, 1, 10), '-1 day')",
    ),
    PersonRows(
        "messages_in_cases",
        "case_message",
        "author_id = :person"
        " AND substr(channel_key, 1, length(:platform) + 1) = :platform || ':'",
        "channel_key message_id author_id author_name text link",
        "number, channel_key, message_id, text, at_utc",
        "UPDATE case_message SET author_id = :nobody, author_name = '', text = '',"
        " link = '' WHERE {whose}",
    ),
    PersonRows(
        "warnings",
        "warning",
        BY_PERSON,
        "platform person_id person_name text",
        "case_number, community_key, text, at_utc",
    ),
    PersonRows(
        "votes_for_drawings",
        "drawn_vote",
        "person_hash = :hash",
        "person_hash",
        "sheet_id, number",
    ),
    PersonRows(
        "drawings",
        "drawn_sheet",
        "person_hash = :hash",
        "person_hash prompt",
        "number, purpose, prompt, made_utc",
    ),
    PersonRows(
        "",
        "desk_visit",
        "person_id = :person AND json_extract(place_json, '$.platform') = :platform",
        "person_id person_name place_json",
    ),
)
