import asyncio
import gettext
import itertools
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from typing_extensions import override

from adapters.addressing import nothing_chosen
from adapters.web.adapter import LIMITS, SESSION_SECRET, WebAdapter
from adapters.web.desk_parts import DeskParts
from adapters.web.metering import Metering
from adapters.web.sessions import COOKIE, Sessions
from bot.adapter import Adapter, Limits
from bot.auditing import CommandAudit
from bot.avatars import Avatars
from bot.bans import Bans
from bot.case_actions import CaseActions
from bot.case_desk import CaseDesk
from bot.clock import Clock, SystemClock
from bot.commands.ban import BanDesk, ban_commands
from bot.commands.case import case_command
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.language import language_command
from bot.commands.model import model_command
from bot.commands.moderators import moderators_command
from bot.commands.pause import pause_command, resume_command
from bot.commands.person import PersonDesk, note_command
from bot.commands.persona import persona_command
from bot.commands.registry import Registry, is_command
from bot.commands.safety import safety_command
from bot.commands.talk import talk_command
from bot.commands.verdicts import correct_command
from bot.config import Config, PersonaConfig, WebConfig
from bot.config_quota import QuotaConfig
from bot.generation.requests import Priority
from bot.generation.status import EngineStatus, LoadedModel
from bot.generation.supervisor import WorkerState
from bot.health import LoopLag
from bot.log_ring import LogRing
from bot.messages import Button, Channel, Message, Press, Reply, Role
from bot.metrics import Metrics
from bot.models.machine import Machine
from bot.moderators import Moderators
from bot.pauses import Pauses
from bot.persons import Persons
from bot.preferences import Preferences
from bot.pulse import Pulse
from bot.quotas import Quotas
from bot.reactions import Comment, Reaction, Vote
from bot.safety.fake import FakeClassifier
from bot.safety.filter import FilterChain
from bot.safety.policies import Policies
from bot.safety.policy import STANDARD
from bot.standing import Standing
from bot.store.accounts import AccountRepository
from bot.store.appeals import AppealRepository
from bot.store.audit import AuditRepository
from bot.store.avatars import AvatarRepository
from bot.store.bans import BanRepository
from bot.store.case_people import CasePeople
from bot.store.cases import CaseRepository
from bot.store.corrections import CorrectionRepository
from bot.store.judgements import JudgementRepository
from bot.store.marks import MarkRepository
from bot.store.notes import NoteRepository
from bot.store.rooms import RoomRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.store.usage import UsageRepository
from bot.store.visitors import VisitorRepository
from bot.tasks import Tasks
from bot.words import T, Words
from content.content import Content
from content.fake_desk import FakeDesk
from content.sources.choosing import Sources
from content.text_maker import FakeTextMaker
from tests.stores import new_store

TOKEN = re.compile(r'"form_token":\s*"([0-9a-f]+)"')
VIEWER = re.compile(r'"viewer":\s*"([0-9a-f-]+)"')
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # made once: it takes a while
ANSWER = "Good evening. **Come in**, sit down by the fire.\n\n"


class Upper(gettext.NullTranslations):
    """Stands for another language: it shouts."""

    @override
    def gettext(self, message: str) -> str:
        # What is in braces is filled in later: it keeps its case.
        parts = re.split(r"(\{\w+\})", message)
        return "".join(p if p.startswith("{") else p.upper() for p in parts)


TWO_LANGUAGES = Words({"en": gettext.NullTranslations(), "zh": Upper()})


