"""Style sheets, scripts and fonts: read once at the start, served from memory under names that change with
them."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
VENDOR = ("vendor/htmx.min.js", "vendor/noto-devanagari.woff2", "vendor/noto-latin.woff2")
"""Built from npm packages by ``npm run build`` in desk/frontend; without them pages have no htmx and no
font."""

_TYPES = {".woff2": "font/woff2", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    content_type: str


class Assets:
    """All files below ``static``. Their common version is part of the path, so browsers may keep them for
    ever and modules can import each other by relative names."""

    def __init__(self, files: dict[str, Asset]) -> None:
        self._files = files
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(name.encode() + b"\0" + files[name].body)
        self.version = digest.hexdigest()[:10]

    def url(self, name: str) -> str:
        """Address of a file. Raises KeyError when the desk has no such file and it is not a vendor file."""
        if name not in self._files and name not in VENDOR:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    def get(self, name: str) -> Asset | None:
        """The file, or None."""
        return self._files.get(name)

    def missing(self) -> list[str]:
        """Vendor files that have not been built; pages need all of them."""
        return [name for name in VENDOR if name not in self._files]


def load_assets(folder: Path = STATIC) -> Assets:
    """Read every file below ``folder``. Blocks: for the start only."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            files[path.relative_to(folder).as_posix()] = Asset(path.read_bytes(), kind)
    return Assets(files)


def serve(assets: Assets) -> list[web.RouteDef]:
    """The route of the files."""

    async def send(request: web.Request) -> web.Response:
        asset = assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        current = request.match_info["version"] == assets.version
        return web.Response(
            body=asset.body,
            content_type=asset.content_type,
            charset="utf-8" if asset.content_type.startswith("text/") else None,
            headers={"Cache-Control": _FOREVER if current else "no-store"},
        )

    return [web.get("/static/{version}/{name:.+}", send)]
