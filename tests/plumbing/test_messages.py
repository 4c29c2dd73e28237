"""bin/messages: no text without its translation, no translation without its text."""

from pathlib import Path

import pytest

from config import messages

TEMPLATE = """{% load i18n %}
<p>{% translate "Machine" context "menu" %}</p>
    {% blocktranslate trimmed count n=n %}
      {{ n }} visit
    {% plural %}
      {{ n }} visits
    {% endblocktranslate %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _
TITLE = _("Ticket %(number)s")
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with one template and one module, none of it translated."""
    (tmp_path / "tickets" / "templates").mkdir(parents=True)
    (tmp_path / "tickets" / "templates" / "a.html").write_text(TEMPLATE)
    (tmp_path / "tickets" / "views.py").write_text(CODE)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    return tmp_path


def test_update_gathers_the_texts_of_code_and_templates(house: Path) -> None:
    messages.update()
    content = messages.path_of("zh_Hans").read_text()
    assert 'msgctxt "menu"\nmsgid "Machine"' in content
    assert 'msgid "%(n)s visit"\nmsgid_plural "%(n)s visits"\nmsgstr[0] ""' in content
    assert 'msgid "Ticket %(number)s"\nmsgstr ""' in content
    assert "POT-Creation-Date" not in content


def test_check_names_each_missing_text(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.update()
    assert messages.check() == 1
    said = capsys.readouterr().out
    assert "missing  'Ticket %(number)s' (tickets/views.py:3)" in said
    assert "missing  menu: 'Machine'" in said


def test_check_names_a_lost_placeholder_and_a_stale_text(house: Path) -> None:
    messages.update()
    path = messages.path_of("zh_Hans")
    path.write_text(
        path.read_text()
        .replace('"Ticket %(number)s"\nmsgstr ""', '"Ticket %(number)s"\nmsgstr "工单 %(nr)s"')
        .replace('msgid "Machine"\nmsgstr ""', 'msgid "Machine"\nmsgstr "设备"')
        .replace('msgstr[0] ""', 'msgstr[0] "%(n)s 次上门"')
        + '\nmsgid "Gone"\nmsgstr "没了"\n'
    )
    lines = messages.problems("zh_Hans", messages.gather())
    assert len(lines) == 2
    assert lines[0].startswith("broken   'Ticket %(number)s'")
    assert lines[1] == "stale    'Gone'"


def test_update_keeps_translations_and_drops_stale_ones(house: Path) -> None:
    messages.update()
    path = messages.path_of("zh_Hans")
    path.write_text(
        path.read_text().replace('msgid "Machine"\nmsgstr ""', 'msgid "Machine"\nmsgstr "设备"')
        + '\nmsgid "Gone"\nmsgstr "没了"\n'
    )
    messages.update()
    assert 'msgid "Machine"\nmsgstr "设备"' in path.read_text()
    assert "Gone" not in path.read_text()
    before = path.read_text()
    messages.update()
    assert path.read_text() == before
