"""The app's files as a browser gets them: small, kept where they may be, and only those of the build."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from shuke.api.http.pwa import Pwa

SCRIPT = "console.log('熟客')\n" * 100


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "base-x.js").write_text(SCRIPT)
    (tmp_path / "index.html").write_text("<!doctype html><title>熟客</title>")
    (tmp_path / "icon.png").write_bytes(b"\x89PNG")
    (tmp_path / ".made").write_text("of the build, not of the app")
    return tmp_path


@pytest.fixture
async def http(build: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Route("/{path:path}", Pwa(build).__call__)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.example") as client:
        yield client


async def test_text_comes_compressed_to_who_takes_that_and_plain_to_who_does_not(http: httpx.AsyncClient) -> None:
    for offered in ("gzip, br", "br;q=1, gzip;q=0.5"):
        answer = await http.get("/assets/base-x.js", headers={"accept-encoding": offered})
        assert (answer.headers["content-encoding"], answer.text) == ("gzip", SCRIPT)
        assert int(answer.headers["content-length"]) < len(SCRIPT) / 10
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    for offered in ("identity", "gzip;q=0", "br"):
        answer = await http.get("/assets/base-x.js", headers={"accept-encoding": offered})
        assert ("content-encoding" not in answer.headers, answer.text) == (True, SCRIPT)
        assert answer.headers["vary"] == "accept-encoding"


async def test_pictures_come_as_they_are(http: httpx.AsyncClient) -> None:
    answer = await http.get("/icon.png")
    assert "content-encoding" not in answer.headers
    assert answer.content == b"\x89PNG"


async def test_a_file_written_anew_is_not_served_from_before(http: httpx.AsyncClient, build: Path) -> None:
    assert "熟客" in (await http.get("/today")).text
    (build / "index.html").write_text("<!doctype html><title>new</title>")
    assert "new" in (await http.get("/today")).text


async def test_hashed_files_are_kept_for_ever_and_the_shell_is_asked_for_anew(http: httpx.AsyncClient) -> None:
    assert "immutable" in (await http.get("/assets/base-x.js")).headers["cache-control"]
    shell = await http.get("/customers/x")
    assert shell.headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in shell.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/assets/gone",
        "/icons/gone",
        "/gone.png",
        "/gone.css",
        "/assets/base-x.js.map",
        "/.made",
        "/.vite/manifest.json",
        "/../index.html.gz",
    ],
)
async def test_what_is_not_of_the_app_is_not_there(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 404
