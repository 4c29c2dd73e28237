"""bin/messages: gather, check and compile translations with Babel; needs no gettext tools."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tokenize import TokenError

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config.embedded import ROOT

LANGUAGES = ("zh_Hans",)
SKIPPED = {"var", "node_modules", "tests", "bench", "docs"}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# No dates: two branches that translate different texts must merge without a conflict.
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
Key = tuple[str, str | tuple[str, ...]]


def path_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def source_files() -> Iterator[Path]:
    for top in sorted(ROOT.iterdir()):
        if top.name in SKIPPED or top.name.startswith(".") or not top.is_dir():
            continue
        for suffix in ("py", "html", "txt"):
            for path in sorted(top.rglob(f"*.{suffix}")):
                parts = path.relative_to(ROOT).parts
                if suffix == "py" and "migrations" in parts:
                    continue
                if suffix == "py" or "templates" in parts:
                    yield path


def gather() -> Catalog:
    """All English texts of the sources; templates go through Django's own reader."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    found = Catalog()
    for path in source_files():
        source = path.read_text()
        if path.suffix != ".py":
            # In parentheses the indentation of a template is no error to the reader of Python.
            source = f"({templatize(source, origin=str(path))}\n)"
        options = {"encoding": "utf-8"}
        code = BytesIO(source.encode())
        try:
            texts = list(extract("python", code, KEYWORDS, ("Translators:",), options))
        except (SyntaxError, TokenError) as error:
            raise SystemExit(f"{path}: its texts cannot be read: {error}") from error
        for line, text, comments, context in texts:
            where = [(str(path.relative_to(ROOT)), line)]
            found.add(text, None, where, auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> int:
    """Bring new texts into each catalogue and drop those no source holds any more."""
    found = gather()
    for language in LANGUAGES:
        old = read(language)
        new = Catalog(locale=language)
        for message in found:
            if message.id:
                had = old.get(_single(message), message.context)
                string = had.string if had else None
                if had and isinstance(had.id, str) != isinstance(message.id, str):
                    string = None
                new.add(
                    message.id,
                    string,
                    flags=_flags(message) | ({"fuzzy"} & set(had.flags) if had else set()),
                    auto_comments=message.auto_comments,
                    user_comments=had.user_comments if had else (),
                    context=message.context,
                )
        buffer = BytesIO()
        write_po(buffer, new, width=100, no_location=True, omit_header=True, sort_output=True)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = HEADER.format(language=language) + "\n" + buffer.getvalue().decode()
        path.write_text(text.rstrip() + "\n")
        untranslated = sum(not _translated(message) for message in new if message.id)
        print(f"{path.relative_to(ROOT)}: {len(new)} texts, {untranslated} to translate")
    return 0


def problems(language: str, found: Catalog) -> list[str]:
    """One line for each text that is missing, fuzzy, stale, or loses a placeholder."""
    catalogue = read(language)
    wanted = {_key(message): message for message in found if message.id}
    had = {_key(message): message for message in catalogue if message.id}
    lines = []
    for key, message in sorted(wanted.items(), key=str):
        translation = had.get(key)
        where = ", ".join(f"{path}:{line}" for path, line in message.locations[:2])
        if translation is None or not _translated(translation):
            lines.append(f"missing  {_shown(message)} ({where})")
        elif translation.fuzzy:
            lines.append(f"fuzzy    {_shown(message)}")
        else:
            translation.flags |= _flags(message)
            errors = [str(error) for error in translation.check(catalogue)]
            lines += [f"broken   {_shown(message)}: {error}" for error in errors]
    lines += [f"stale    {_shown(had[key])}" for key in sorted(had.keys() - wanted.keys(), key=str)]
    return lines


def check() -> int:
    found = gather()
    failed = False
    for language in LANGUAGES:
        lines = problems(language, found)
        for line in lines:
            print(f"{language}: {line}")
        failed = failed or bool(lines)
        if not lines:
            print(f"{language}: all {len(found)} texts are translated.")
    if failed:
        print("Run bin/messages update, then translate in locale/.")
    return int(failed)


def compile_changed() -> int:
    """Write each .mo file that is older than its .po file."""
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(target)
    return 0


def _single(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _key(message: Message) -> Key:
    text = message.id if isinstance(message.id, str) else tuple(message.id)
    return message.context or "", text


def _shown(message: Message) -> str:
    return f"{message.context}: {message.id!r}" if message.context else repr(message.id)


def _translated(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(strings) and all(strings)


def _flags(message: Message) -> set[str]:
    return {flag for flag in message.flags if flag.endswith("-format")}


def main() -> int:
    verbs = {"update": update, "check": check, "compile": compile_changed}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        print("usage: bin/messages update|check|compile", file=sys.stderr)
        return 2
    return verbs[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
