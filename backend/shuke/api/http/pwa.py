"""The app's files: hashed assets for ever, the shell always asked for anew, 404 for what is missing, strict headers."""

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


class Pwa:
    """Serves a build of the app from a folder, as a route's endpoint."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # listed once: what a request names is looked up, never joined to a path
        self._files = {f"/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*") if path.is_file()}

    async def __call__(self, request: Request) -> Response:
        """A file of the build; the shell for an address within the app. Raises 404 for a file that is not there."""
        path = request.url.path
        if path in self._files:
            return _file(self._files[path], immutable=path.startswith("/assets/"))
        last = path.rpartition("/")[2]
        if path.startswith("/assets/") or "." in last or "/index.html" not in self._files:
            raise HTTPException(404)
        return _file(self._files["/index.html"], immutable=False)


def _file(path: Path, *, immutable: bool) -> Response:
    cache = "public, max-age=31536000, immutable" if immutable else "no-cache"
    return FileResponse(path, headers=HEADERS | {"cache-control": cache})
