"""What the frame of the moderators' desk says, on every page of it."""

from bot.words import T, Text

__all__ = ["DESK_TEXTS"]

DESK_TEXTS: dict[str, Text] = {
    "cancel": T("Cancel"),
    "close": T("Close"),
    "desk": T("Moderators' desk"),
    "enter_again": T("Sign in with the password"),
    "entering": T("Coming to the desk"),
    "leave": T("Sign out"),
    "leave_everywhere": T("On all my devices"),
    "leave_here": T("Only here"),
    "leave_hint": T(
        "A link of mine brought you here. You can sign out here, or wherever such a "
        "link was used."
    ),
    "name": T("Your name"),
    "name_hint": T("The others see it beside what you decide."),
    "offline": T("The connection is lost. I keep trying …"),
    "pages": T("Pages of the desk"),
    "password": T("Password"),
    "password_hint": T("It was printed where the bot was started for the first time."),
    "return": T("Go on"),
    "rooms": T("Rooms"),
    "save": T("Save"),
    "sign_in": T("Sign in as moderator"),
    "skip_to_content": T("Skip to the content"),
    "try_again": T("That did not work. Please try again."),
}
"""By the name that the desk uses; what is in braces is filled in by the page."""
