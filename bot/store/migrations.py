"""The tables, as numbered steps from an empty file to today's.

A step that was released is never changed; what comes later is a new one at the end.
Columns carry unit and zone: `_utc` is ISO text in UTC, `_ms` milliseconds. A `scope`
column is `Scope.key`, see bot.store.columns.
"""

from sqlite_utils import Migrations

from bot.store.migrations_after import m012_after
from bot.store.migrations_answers import m006_answers
from bot.store.migrations_audit import m017_audit
from bot.store.migrations_cases import m023_cases
from bot.store.migrations_desk import m024_desk
from bot.store.migrations_drawn import m027_drawn
from bot.store.migrations_faces import m026_faces
from bot.store.migrations_feedback import m014_feedback
from bot.store.migrations_first import (
    m001_conversation,
    m002_judgement,
    m003_posts,
    m004_rooms,
)
from bot.store.migrations_links import m022_links
from bot.store.migrations_material import m016_material
from bot.store.migrations_members import m020_members
from bot.store.migrations_memory import m021_memory
from bot.store.migrations_moved import m015_moved
from bot.store.migrations_people import m019_people
from bot.store.migrations_pictures import m013_pictures
from bot.store.migrations_publishing import m010_publishing
from bot.store.migrations_review import m007_review
from bot.store.migrations_safety import m005_safety
from bot.store.migrations_schedules import m009_schedules
from bot.store.migrations_sealing import m025_sealing
from bot.store.migrations_sources import m008_sources
from bot.store.migrations_stickers import m018_stickers
from bot.store.migrations_stories import m011_stories

__all__ = [
    "MIGRATIONS",
    "m001_conversation",
    "m002_judgement",
    "m003_posts",
    "m004_rooms",
    "m005_safety",
    "m006_answers",
    "m007_review",
    "m008_sources",
    "m009_schedules",
    "m010_publishing",
    "m011_stories",
    "m012_after",
    "m013_pictures",
    "m014_feedback",
    "m015_moved",
    "m016_material",
    "m017_audit",
    "m018_stickers",
    "m019_people",
    "m020_members",
    "m021_memory",
    "m022_links",
    "m023_cases",
    "m024_desk",
    "m025_sealing",
    "m026_faces",
    "m027_drawn",
]

MIGRATIONS = Migrations("hearthbot")
for _step in (
    m001_conversation,
    m002_judgement,
    m003_posts,
    m004_rooms,
    m005_safety,
    m006_answers,
    m007_review,
    m008_sources,
    m009_schedules,
    m010_publishing,
    m011_stories,
    m012_after,
    m013_pictures,
    m014_feedback,
    m015_moved,
    m016_material,
    m017_audit,
    m018_stickers,
    m019_people,
    m020_members,
    m021_memory,
    m022_links,
    m023_cases,
    m024_desk,
    m025_sealing,
    m026_faces,
    m027_drawn,
):
    MIGRATIONS()(_step)
