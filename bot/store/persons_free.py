"""What of the store holds nothing of a person, and why; see bot.store.persons_rows."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["PERSONS_FREE", "Free"]


@dataclass(frozen=True, slots=True)
class Free:
    """Columns of a table that name no person and hold no words of theirs."""

    table: str
    columns: str
    because: str


_OF_POSTS = "it is the community's: what the bot wrote, or what moderators planned"
_MODERATORS = "names the moderator who did something as one, as the audit does"

PERSONS_FREE: Sequence[Free] = (
    Free(
        "appeal",
        "state decided_by created_utc decided_utc",
        "how it was decided; `decided_by` names the moderator",
    ),
    Free(
        "audit",
        "at_utc actor actor_name community what subject facts_json prev_hash hash",
        "ids of moderators and what they did, never words; it proves what was done",
    ),
    Free(
        "correction",
        "category stage created_utc",
        "category and stage; whose text it is, is covered",
    ),
    Free(
        "delivery",
        "post_id channel_key nonce state message_id error next_attempt_utc "
        "updated_utc message_ids_json poll_message_id poll_id thread_id "
        "picture_message_id",
        _OF_POSTS,
    ),
    Free(
        "delivery_change",
        "kind actor nonce state error next_attempt_utc created_utc updated_utc",
        _MODERATORS,
    ),
    Free("delivery_message", "place_key message_id", "ids of messages of the bot"),
    Free(
        "feed",
        "url etag last_modified last_checked_utc next_check_utc error",
        "where feeds are, and how reading them went",
    ),
    Free(
        "feed_entry",
        "feed_url entry_id title url summary author feed_title "
        "published_utc first_seen_utc last_seen_utc used_utc",
        "what was published elsewhere",
    ),
    Free(
        "judgement",
        "community_key stage action category filter scores_json created_utc",
        "stage, category, filter and scores; words and names are covered",
    ),
    Free("lesson_step", "post_id schedule_id word meaning at_utc", _OF_POSTS),
    Free(
        "password",
        "name hash updated_utc",
        "the hash of the password that moderators share",
    ),
    Free(
        "picture_hash",
        "community hash further_hashes note added_by created_utc",
        "what moderators listed; `added_by` names who did",
    ),
    Free(
        "post",
        "id schedule_id kind topic language persona status created_utc "
        "updated_utc title body summary poll_json sources_json scene",
        "it is the community's; recaps lose what they quote of a person, and a topic "
        "that was somebody's suggestion gives way to the title",
    ),
    Free("post_hold", "post_id until_utc", _OF_POSTS),
    Free(
        "post_material",
        "post_id material links_json items_json",
        "what is quoted of a person is taken out, see bot.store.quotes",
    ),
    Free(
        "post_picture",
        "post_id content media_type alt title prompt model made_utc",
        _OF_POSTS,
    ),
    Free(
        "post_reaction",
        "post_id channel_key emoji at_utc",
        "an emoji below a post; who it was is covered",
    ),
    Free(
        "post_reply",
        "post_id channel_key at_utc",
        "that there was one; who it was is covered",
    ),
    Free("post_total", "post_id channel_key what message_id name", "counts"),
    Free(
        "post_transition",
        "post_id from_status to_status actor reason at_utc",
        _MODERATORS,
    ),
    Free(
        "post_vote",
        "post_id channel_key answers_json at_utc",
        "an answer of a poll; who it was is covered",
    ),
    Free("rating", "created_utc", "whether it was good; who found so is covered"),
    Free(
        "report", "community_key created_utc", "which community; who and why is covered"
    ),
    Free("review", "post_id communities_json expires_utc ask_utc", _OF_POSTS),
    Free(
        "review_press",
        "post_id action at_utc",
        "which post and which decision; who and why is covered",
    ),
    Free("room_file", "id media_type", "its random id and kind; the rest is covered"),
    Free(
        "room_message",
        "room created_utc post_id poll_json",
        "which room, and polls of posts; words and names are covered",
    ),
    Free("room_reaction", "emoji", "which emoji; who it was is covered"),
    Free(
        "schedule",
        "id kind channels_json topics_json cron at_utc timezone persona "
        "language source config_hash created_utc topic_source feeds_json "
        "folder quiet_hours in_quiet_hours until_date misfire community "
        "tags_json mention_role",
        _OF_POSTS,
    ),
    Free(
        "schedule_run",
        "schedule_id due_utc state reason post_id updated_utc",
        _OF_POSTS,
    ),
    Free(
        "seat",
        "session_key expires_utc",
        "a random key of who signed in, until it expires",
    ),
    Free("secret", "name value created_utc", "random bytes"),
    Free(
        "seen_message",
        "platform channel_key message_id seen_utc",
        "ids of messages, for a week, so that none is answered twice",
    ),
    Free("setting", "updated_utc", "when it was set; whose it is and what is covered"),
    Free("slot_move", "schedule_id slot_utc to_utc by_name moved_utc", _MODERATORS),
    Free("start", "started_utc", "when the bot was started"),
    Free(
        "story_part",
        "post_id schedule_id title plan characters_json plot_json "
        "last_lines updated_utc",
        _OF_POSTS,
    ),
    Free(
        "suggestion",
        "community_key state created_utc settled_utc",
        "which community and what became of it; the rest is covered",
    ),
    Free("suggestion_vote", "created_utc", "which suggestion; who voted is covered"),
    Free(
        "trace",
        "model persona finish_reason created_utc",
        "which model and persona, and how it ended",
    ),
    Free("turn", "created_utc", "the rest of a turn is covered by its rows"),
    Free(
        "turn_message", "scope message_id", "ids of messages; they go with their turn"
    ),
    Free("visitor", "seen_utc", "when they were here; the rest is covered"),
    Free(
        "ban",
        "place kind until_utc by_id by_name created_utc told_utc appealed_utc",
        _MODERATORS,
    ),
    Free("case_message", "at_utc", "when it came into the case; the rest is covered"),
    Free(
        "case_note",
        "what by_id by_name text at_utc",
        "what a moderator did or noted; quotes are taken out, see bot.store.quotes",
    ),
    Free(
        "desk_visit",
        "key role seen_utc expires_utc",
        "a hash, and how long it is good for; whose it is, is covered",
    ),
    Free(
        "drawn_picture", "sheet_id content", "what a model drew; it goes with its sheet"
    ),
    Free(
        "drawn_sheet",
        "id place_hash purpose model made_utc",
        "what it was for; whose it is and the words are covered",
    ),
    Free(
        "drawn_message",
        "message_id sheet_id",
        "ids of messages; they go with their sheet",
    ),
    Free("drawn_vote", "sheet_id", "which drawings; who voted is covered"),
    Free("link_code", "expires_utc", "until when it is good; whose it is, is covered"),
    Free("link_try", "at_utc", "when; who tried is covered"),
    Free("linked_account", "linked_utc", "when; whose it is, is covered"),
    Free(
        "memory",
        "created_utc updated_utc",
        "when; whose it is and the words are covered",
    ),
    Free("memory_use", "created_utc", "when; which answer is covered"),
    Free(
        "moderation_case",
        "kind state community_key owner_id owner_name outcome cards_json created_utc"
        " updated_utc",
        _MODERATORS,
    ),
    Free(
        "person_note",
        "community created_utc",
        "which community; about whom, by whom and what is covered",
    ),
    Free(
        "persona_avatar",
        "community persona prompt content model made_utc",
        "what a persona looks like; no private chat is named",
    ),
    Free("seal_key", "id proof first_used_utc", "which keys are in use"),
    Free("usage_day", "day community", "which day and community; who is covered"),
    Free("warning", "community_key by_id by_name at_utc", _MODERATORS),
    Free("watch_count", "channel_key day what", "counts by channel, never whose"),
)