class ScriptedInbox:
    """Answers through the adapter, piece by piece; `gate` holds the pieces back."""

    def __init__(self) -> None:
        self.adapter: Adapter | None = None
        self.messages: list[Message] = []
        self.presses: list[Press] = []
        self.reactions: list[Reaction] = []
        self.votes: list[Vote] = []
        self.arrived = asyncio.Event()
        self.gate = asyncio.Semaphore(1000)
        self.answer: tuple[str, ...] = (ANSWER,)
        self.final_buttons: tuple[Button, ...] = ()
        self.tasks: set[asyncio.Task[None]] = set()

    def message(self, message: Message) -> None:
        self.messages.append(message)
        self.arrived.set()
        if message.is_to_bot and not is_command(message.text):
            task = asyncio.create_task(self._answer(message))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def edited(self, message: Message) -> None:
        raise AssertionError("the page edits nothing")

    def deleted(self, channel: Channel, message_id: str) -> None:
        raise AssertionError("the page deletes nothing")

    def pressed(self, press: Press) -> None:
        self.presses.append(press)
        self.arrived.set()

    def reacted(self, reaction: Reaction) -> None:
        self.reactions.append(reaction)

    def voted(self, vote: Vote) -> None:
        self.votes.append(vote)

    def commented(self, comment: Comment) -> None:
        raise AssertionError("on the page every message shows what it replies to")

    async def _answer(self, message: Message) -> None:
        assert self.adapter is not None
        reply = self.adapter.open_reply(message, buttons=(Button("Stop", "/stop 1"),))
        for piece in self.answer:
            await self.gate.acquire()
            await reply.feed(piece)
        await reply.finish(
            Reply(
                "".join(self.answer),
                buttons=self.final_buttons,
                reply_to_id=message.id,
            )
        )


@dataclass
class House:
    """A page that is open, and what is behind it."""

    adapter: WebAdapter
    inbox: ScriptedInbox
    accounts: AccountRepository
    rooms: RoomRepository
    visitors: VisitorRepository
    is_ready: list[bool]
    content: Content
    desk: FakeDesk
    parts: DeskParts
    tasks: Tasks
    adapters: dict[str, Adapter]

    @property
    def url(self) -> str:
        return self.adapter.url


@dataclass
class Guest:
    """A browser that only speaks HTTP."""

    client: httpx.AsyncClient
    token: str = ""
    viewer: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def visit(self) -> None:
        page = await self.client.get("/")
        assert page.status_code == 200
        found, viewer = TOKEN.search(page.text), VIEWER.search(page.text)
        assert found
        assert viewer
        self.token, self.viewer = found[1], viewer[1]

    async def post(self, path: str, content: object = None) -> httpx.Response:
        return await self.client.post(
            path,
            json={} if content is None else content,
            headers={"X-Hearthbot-Form": self.token, **self.headers},
        )

    async def say(
        self,
        text: str,
        *,
        room: str = "general",
        reply_to: str = "",
        files: list[tuple[str, bytes, str]] | None = None,
    ) -> httpx.Response:
        fields: list[tuple[str, tuple[str | None, bytes] | tuple[str, bytes, str]]] = [
            ("room", (None, room.encode())),
            ("text", (None, text.encode())),
        ]
        if reply_to:
            fields.append(("reply_to", (None, reply_to.encode())))
        fields += [("files", one) for one in files or ()]
        return await self.client.post(
            "/api/messages",
            files=fields,
            headers={"X-Hearthbot-Form": self.token, **self.headers},
        )

    async def read(self, room: str = "general", query: str = "") -> httpx.Response:
        return await self.client.get(f"/api/rooms/{room}?viewer={self.viewer}{query}")


async def run_nothing(context: CommandContext, arguments: Arguments) -> Answer:
    return Answer("done")


COMMANDS = Registry(
    [
        Command(
            "persona",
            T("Show or choose how I speak."),
            run_nothing,
            (Parameter("name", T("The persona."), choices=lambda: ("hearth", "owl")),),
        ),
        Command(
            "note",
            T("Keep a note."),
            run_nothing,
            (
                Parameter("title", T("A title."), is_required=True),
                Parameter("text", T("The note."), ParameterType.REST),
            ),
        ),
        Command("model", T("Choose the model."), run_nothing, min_role=Role.MODERATOR),
    ],
    TWO_LANGUAGES,
)

OpenHouse = Callable[..., AbstractAsyncContextManager[House]]
OpenGuest = Callable[..., AbstractAsyncContextManager[Guest]]


@pytest.fixture
def two_languages() -> Words:
    return TWO_LANGUAGES


@pytest.fixture
def commands() -> Registry:
    return COMMANDS


