"""The pages of the moderators' desk: a new one is a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.routing import Route

from adapters.web.desk_audit import AUDIT_TEXTS, audit_routes
from adapters.web.desk_calendar import calendar_routes
from adapters.web.desk_calendar_texts import CALENDAR_TEXTS
from adapters.web.desk_cases import CASES_TEXTS, cases_routes
from adapters.web.desk_door import DeskDoor
from adapters.web.desk_logs import LOGS_TEXTS, logs_routes
from adapters.web.desk_people import PEOPLE_TEXTS, people_routes
from adapters.web.desk_posts import POSTS_TEXTS, posts_routes
from adapters.web.desk_review import REVIEW_TEXTS, review_routes
from adapters.web.desk_settings import SETTINGS_TEXTS, settings_routes
from adapters.web.desk_statistics import STATISTICS_TEXTS, statistics_routes
from adapters.web.desk_status import STATUS_TEXTS, status_routes
from adapters.web.desk_verdicts import VERDICTS_TEXTS, verdicts_routes
from bot.messages import Role
from bot.words import T, Text
from content.content import Content

__all__ = ["DESK_PAGES", "DeskPage"]


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One page of the desk.

    Its address is `/desk/<name>`. What draws it is `open(main, desk)` of
    `static/desk_<name>.js`, styled by `static/desk_<name>.css`, and its drawing in the
    navigation is the symbol of its name in `static/desk.svg`.

    Attributes:
        name: a to z.
        label: what the navigation calls it.
        texts: what the page says, by the name that it uses.
        routes: makes the routes that it asks, below `/desk/api/`, by `DeskDoor.route`.
        least_role: others do not find it.
    """

    name: str
    label: Text
    texts: Mapping[str, Text]
    routes: Callable[[Content, DeskDoor], list[Route]]
    least_role: Role = Role.MODERATOR


DESK_PAGES: tuple[DeskPage, ...] = (
    DeskPage("calendar", T("Calendar"), CALENDAR_TEXTS, calendar_routes),
    DeskPage("review", T("Review"), REVIEW_TEXTS, review_routes),
    DeskPage("posts", T("Posts"), POSTS_TEXTS, posts_routes),
    DeskPage("cases", T("Cases"), CASES_TEXTS, cases_routes),
    DeskPage("people", T("People"), PEOPLE_TEXTS, people_routes),
    DeskPage("statistics", T("Statistics"), STATISTICS_TEXTS, statistics_routes),
    DeskPage("status", T("Status"), STATUS_TEXTS, status_routes),
    DeskPage("verdicts", T("Verdicts"), VERDICTS_TEXTS, verdicts_routes),
    DeskPage("audit", T("Audit"), AUDIT_TEXTS, audit_routes),
    DeskPage("settings", T("Settings"), SETTINGS_TEXTS, settings_routes),
    DeskPage("logs", T("Log"), LOGS_TEXTS, logs_routes, Role.OWNER),
)
"""In the order of the navigation; the first is where one comes in."""
