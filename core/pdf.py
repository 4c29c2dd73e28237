"""Papers: HTML to PDF, with our own font and nothing fetched while rendering."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

FONTS = settings.BASE_DIR / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
FACES = {
    400: FONTS / "400Regular" / "NotoSansSC_400Regular.ttf",
    700: FONTS / "700Bold" / "NotoSansSC_700Bold.ttf",
}


# The fonts are shared by the threads of a process; the text engine below is not made for that.
_ONE_AT_A_TIME = Lock()


class NothingFetched(FatalURLFetchingError):
    """A paper asked for something that is neither inside it nor our own font."""


class _OurFilesOnly(URLFetcher):
    """data: and the two font files; everything else, local or remote, is refused."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        for path in FACES.values():
            if url == path.as_uri():
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})
        raise NothingFetched(url)


def render(template: str, context: dict[str, Any], *, language: str) -> bytes:
    """The PDF of a template in a language; the same values give the same paper."""
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language})
    return write(html)


def write(html: str) -> bytes:
    """The PDF of a whole page of HTML."""
    fonts, sheet = _fonts()
    document = HTML(string=html, base_url="data:,", url_fetcher=_OurFilesOnly())
    with _ONE_AT_A_TIME:
        content: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts)
    return content


def qr(text: str) -> str:
    """A QR code as a data: address of an SVG picture."""
    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=0))


@cache
def _fonts() -> tuple[FontConfiguration, CSS]:
    """Reading ten megabytes of font once per process is enough."""
    missing = [str(path) for path in FACES.values() if not Path(path).exists()]
    if missing:
        raise FileNotFoundError(f"The fonts of the papers are missing: {', '.join(missing)}")
    fonts = FontConfiguration()
    faces = "".join(
        f"@font-face {{ font-family: 'Noto Sans SC'; font-weight: {weight};"
        f" src: url('{path.as_uri()}') }}"
        for weight, path in FACES.items()
    )
    return fonts, CSS(string=faces, font_config=fonts, url_fetcher=_OurFilesOnly())