def content_of(
    store: Store, adapters: dict[str, Adapter], desk: FakeDesk, clock: Clock
) -> Content:
    return Content(
        config=Config(),
        store=store,
        maker=FakeTextMaker(lambda prompt, params: "It rains."),
        chain=FilterChain([]),
        adapters=adapters,
        words=TWO_LANGUAGES,
        desk=desk,
        clock=clock,
        sources=Sources(store, config_path=store.path),
    )


BUSY = EngineStatus(
    waiting=3,
    running=2,
    worker=WorkerState.READY,
    worker_pid=1,
    worker_rss_bytes=2**30,
    restarts=0,
    models=(LoadedModel("hearth-small", 2**31, 4, 4096),),
    tokens_per_s=41.5,
    is_draining=False,
    lanes={Priority.CHAT: 2, Priority.COMMAND: 1, Priority.POST: 0},
)
DESK_CONFIG = Config(
    personas={
        "hearth": PersonaConfig(summary="Warm.", prompt="Be warm."),
        "owl": PersonaConfig(summary="Wise.", prompt="Be wise."),
    }
)


def people_of(store: Store, clock: Clock) -> PersonDesk:
    quotas = Quotas(
        QuotaConfig(),
        SettingsRepository(store),
        UsageRepository(store),
        clock=clock,
        zone=ZoneInfo("UTC"),
        tasks=Tasks(),
    )
    return PersonDesk(
        persons=Persons(store, TurnRepository(store)),
        notes=NoteRepository(store),
        marks=MarkRepository(store),
        bans=Bans(BanRepository(store), clock, owners=()),
        quotas=quotas,
        words=TWO_LANGUAGES,
        clock=clock,
        zone=ZoneInfo("UTC"),
    )


async def is_moderator(role: Role, channel: Channel) -> bool:
    return role >= Role.MODERATOR


def parts_of(
    store: Store, adapters: dict[str, Adapter], clock: Clock, tasks: Tasks
) -> DeskParts:
    settings, guard = SettingsRepository(store), FakeClassifier({})
    preferences = Preferences(DESK_CONFIG, settings, TWO_LANGUAGES)
    policies, judgements = Policies(STANDARD, settings), JudgementRepository(store)
    corrections = CorrectionRepository(store)
    moderators = Moderators(
        (), adapters=adapters, preferences=preferences, words=TWO_LANGUAGES
    )
    pauses = Pauses(settings, clock)
    avatars = Avatars(
        AvatarRepository(store),
        preferences,
        pauses,
        drawer=None,
        tasks=tasks,
        clock=clock,
    )
    zone = ZoneInfo("UTC")
    cases = CaseDesk(
        CaseRepository(store),
        CasePeople(store),
        judgements=judgements,
        appeals=AppealRepository(store),
        moderators=moderators,
        adapters=adapters,
        preferences=preferences,
        words=TWO_LANGUAGES,
    )
    actions = CaseActions(cases, judgements, corrections, clock)
    people = people_of(store, clock)
    keeping = BanDesk(people.bans, people.persons, moderators, clock, zone)
    registry = Registry(
        [
            *ban_commands(keeping),
            case_command(cases, actions, TWO_LANGUAGES),
            correct_command(judgements, corrections, moderators, clock),
            language_command(preferences),
            model_command(preferences, lambda name: True, TWO_LANGUAGES),
            moderators_command(preferences, adapters),
            note_command(people),
            pause_command(pauses, clock, zone),
            persona_command(preferences, FilterChain([]), TWO_LANGUAGES, avatars),
            resume_command(pauses),
            safety_command(
                policies,
                guard,
                judgements,
                corrections,
                words=TWO_LANGUAGES,
                clock=clock,
            ),
            talk_command(preferences),
        ],
        TWO_LANGUAGES,
        record=CommandAudit(AuditRepository(store)).record,
    )
    return DeskParts(
        pulse=Pulse(lambda: BUSY, LoopLag(), Metrics(clock), clock=clock),
        engine=lambda: BUSY,
        ready=lambda: (True, {"checks": {}}),
        machine=Machine("Linux", (3, 11, 0), 2, 2**33, 2**32),
        registry=registry,
        preferences=preferences,
        avatars=avatars,
        policies=policies,
        classifier=guard,
        cases=cases,
        people=people,
        standing=Standing(adapters, owners=(), may_run=is_moderator, clock=clock),
        log=LogRing(),
        config_text=lambda: 'name = "Hearth"\ntoken = "[hidden]"\n',
    )


