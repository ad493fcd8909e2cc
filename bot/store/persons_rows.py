"""All that is kept of a person: which rows, what an export gives, how they go.

A table that comes to hold a person's id or words gets a line here, else a line with the
reason in bot.store.persons_free; a test reads the schema and misses whatever is in
neither. The conditions are SQL, with these values:

    :platform, :person      who it is
    :who                    `platform:person`
    :prefix, :end           how `Scope.key` begins on their platform, and how it ends
                            in a channel that is theirs alone
    :hash                   their keyed hash, see bot.store.feedback
    :nobody                 what stands in the place of their id afterwards
    :now                    the time, as a column
"""

from collections.abc import Sequence

from bot.store.person_rows import BY_PERSON, PersonRows
from bot.store.persons_dealings import PERSONS_DEALINGS

__all__ = ["PERSONS_ROWS"]


_THERE = "substr(scope, 1, length(:prefix)) = :prefix"
_ALONE = f"({_THERE} AND substr(scope, -length(:end)) = :end)"
_OWN_TURN = f"(role = 'user' AND ((author_id = :person AND {_THERE}) OR {_ALONE}))"
_ANSWER = (
    "id IN (SELECT answer.id FROM turn AS own JOIN turn AS answer"
    " ON answer.scope = own.scope AND answer.reply_to_id = own.message_id"
    " WHERE own.role = 'user' AND own.author_id = :person AND answer.role = 'assistant'"
    " AND substr(own.scope, 1, length(:prefix)) = :prefix)"
)
_JUDGED = f"author_id = :person AND {_THERE}"
# An answer in a channel of many may have words of others in it.
_JUDGED_TEXT = f"CASE WHEN stage = 'input' OR {_ALONE} THEN text ELSE '' END AS text"
_TRACED = (
    f"({_ALONE} OR (scope, message_id) IN (SELECT scope, message_id FROM turn"  # noqa: S608
    f" WHERE role = 'user' AND author_id = :person AND {_THERE})"
    " OR (scope, message_id) IN (SELECT scope, message_id FROM judgement"
    f" WHERE {_JUDGED}))"
)
_IN_ROOM = ":platform = 'web' AND author_id = :person AND NOT is_bot"
_FOR_THEM = (
    ":platform = 'web' AND (audience_id = :person OR (is_bot AND reply_to_id IN"
    " (SELECT id FROM room_message WHERE author_id = :person AND NOT is_bot)))"
)
_UNDER = (
    "message_id IN (SELECT id FROM room_message WHERE"  # noqa: S608
    f" ({_IN_ROOM}) OR ({_FOR_THEM}))"
)
_PRESSED = (
    "person_id = :person AND post_id IN (SELECT post_id FROM review WHERE"
    " instr(communities_json, '\"community:' || :platform || ':') > 0)"
)

