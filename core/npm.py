"""Serve exactly the front-end files we use out of node_modules, under `vendor/`.

node_modules holds thousands of files; only those named in FILES are ever found or collected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

# public name below vendor/ → file below node_modules/
FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "echarts/echarts.min.js": "echarts/dist/echarts.min.js",
    "signature_pad/signature_pad.umd.min.js": "signature_pad/dist/signature_pad.umd.min.js",
}
PREFIX = "vendor"

_SOURCE_MAP = re.compile(
    rb"^(/\*# sourceMappingURL=.*\*/|//# sourceMappingURL=.*)\s*$", re.MULTILINE
)


def folder() -> Path:
    """The node_modules of this project."""
    return Path(getattr(settings, "NODE_MODULES", Path(settings.BASE_DIR) / "node_modules"))


class NpmStorage(FileSystemStorage):
    """Read-only storage whose names are the public ones.

    The comment that points to a source map is dropped: the maps are not published, and a
    manifest storage refuses a reference that leads nowhere.
    """

    prefix = PREFIX

    def path(self, name: str) -> str:
        return str(folder() / FILES[PurePosixPath(name).as_posix()])

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return ContentFile(_SOURCE_MAP.sub(b"", Path(self.path(name)).read_bytes()), name=name)


class NpmFinder(BaseFinder):
    """Finds `vendor/<name>` for the names of FILES, and nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = NpmStorage(location=folder())

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [name for name in FILES.values() if not (folder() / name).is_file()]
        if not missing:
            return []
        return [
            Error(
                f"Front-end files are missing from {folder()}: {', '.join(missing)}.",
                hint="Run: npm ci --ignore-scripts",
                id="core.E_NPM",
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        head, _, name = path.partition("/")
        found = self.storage.path(name) if head == PREFIX and name in FILES else None
        if find_all:
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, NpmStorage]]:
        for name in FILES:
            yield name, self.storage