@pytest.fixture
def open_house(tmp_path: Path) -> OpenHouse:
    @asynccontextmanager
    async def open_it(
        *,
        clock: Clock | None = None,
        limits: Limits = LIMITS,
        owners: tuple[str, ...] = (),
        has_desk: bool = False,
        bot_name: str = "Hearth",
        metering: Metering | None = None,
        **settings: object,
    ) -> AsyncIterator[House]:
        clock = clock or SystemClock()
        config = WebConfig.model_validate({"port": 0, **settings})
        path = tmp_path / "store.sqlite3"
        async with new_store(path, clock=SystemClock()) as store:
            inbox = ScriptedInbox()
            accounts, rooms = AccountRepository(store), RoomRepository(store)
            visitors = VisitorRepository(store)
            is_ready = [True]
            desk, adapters = FakeDesk(), dict[str, Adapter]()
            content = content_of(store, adapters, desk, clock)
            tasks = Tasks()
            parts = parts_of(store, adapters, clock, tasks)
            adapter = WebAdapter(
                config,
                bot_name=bot_name,
                owners=owners,
                language="en",
                inbox=inbox,
                registry=COMMANDS,
                words=TWO_LANGUAGES,
                rooms=rooms,
                visitors=visitors,
                accounts=accounts,
                alive=lambda: (True, {"loop_lag_ms": 1}),
                ready=lambda: (is_ready[0], {}),
                talk_of=nothing_chosen,
                clock=clock,
                limits=limits,
                content=content if has_desk else None,
                parts=parts if has_desk else None,
                avatars=parts.avatars,
                metering=metering,
            )
            adapters["web"] = adapter
            inbox.adapter = adapter
            async with adapter:
                yield House(
                    adapter,
                    inbox,
                    accounts,
                    rooms,
                    visitors,
                    is_ready,
                    content,
                    desk,
                    parts,
                    tasks,
                    adapters,
                )
                for task in tuple(inbox.tasks):
                    task.cancel()

    return open_it


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house() as opened:
        yield opened


@pytest.fixture
def open_guest() -> OpenGuest:
    names = itertools.count(1)

    @asynccontextmanager
    async def open_it(
        house: House, *, name: str | None = "", headers: dict[str, str] | None = None
    ) -> AsyncIterator[Guest]:
        async with httpx.AsyncClient(
            base_url=house.url, headers=headers, timeout=10, verify=NO_TLS
        ) as client:
            guest = Guest(client)
            await guest.visit()
            if name is not None:
                answer = await guest.post(
                    "/api/name", {"name": name or f"Guest {next(names)}"}
                )
                assert answer.status_code == 200, answer.text
            yield guest

    return open_it


@pytest.fixture
async def guest(house: House, open_guest: OpenGuest) -> AsyncIterator[Guest]:
    async with open_guest(house, name="Ann") as opened:
        yield opened


@pytest.fixture
def open_moderator() -> OpenGuest:
    """Open the browser of a moderator, who has signed in before: at no cost."""

    @asynccontextmanager
    async def open_it(
        house: House, *, name: str = "Mo", clock: Clock | None = None
    ) -> AsyncIterator[Guest]:
        clock = clock or SystemClock()
        sessions = Sessions(
            key=await house.accounts.secret(SESSION_SECRET),
            visitors=house.visitors,
            owners=(),
            clock=clock,
        )
        seated = await sessions.sign_in(sessions.begin())
        await house.visitors.set_name(
            seated.person_id,
            name,
            name_key=name.casefold(),
            seen_utc=clock.now_utc(),
        )
        async with httpx.AsyncClient(
            base_url=house.url, timeout=10, verify=NO_TLS
        ) as client:
            client.cookies.set(COOKIE, sessions.cookie(seated), domain="127.0.0.1")
            yield Guest(client, sessions.form_token(seated))

    return open_it
