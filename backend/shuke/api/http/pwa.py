"""The app's files: hashed assets for ever, the shell always asked for anew, 404 for what is missing, strict headers."""

import gzip
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(self)",
}
SHRINKING = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""What is worth compressing: a phone far from the server loads a third of the bytes."""


class Pwa:
    """Serves a build of the app from a folder, as a route's endpoint."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # listed once: what a request names is looked up, never joined to a path
        # and without what the build notes for itself
        files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        self._files = {f"/{path.relative_to(folder).as_posix()}": path for path in files}
        self._folders = tuple({"/assets/", "/icons/"} | {f"{path.rpartition('/')[0]}/" for path in self._files} - {"/"})

    async def __call__(self, request: Request) -> Response:
        """A file of the build; the shell for an address within the app. Raises 404 for a file that is not there."""
        path = request.url.path
        if path in self._files:
            return _file(request, self._files[path], immutable=path.startswith("/assets/"))
        last = path.rpartition("/")[2]
        if path.startswith(self._folders) or "." in last or "/index.html" not in self._files:
            raise HTTPException(404)
        return _file(request, self._files["/index.html"], immutable=False)


def _file(request: Request, path: Path, *, immutable: bool) -> Response:
    headers = HEADERS | {"cache-control": "public, max-age=31536000, immutable" if immutable else "no-cache"}
    kind = SHRINKING.get(path.suffix)
    if kind is None:
        return FileResponse(path, headers=headers)
    headers["vary"] = "accept-encoding"
    if "range" in request.headers or not takes_gzip(request):
        return FileResponse(path, headers=headers)
    content = _shrunk(path, path.stat().st_mtime_ns)
    return Response(content, headers=headers | {"content-encoding": "gzip"}, media_type=kind)


def takes_gzip(request: Request) -> bool:
    offered = [part.replace(" ", "") for part in request.headers.get("accept-encoding", "").lower().split(",")]
    return any(part == "gzip" or (part.startswith("gzip;q=") and part[7:].strip("0.")) for part in offered)


@lru_cache(maxsize=256)
def _shrunk(path: Path, changed: int) -> bytes:
    """The file compressed, once for each time it was written."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
