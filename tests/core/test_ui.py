"""Tags, filters, chips and the menu: pure, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils import timezone, translation

from core import clockface, icons, menu, npm, words

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)  # Monday 14:05 in Shanghai


@pytest.fixture(autouse=True)
def _monday_in_shanghai():
    with (
        time_machine.travel(NOW, tick=False),
        timezone.override(ZoneInfo("Asia/Shanghai")),
        translation.override("en"),
    ):
        yield


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


# ---- words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234.5"), "¥1,234.50"),
        (Decimal("-0.005"), "−¥0.01"),
        (Decimal("-0.001"), "¥0.00"),
        (0, "¥0.00"),
        (None, "—"),
    ],
)
def test_money_has_thousands_two_places_and_a_true_minus(amount, text):
    assert words.money(amount) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("1234.50"), "h", "1,234.5\u00a0h"),
        (1200, "", "1,200"),
        (Decimal("1E+3"), "km", "1,000\u00a0km"),
        (-2, "h", "−2\u00a0h"),
        (None, "h", "—"),
    ],
)
def test_a_quantity_drops_idle_zeros_and_keeps_its_unit(value, unit, text):
    assert words.quantity(value, unit) == text


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0.5, "under 1 min", "不到 1 分钟"),
        (20, "20 min", "20 分钟"),
        (60, "1 h", "1 小时"),
        (80, "1 h 20 min", "1 小时 20 分"),
        (-80, "1 h 20 min", "1 小时 20 分"),
        (24 * 60, "1 d", "1 天"),
        (51 * 60 + 7, "2 d 3 h", "2 天 3 小时"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(minutes, english, chinese):
    assert words.duration(timedelta(minutes=minutes)) == english
    with translation.override("zh-hans"):
        assert words.duration(timedelta(minutes=minutes)) == chinese


def test_an_instant_is_told_in_the_readers_zone_with_the_weekday_unless_it_is_today():
    yesterday = NOW - timedelta(days=1)
    assert words.moment(NOW) == "14:05"
    assert words.moment(yesterday) == "Sun 22 Nov, 14:05"
    assert words.full_moment(NOW) == "Mon 23 Nov, 14:05"
    with translation.override("zh-hans"):
        assert words.moment(yesterday) == "11月22日 周日 14:05"
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert words.moment(NOW) == "07:05"


def test_a_day_names_its_year_only_when_it_is_another():
    assert words.day(date(2026, 1, 5)) == "Mon 5 Jan"
    assert words.day(date(2025, 1, 5)) == "5 Jan 2025"
    with translation.override("zh-hans"):
        assert words.day(date(2025, 1, 5)) == "2025年1月5日"
        new_year = date(2027, 1, 4)
        assert words.day(new_year, today=date(2026, 12, 30)) == "2027年1月4日 周一"


def test_ago_tells_past_from_coming():
    assert words.ago(NOW - timedelta(minutes=20)) == "20 min ago"
    assert words.ago(NOW + timedelta(minutes=20)) == "in 20 min"
    assert words.ago(NOW - timedelta(days=39, hours=23)) == "39 d ago"


# ---- clock chips


@dataclass
class Clock:
    state: str = "running"
    started_at: datetime | None = NOW - timedelta(minutes=60)
    due_at: datetime | None = NOW + timedelta(minutes=60)
    warn_at: datetime | None = None
    missed_at: datetime | None = None
    finished_at: datetime | None = None
    name: str = "Dispatch"
    holder_label: str = "Desk"


@pytest.mark.parametrize(
    ("clock", "tone", "english", "chinese"),
    [
        (Clock(), "ok", "1 h left", "剩 1 小时"),
        (Clock(warn_at=NOW), "warn", "1 h left", "剩 1 小时"),
        (Clock(due_at=NOW + timedelta(seconds=5)), "warn", "1 min left", "剩 1 分钟"),
        (Clock(due_at=NOW), "late", "Late since 14:05 (under 1 min)", None),
        (
            Clock(due_at=NOW - timedelta(minutes=25)),
            "late",
            "Late since 13:40 (25 min)",
            "自 13:40 起超时（25 分钟）",
        ),
        (Clock(state="paused"), "paused", "Paused", "已暂停"),
        (Clock(state="met", finished_at=NOW), "met", "Kept at 14:05", "14:05 按时完成"),
        (
            Clock(
                state="met",
                due_at=NOW - timedelta(minutes=20),
                missed_at=NOW - timedelta(minutes=20),
                finished_at=NOW,
            ),
            "late",
            "Done 20 min late",
            "超时 20 分钟 完成",
        ),
        (
            Clock(state="missed", due_at=NOW - timedelta(minutes=80), finished_at=NOW),
            "late",
            "Done 1 h 20 min late",
            "超时 1 小时 20 分 完成",
        ),
        (Clock(state="cancelled"), "off", "Cancelled", "已取消"),
        (Clock(due_at=None), "ok", "No deadline", "无时限"),
    ],
)
def test_a_chip_says_the_time_left_in_the_order_of_the_language(clock, tone, english, chinese):
    face = clockface.face(clock, now=NOW)
    assert (face.tone, face.text) == (tone, english)
    if chinese:
        with translation.override("zh-hans"):
            assert clockface.face(clock, now=NOW).text == chinese


def test_a_running_chip_carries_what_the_ticking_script_reads():
    html = render("{% clock_chip clock %}", clock=Clock())
    assert 'class="clock-chip is-ok"' in html
    assert 'data-due="2026-11-23T15:05:00+08:00"' in html
    # 75 % of the two hours that it had.
    assert 'data-warn="2026-11-23T14:35:00+08:00"' in html
    assert 'data-due-label="15:05"' in html


@pytest.mark.parametrize("state", ["paused", "met", "cancelled"])
def test_a_chip_that_stands_still_does_not_tick(state):
    assert "data-clock " not in render("{% clock_chip c %}", c=Clock(state=state, finished_at=NOW))


def test_a_missed_clock_ticks_until_it_is_done():
    late = Clock(state="missed", due_at=NOW - timedelta(hours=1), missed_at=NOW)
    assert "data-missed" in render("{% clock_chip c %}", c=late)
    late.finished_at = NOW
    assert "data-clock " not in render("{% clock_chip c %}", c=late)


def test_names_in_a_chip_are_escaped():
    html = render("{% clock_chip c %}", c=Clock(name="<b>", holder_label='"x"'))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


# ---- icons and vendor files


def test_an_icon_is_inline_and_hidden_unless_it_has_a_title():
    assert 'aria-hidden="true"' in icons.svg("phone")
    assert "<path d=" in icons.svg("phone")
    assert 'role="img" aria-label="&lt;x&gt;"' in icons.svg("phone", title="<x>")


@pytest.mark.parametrize("name", ["no-such-icon", "../outline/phone", ""])
def test_an_unknown_icon_is_an_error_and_not_a_file_from_elsewhere(name):
    with pytest.raises(icons.NoSuchIcon):
        icons.svg(name)


def test_only_listed_vendor_files_are_found():
    finder = npm.NpmFinder()
    assert Path(finder.find("vendor/tabler/tabler.min.css")).is_file()
    assert finder.find("vendor/tabler/../../china-division/package.json") == []
    assert finder.find("tabler/tabler.min.css") == []
    assert {name for name, _ in finder.list([])} == set(npm.FILES)


def test_collected_vendor_files_point_to_no_source_map():
    for name, storage in npm.NpmFinder().list([]):
        assert b"sourceMappingURL" not in storage.open(name).read(), name


# ---- fields


class Everything(forms.Form):
    phone = forms.CharField(help_text="With area code.")
    kind = forms.ChoiceField(choices=[("a", "Repair"), ("b", "Complaint")])
    urgency = forms.ChoiceField(choices=[("a", "Now"), ("b", "Soon")], widget=forms.RadioSelect)
    signs = forms.MultipleChoiceField(
        choices=[("a", "Noise"), ("b", "Leak")], widget=forms.CheckboxSelectMultiple
    )
    told = forms.BooleanField()
    note = forms.CharField(widget=forms.Textarea(attrs={"class": "tall"}))
    at = forms.SplitDateTimeField()
    photo = forms.FileField()
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_a_field_has_its_label_help_and_error_tied_to_it():
    html = render("{% field form.phone hx_get='/x' autofocus=True %}", form=Everything({}))
    assert '<label class="form-label required" for="id_phone">Phone</label>' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-control is-invalid"' in html
    assert 'id="id_phone_error"><div>This field is required.</div>' in html
    assert 'hx-get="/x"' in html
    assert " autofocus" in html


@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_every_kind_of_field_renders_its_error_once(name):
    html = render("{% field bound %}", bound=Everything({})[name])
    assert html.count("This field is required.") == (0 if name == "version" else 1)
    assert f'name="{name}' in html


def test_a_group_of_choices_is_a_fieldset_and_keeps_what_was_ticked():
    html = render("{% field form.signs %}", form=Everything({"signs": ["b"]}))
    assert "<legend" in html
    assert html.count('class="form-check-input"') == 2
    assert html.count("checked") == 1
    # One tick is enough: the browser must not ask for all of them.
    assert " required>" not in html


def test_a_fields_own_class_stays():
    html = render("{% field form.note %}", form=Everything())
    assert 'class="form-control tall"' in html


# ---- addresses


class Request:
    def __init__(self, query: str) -> None:
        self.GET = QueryDict(query)


def test_addresses_change_only_what_is_asked():
    request = Request("state=open&state=new&dealer=3&after=k&sort=due")
    assert render("{% page_url after=None dealer=4 %}", request=request).endswith("sort=due")
    assert "dealer=4" in render("{% page_url dealer=4 %}", request=request)
    dropped = render('{% drop_filter "state" "open" %}', request=request)
    assert dropped == "?state=new&amp;dealer=3&amp;sort=due"
    assert "sort=-due" in render('{% sort_url "due" %}', request=request)
    assert "sort=name" in render('{% sort_url "name" %}', request=request)


# ---- the menu


@dataclass
class Actor:
    role: str = "clerk"
    is_dealer: bool = False
    allowed: tuple[str, ...] = ()

    def may(self, permission: str) -> bool:
        return permission in self.allowed


EVERYTHING = tuple({entry.permission for entry in menu.ENTRIES})


@pytest.fixture
def all_pages_built(monkeypatch):
    monkeypatch.setattr(menu, "address", lambda name: f"/{name.replace(':', '/')}/")


@pytest.mark.parametrize(
    "actor",
    [
        Actor("clerk", allowed=EVERYTHING),
        Actor("manager", allowed=EVERYTHING),
        Actor("dealer_clerk", is_dealer=True, allowed=EVERYTHING),
    ],
)
def test_no_menu_is_longer_than_nine_or_its_bar_than_four(actor, all_pages_built):
    entries = menu.shown(actor, "/")
    assert 4 <= len(entries) <= 9
    assert sum(entry.bottom for entry in entries) == 4
    assert len({entry.url for entry in entries}) == len(entries)


def test_where_all_do_not_fit_what_another_page_leads_to_is_left_out(all_pages_built):
    entries = menu.shown(Actor("manager", allowed=EVERYTHING), "/")
    labels = [entry.label for entry in entries]
    assert "Parts" not in labels and labels[-1] == "Settings"


def test_what_the_role_may_not_is_not_in_the_menu(all_pages_built):
    labels = [entry.label for entry in menu.shown(Actor(allowed=("ticket.view",)), "/")]
    assert labels == ["Tickets", "Clocks", "Guarantee", "Settings"]
    assert menu.call_button(Actor()) is None
    assert menu.call_button(Actor(allowed=("ticket.create",))).label == "New call"


def test_what_is_not_built_is_not_in_the_menu(monkeypatch):
    monkeypatch.setattr(menu, "address", lambda name: None)
    assert menu.shown(Actor(allowed=EVERYTHING), "/") == []


def test_the_closest_entry_is_the_current_one(all_pages_built):
    entries = menu.shown(Actor(allowed=EVERYTHING), "/tickets/list/T-1")
    assert [entry.label for entry in entries if entry.current] == ["Tickets"]
