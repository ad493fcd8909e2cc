"""What the page itself says: labels, hints and kind refusals."""

from bot.words import T, Text, Words

__all__ = ["PAGE_TEXTS", "say_all"]

PAGE_TEXTS: dict[str, Text] = {
    "attach": T("Attach files"),
    "bot": T("Bot"),
    "bot_writes": T("{name} is writing …"),
    "cancel": T("Cancel"),
    "change_name": T("Change name"),
    "close": T("Close"),
    "commands": T("Commands"),
    "composer": T("Write a message"),
    "composer_hint": T(
        "Enter sends, Shift and Enter begins a new line, / shows commands."
    ),
    "copied": T("Copied"),
    "copy": T("Copy"),
    "dark": T("Dark"),
    "desk": T("Moderators' desk"),
    "drop_here": T("Drop files here"),
    "earlier": T("Show earlier messages"),
    "edited": T("edited"),
    "empty_room": T("Nothing has been said here yet. Say hello!"),
    "empty_quiet_room": T("Nothing has been posted here yet."),
    "face_of": T("Persona: {persona}"),
    "file_too_large": T(
        "“{name}” is larger than {max} MB. Please send something smaller."
    ),
    "go_to_newest": T("New messages"),
    "here_now": T("Here now"),
    "language": T("Language"),
    "light": T("Light"),
    "members": T("People"),
    "moderator": T("Moderator"),
    "name": T("Your name"),
    "name_hint": T("The others see it beside what you write. You can change it later."),
    "offline": T("The connection is lost. I keep trying …"),
    "only_you": T("Only you see this"),
    "open_rooms": T("Show rooms"),
    "password": T("Password"),
    "password_hint": T("It was printed where the bot was started for the first time."),
    "quote_gone": T("An earlier message"),
    "poll_over": T("this poll has ended"),
    "one_vote": T("1 vote"),
    "reactions": T("Reactions"),
    "remove": T("Remove"),
    "reply": T("Reply"),
    "replying_to": T("Replying to {name}"),
    "required": T("required"),
    "right_answer": T("the right answer"),
    "rooms": T("Rooms"),
    "run": T("Run"),
    "save": T("Save"),
    "seat_ended": T(
        "Your time as moderator has ended. Sign in again when you need it; you are "
        "still in the rooms."
    ),
    "send": T("Send"),
    "sign_in": T("Sign in as moderator"),
    "sign_out": T("Sign out"),
    "system": T("Auto"),
    "text_too_long": T(
        "This is {n} characters long; {max} fit into a message. Send it as a file "
        "instead: with the paper clip, or drop it here."
    ),
    "theme": T("Appearance"),
    "today": T("Today"),
    "too_many_files": T("A message can carry {max} files."),
    "try_again": T("That did not work. Please try again."),
    "unread": T("unread"),
    "votes": T("{n} votes"),
    "welcome": T("Welcome"),
    "yesterday": T("Yesterday"),
    "you": T("you"),
    "your_vote": T("your vote"),
}  # fmt: skip
"""By the name that the page uses; what is in braces is filled in by the page."""


def say_all(words: Words, language: str) -> dict[str, str]:
    """Return every text of the page in a language."""
    return {name: words.say(text, language) for name, text in PAGE_TEXTS.items()}
