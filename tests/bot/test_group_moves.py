"""A community on Telegram whose group becomes a supergroup, with all it has."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.app import App
from bot.cases import CaseMessage
from bot.messages import Author, Channel, Role
from bot.moderators import Moderators
from bot.preferences import community_key
from bot.setup import Setup
from bot.store.bans import Ban, BanKind
from bot.store.case_intake import CaseIntake
from bot.store.notes import Note
from bot.store.posts import StoredPost
from bot.store.schedules import ScheduleSource, StoredSchedule
from bot.words import T
from content.posts import PostStatus
from tests.bot.test_on_telegram import opened, said
from tests.telegram_server.chats import Chat
from tests.telegram_server.server import Person, TelegramServer

MO = Author("77", "Mo", Role.MODERATOR)


@dataclass
class Village:
    """A group in which something was set, noted and done."""

    app: App
    group: Chat
    ada: Person
    bo: Person
    case: int = 0

    def place(self, chat: Chat) -> Channel:
        return self.app.adapters["telegram"].channel(str(chat.id))

    async def settle(self) -> None:
        """Do once whatever belongs to the community by its key."""
        app, place = self.app, self.place(self.group)
        community, now_utc = community_key(place), app.clock.now_utc()
        await app.preferences.set_community_language(place, "zh")
        await app.preferences.set_moderator_channel(community, place)
        bo = Author(str(self.bo.id), "Bo")
        ban = Ban(community, "telegram", bo.id, BanKind.BAN, "Bo", MO.id, "Mo", now_utc)
        await app.people.bans.put(replace(ban, told_utc=now_utc))
        note = Note("shouts", MO.id, MO.name, now_utc)
        await app.people.desk.notes.add(community, "telegram", bo.id, note)
        message = CaseMessage(place.key, "7", bo.id, "Bo", "AAA")
        found = await CaseIntake(app.store).report(
            message, place, Author(str(self.ada.id), "Ada"), reason="loud"
        )
        assert found is not None
        self.case = found[0].number
        schedule = StoredSchedule(
            id="foxes",
            kind="article",
            channels=(place.key,),
            topics=("Foxes",),
            timezone="UTC",
            created_utc=now_utc,
            cron="0 9 * * *",
            source=ScheduleSource.COMMAND,
            community=community,
        )
        await app.content.calendar.put(schedule)

    async def kept(self, chat: Chat) -> tuple[object, ...]:
        """Return what is found again when one asks by the chat's id of today."""
        app, place = self.app, self.place(chat)
        community = community_key(place)
        case = await app.casework.desk.find(self.case, place, MO)
        ada = Author(str(self.ada.id), "Ada")
        return (
            await app.preferences.language(place, None),
            await app.preferences.moderator_channel(community) == place.key,
            [ban.person_name for ban in await app.people.bans.lasting(community)],
            [
                note.text
                for note in await app.people.desk.notes.of(
                    community, "telegram", str(self.bo.id), limit=9
                )
            ],
            case.number == self.case,
            [one.id for one in await app.content.rights.visible(MO, place)],
            (await app.people.quotas.used(place, ada)).person.requests,
        )

    async def publish(self, chat: Chat, post_id: str) -> PostStatus:
        """Bring a post to the channel of its schedule."""
        content, now_utc = self.app.content, self.app.clock.now_utc()
        post = StoredPost(
            id=post_id,
            kind="article",
            topic="Foxes",
            status="drafting",
            language="en",
            persona="hearth",
            created_utc=now_utc - timedelta(seconds=1),
            updated_utc=now_utc,
            title="Foxes",
            body="They hear a mouse under the snow.",
        )
        await content.posts.create(post, actor="writer")
        await content.posts.transition(
            post_id, "drafting", "approved", actor="writer", reason=T("good")
        )
        (schedule,) = await content.rights.visible(MO, self.place(chat))
        return await content.outgoing.publisher.publish(post_id, schedule.channels)


async def test_all_that_belongs_to_it_is_there_and_a_post_goes_out_once(
    make_setup: Callable[..., Setup],
) -> None:
    async with TelegramServer() as server:
        ada, bo = server.user("Ada"), server.user("Bo")
        group = server.group("Village", ada, bo)
        await server.owner.promote(group, server.bot)
        async with opened(make_setup, server, echo=True) as app:
            village = Village(app, group, ada, bo)
            await ada.write(group, "@hearth_bot one")
            await said(server, group)
            await app.responder.idle()
            await village.settle()
            before = await village.kept(group)
            assert before == ("zh", True, ["Bo"], ["shouts"], True, ["foxes"], 1)

            large = await server.owner.migrate(group)
            await server.owner.promote(large, server.bot)
            # Who is banned stays so, and what was used goes on being counted.
            await bo.write(large, "@hearth_bot let me in")
            await ada.write(large, "@hearth_bot two")
            await said(server, large)
            await app.responder.idle()
            (answer,) = large.by(server.bot)
            assert "two" in answer.text
            assert await village.kept(large) == (*before[:-1], 2)
            assert await village.kept(group) == (*before[:-1], 2)

            # The owner may name it by either id.
            for named in (group, large):
                moderators = Moderators(
                    [f"telegram:{named.id}"],
                    adapters=app.adapters,
                    preferences=app.preferences,
                    words=app.setup.words,
                )
                assert await moderators.oversees("", village.place(large))
                assert not await moderators.oversees(
                    "", village.place(server.private(ada))
                )

            assert await village.publish(large, "p1") is PostStatus.PUBLISHED
            posts = [one for one in large.by(server.bot) if "mouse" in one.text]
            assert len(posts) == 1
            (delivery,) = await app.content.deliveries.of_post("p1")
            assert delivery.published is not None
            assert delivery.published.message_ids == (f"s{posts[0].id}",)
