"""0006, on a database with a key as 0005 left it: the key goes on working, for all stores, at the usual rate."""

import hashlib

from tortoise import Tortoise
from tortoise.migrations.api import migrate as run_migrations

from shuke.domains.identity import service
from shuke.kit import db
from shuke.kit.ids import new_id
from tests.servers import fresh_database

BRAND = "INSERT INTO brand (id, name, currency, timezone, locale) VALUES ($1, '好孕来', 'CNY', 'Asia/Shanghai', 'en')"
KEY = "INSERT INTO partner_key (id, brand_id, name, token_hash, scopes) VALUES ($1, $2, 'till', $3, 'ingest read')"


async def test_a_key_from_before_works_as_it_did() -> None:
    async with fresh_database() as url:
        before = "shuke.0005_one_index_finds_receipts"
        await run_migrations(config=db.config(url, 1), app_labels=["shuke"], target=before, direction="forward")
        await Tortoise.close_connections()
        await db.connect(url)
        brand_id = new_id()
        await db.execute(BRAND, brand_id)
        await db.execute(KEY, new_id(), brand_id, hashlib.sha256(b"shuke_old").digest())
        await db.disconnect()
        await db.migrate(url)
        await db.connect(url)
        caller = await service.by_key("shuke_old")
        assert caller and caller.actor.scopes == {"ingest", "read"} and caller.actor.stores is None
        assert caller.allowance.limit == 600
        await db.disconnect()
