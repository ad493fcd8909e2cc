"""The part of the composition root for what is posted."""

from collections.abc import Mapping, Sequence

from bot.adapter import Adapter
from bot.app_safety import SafetyPath
from bot.app_senses import Senses
from bot.community_style import CommunityStyles
from bot.drawing import Drawer
from bot.meaning.meanings import Meanings
from bot.pause import Output
from bot.pauses import Pauses
from bot.store.posts import StoredPost
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from content.content import Content
from content.places import Places
from content.post_cover import PostCovers
from content.sources.choosing import Sources
from content.text_maker import EngineTextMaker

__all__ = ["build_content"]


def build_content(
    store: Store,
    safety: SafetyPath,
    adapters: Mapping[str, Adapter],
    senses: Senses,
    meanings: Meanings,
    pauses: Pauses,
    drawer: Drawer | None,
) -> Content:
    """Build what writes, shows and publishes posts."""
    setup, places = senses.setup, Places(adapters)

    async def are_held(channels: Sequence[str]) -> bool:
        return await pauses.holds(Output.POSTS, places(channels))

    styles = CommunityStyles(SettingsRepository(store))

    async def colours_of(post: StoredPost) -> Sequence[str]:
        schedule = content.calendar.get(post.schedule_id or "")
        found = places(schedule.channels) if schedule is not None else ()
        return (await styles.of(found[0])).palette if found else ()

    content = Content(
        config=setup.config,
        store=store,
        maker=EngineTextMaker(
            senses.engine,
            model=setup.config.models.chat.model,
            deadline_s=setup.config.engine.post_deadline_s,
        ),
        chain=safety.chain,
        adapters=adapters,
        words=setup.words,
        desk=safety.moderators,
        clock=store.clock,
        sources=Sources(
            store,
            config_path=setup.config_path,
            language=setup.config.bot.language,
            lean=setup.config.posts.lean,
            meanings=meanings,
        ),
        covers=PostCovers(
            setup.config.cover, name=setup.config.bot.name, colours_of=colours_of
        ),
        drawer=drawer,
        are_held=are_held,
    )
    return content
