"""The front gate over HTTP: GraphQL, health, the app's files."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from shuke.api.context import from_request
from shuke.api.http import copies, exports, health, links, paper, uploads
from shuke.api.http.graphql import graphql_endpoint
from shuke.api.http.live import Live
from shuke.api.http.pwa import Pwa
from shuke.api.schema import make_schema, schema
from shuke.app.log import configure, mind
from shuke.app.settings import Settings
from shuke.app.side import side_door
from shuke.app.watch import Watch
from shuke.kit import db, queue
from shuke.kit.live import Hub


def create_app(settings: Settings | None = None, side: socket.socket | None = None) -> Starlette:
    """The ASGI app; connects when it starts and disconnects when it stops. `side` listens for figures and health."""
    chosen = settings or Settings.load()
    configure(chosen.log)
    hub = Hub()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        assert chosen.database_url and chosen.redis_url
        mind(asyncio.get_running_loop())
        await db.connect(chosen.database_url)
        queue.configure(chosen.redis_url)
        hearing = asyncio.create_task(hub.run(chosen.database_url))
        try:
            async with side_door(side):
                yield
        finally:
            hearing.cancel()
            await queue.close()
            await db.disconnect()

    chosen_schema = schema if chosen.introspection else make_schema(introspection=False)
    routes = [
        Route("/graphql", graphql_endpoint(chosen_schema, from_request, graphiql=chosen.graphiql)),
        Route("/imports", uploads.receive, methods=["POST"]),
        Route("/imports/{id}/report.csv", uploads.report),
        Route("/exports/copies/{id}", copies.fetch),
        Route("/imports/{id}/failed.xlsx", uploads.failed),
        Route("/exports/{id}", exports.fetch),
        Route("/paper-cards", paper.receive, methods=["POST"]),
        Route("/paper-cards/{id}/photo", paper.photo),
        Route("/c/{token}", links.show),
        Route("/c/{token}", links.fill, methods=["POST"]),
        Route("/live", Live(hub).answer),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready),
        Route("/{path:path}", Pwa(pwa_folder()).__call__),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Watch)], lifespan=lifespan)


def pwa_folder() -> Path:
    """Where the built app lies: SHUKE_PWA, else beside the package (an installed wheel), else the checkout's build."""
    package = Path(__file__).parent.parent
    places = [Path(os.environ["SHUKE_PWA"])] if os.environ.get("SHUKE_PWA") else []
    places += [package / "pwa", package.parent.parent / "pwa" / "dist"]
    return next((place for place in places if (place / "index.html").is_file()), places[-1])
