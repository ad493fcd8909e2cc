"""What the page of the settings says."""

from bot.words import T, Text

__all__ = ["SETTINGS_TEXTS"]

SETTINGS_TEXTS: dict[str, Text] = {
    "begin_pause": T("Pause"),
    "channels": T("Channels"),
    "channels_hint": T(
        "Those where something was judged lately, and the page's rooms."
    ),
    "community": T("Community"),
    "community_settings": T("For the whole community"),
    "default": T("as the settings file says"),
    "default_level": T("{level} (settings file)"),
    "end_pause": T("End it"),
    "file": T("The settings file"),
    "file_hint": T(
        "To read only: change config.toml on the machine, and start the bot again. "
        "What may be a secret is hidden."
    ),
    "language": T("Language"),
    "level": T("Safety level"),
    "level_off": T("off"),
    "level_relaxed": T("relaxed"),
    "level_standard": T("standard"),
    "level_strict": T("strict"),
    "model": T("Model"),
    "moderators": T("Moderators' channel"),
    "no_channels": T("I have met no channel of this community yet."),
    "no_pauses": T("Nothing rests."),
    "none_chosen": T("none chosen"),
    "off": T("off"),
    "on": T("on"),
    "pause_text": T("Until when, and why"),
    "pause_text_hint": T("“for 2h” or “until 18:00”, and behind it why, for members."),
    "pause_what": T("What rests"),
    "pauses": T("Pauses"),
    "persona": T("Persona"),
    "redraw": T("Draw it anew"),
    "redraw_hint": T("empty: as before"),
    "redraw_text": T("What its picture shows"),
    "settings": T("Settings"),
    "shadow": T("Only watch"),
    "show_file": T("Show config.toml"),
    "talk": T("When I answer"),
    "talk_always": T("always"),
    "talk_mention": T("when mentioned"),
    "talk_never": T("never"),
    "thresholds_link": T("Thresholds of each category"),
    "until": T("until {time}"),
    "what_chat": T("answers"),
    "what_everything": T("everything"),
    "what_pictures": T("pictures"),
    "what_posts": T("posts"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
