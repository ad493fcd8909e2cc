"""Telegram as a platform."""

import os

# The SDK's own switch for giving durations as timedelta. Without it every one that is
# read warns of a change to come, also the pause that Telegram asks for.
os.environ.setdefault("PTB_TIMEDELTA", "true")