# In this order they are forgotten: what is found by other rows goes before those.
PERSONS_ROWS: Sequence[PersonRows] = (
    *PERSONS_DEALINGS,
    PersonRows(
        "traces",
        "trace",
        _TRACED,
        "scope message_id request_id error_id",
        "model, persona, created_utc, duration_ms, prompt_tokens, completion_tokens,"
        " finish_reason",
    ),
    PersonRows(
        "ratings",
        "rating",
        BY_PERSON,
        "scope question_id platform person_id",
        "scope, question_id, is_good, created_utc",
    ),
    PersonRows(
        "answers",
        "turn",
        f"role = 'assistant' AND {_ALONE}",
        "scope text message_id reply_to_id author_id author_name role",
        "scope, message_id, reply_to_id, text, created_utc",
    ),
    PersonRows(
        "answers_among_others",
        "turn",
        f"{_ANSWER} AND NOT {_ALONE}",
        "scope text message_id reply_to_id author_id author_name role",
        "scope, message_id, reply_to_id, created_utc",
    ),
    PersonRows(
        "messages",
        "turn",
        _OWN_TURN,
        "scope text message_id reply_to_id author_id author_name role",
        "scope, message_id, reply_to_id, author_name, text, created_utc",
    ),
    PersonRows(
        "examples",
        "correction",
        "platform = :platform AND author_id = :person",
        "text platform author_id",
        "category, is_harmful, stage,"
        " CASE stage WHEN 'input' THEN text ELSE '' END AS text, created_utc",
    ),
    PersonRows(
        "examples_chosen",
        "correction",
        "by_id = :who",
        "by_id",
        "judgement_id, category, is_harmful, created_utc",
        "UPDATE correction SET by_id = :nobody WHERE {whose}",
    ),
    PersonRows(
        "verdicts",
        "judgement",
        _JUDGED,
        "scope channel_key message_id author_id author_name reason verdicts_json text",
        "id, channel_key, message_id, stage, action, category, score, filter, reason,"
        f" {_JUDGED_TEXT}, created_utc",
    ),
    PersonRows(
        "reports",
        "report",
        BY_PERSON,
        "channel_key message_id platform person_id person_name reason",
        "id, channel_key, message_id, reason, created_utc",
    ),
    PersonRows(
        "appeals",
        "appeal",
        "person_id = :person"
        " AND substr(channel_key, 1, length(:platform) + 1) = :platform || ':'",
        "channel_key person_id person_name",
        "id, judgement_id, state, created_utc, decided_utc",
    ),
    PersonRows(
        "votes",
        "suggestion_vote",
        BY_PERSON,
        "platform person_id",
        "number, created_utc",
    ),
    # The row stays, empty, for those who voted.
    PersonRows(
        "suggestions",
        "suggestion",
        BY_PERSON,
        "text text_key platform person_id person_name",
        "number, community_key, text, state, created_utc",
        "UPDATE suggestion SET text = '', text_key = 'forgotten ' || number,"
        " person_id = :nobody, person_name = '', settled_utc ="
        " coalesce(settled_utc, :now), state = CASE state WHEN 'open' THEN 'refused'"
        " ELSE state END WHERE {whose}",
    ),
    PersonRows(
        "room_files",
        "room_file",
        "message_id IN (SELECT id FROM room_message"  # noqa: S608
        f" WHERE {_IN_ROOM})",
        "message_id name content description",
        "message_id, name, media_type, description, content",
    ),
    PersonRows("", "room_file", _UNDER, "message_id name content description"),
    PersonRows(
        "room_reactions",
        "room_reaction",
        ":platform = 'web' AND person_id = :person",
        "message_id person_id",
        "message_id, emoji",
    ),
    PersonRows("", "room_reaction", _UNDER, "message_id person_id"),
    PersonRows(
        "room_votes",
        "room_vote",
        ":platform = 'web' AND person_id = :person",
        "message_id person_id",
        "message_id, answer",
    ),
    PersonRows("", "room_vote", _UNDER, "message_id person_id"),
    PersonRows(
        "room_answers",
        "room_message",
        _FOR_THEM,
        "text reply_to_id audience_id buttons_json",
        "id, room, reply_to_id, created_utc",
    ),
    PersonRows(
        "room_messages",
        "room_message",
        _IN_ROOM,
        "id author_id author_name text nonce",
        "id, room, author_name, text, created_utc",
    ),
    PersonRows(
        "visitor",
        "visitor",
        ":platform = 'web' AND id = :person",
        "id name name_key language",
        "name, language, seen_utc",
    ),
    *(
        PersonRows(name, table, "person_hash = :hash", covers, shown)
        for name, table, covers, shown in (
            (
                *("reactions_below_posts", "post_reaction", "person_hash"),
                "post_id, channel_key, emoji, at_utc",
            ),
            (
                *("votes_below_posts", "post_vote", "person_hash"),
                "post_id, channel_key, answers_json, at_utc",
            ),
            (
                *("replies_below_posts", "post_reply", "person_hash message_hash"),
                "post_id, channel_key, at_utc",
            ),
        )
    ),
    PersonRows(
        "settings",
        "setting",
        "key = 'person:' || :who",
        "key name value",
        "name, value, updated_utc",
        # That somebody wants nothing kept must be kept; see bot.keeping.
        "DELETE FROM setting WHERE {whose} AND name != 'keep'",
    ),
    PersonRows(
        "",
        "setting",
        "(key = 'discord:direct' AND :platform = 'discord' AND value = :person)"
        " OR (key = 'telegram:questions' AND :platform = 'telegram'"
        " AND json_extract(value, '$.person') = :person)",
        "key name value",
    ),
    # Whose words are in a button is not known: those with any go for everybody.
    PersonRows(
        "",
        "setting",
        "key = :platform || ':buttons' AND instr(value, '/imagine ') > 0",
        "key name value",
    ),
    PersonRows(
        "decisions_on_posts",
        "review_press",
        _PRESSED,
        "person_id person_name note",
        "post_id, action, note, at_utc",
        "UPDATE review_press SET person_id = :nobody, person_name = '', note = ''"
        " WHERE {whose}",
    ),
)
