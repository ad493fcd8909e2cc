"""Builds what judges pictures, as the settings want it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.config_safety import PicturesConfig
from bot.errors import MissingError
from bot.messages import Channel
from bot.preferences import community_key
from bot.safety.filters import PictureParts
from bot.safety.pictures.nsfw import NsfwClassifier
from bot.safety.pictures.opener import ProcessOpener
from bot.safety.pictures.perceptual_hash import HashList
from bot.safety.pictures.picture import PictureLimits
from bot.safety.pictures.pp_ocr import PpOcr, ocr_folder
from bot.safety.pictures.text_in_picture import LineReader
from bot.setup import Setup
from bot.store.picture_hashes import PictureHashRepository
from bot.store.store import Store

__all__ = ["open_pictures"]

logger = structlog.get_logger(__name__)


@asynccontextmanager
async def open_pictures(
    setup: Setup, store: Store
) -> AsyncIterator[PictureParts | None]:
    """Open what judges pictures; None where the settings do not want it.

    Processes and weights are loaded with the first picture.
    """
    config = setup.config.safety.pictures
    if not config.enabled:
        yield None
        return
    hashes = PictureHashRepository(store)

    async def hashes_of(channel: Channel | None) -> HashList:
        return await hashes.list_of("" if channel is None else community_key(channel))

    classifier, reader = NsfwClassifier(), _reader(config, store)
    try:
        async with ProcessOpener(
            _limits(config), time_limit_s=config.time_limit_s
        ) as opener:
            yield PictureParts(
                opener=opener,
                classifier=classifier,
                hashes_of=hashes_of,
                reader=reader,
                max_distance=config.max_distance,
            )
    finally:
        classifier.close()
        if reader is not None:
            reader.close()


def _limits(config: PicturesConfig) -> PictureLimits:
    return PictureLimits(
        max_bytes=config.max_bytes,
        max_pixels=config.max_pixels,
        max_total_pixels=config.max_total_pixels,
        max_frames=config.max_frames,
        num_samples=config.num_samples,
    )


def _reader(config: PicturesConfig, store: Store) -> LineReader | None:
    if not config.read_text:
        return None
    try:
        folder = ocr_folder()
    except MissingError as error:
        logger.warning("text in pictures is not judged", reason=str(error))
        return None
    return LineReader(
        lambda: PpOcr(folder), clock=store.clock, time_limit_s=config.read_time_s
    )
