"""The queue and the call as pages: strangers first, then a clerk at work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.cast import World, a_ticket, signed_in
from tests.tickets.conftest import Desk
from tests.visits.builders import a_callback
from visits.models import Callback
from visits.states import CallbackState

HAPPY = {"outcome": "reached", "is_resolved": "yes", "score": "5"}


def a_call(desk: Desk, **facts: Any) -> Callback:
    """A call about finished work that may be made now."""
    ticket = a_ticket(
        desk.cast,
        dealer=desk.cast.dealer,
        team="dealer",
        state="done",
        done_at=timezone.now() - timedelta(days=3),
        result="换了电瓶",
    )
    return a_callback(desk.cast, ticket, **facts)


def said(answer: Any) -> str:
    return str(answer.content.decode())


def _clerk(desk: Desk) -> Client:
    client = Client()
    client.force_login(desk.cast.people["clerk"])
    return client


class TestWho:
    def test_the_queue_is_the_desks_own(self, desk: Desk, world: World) -> None:
        callback = a_call(desk)
        page = f"/callbacks/{callback.number}/"
        form = f"{page}call/"
        assert signed_in(world.stranger, "clerk").get(page).status_code == 404
        assert signed_in(world.stranger, "clerk").post(form, HAPPY).status_code == 404
        assert signed_in(world.owner, "dealer_principal").get("/callbacks/").status_code == 403
        assert signed_in(world.owner, "manager").get(page).status_code == 200
        assert signed_in(world.owner, "manager").post(form, HAPPY).status_code == 403
        assert signed_in(world.owner, "clerk").post(form, HAPPY).status_code == 302
        callback.refresh_from_db()
        assert callback.state == CallbackState.DONE

    def test_a_strangers_queue_shows_none_of_ours(self, desk: Desk, world: World) -> None:
        callback = a_call(desk)
        shown = said(signed_in(world.stranger, "clerk").get("/callbacks/"))
        assert callback.number not in shown


class TestTheQueue:
    def test_the_tabs_tell_now_from_later_and_made(self, desk: Desk) -> None:
        now = a_call(desk)
        later = a_call(desk, next_attempt_at=timezone.now() + timedelta(days=1))
        made = a_call(desk, state="done", score=4, called_at=timezone.now(), is_resolved=True)
        clerk = _clerk(desk)
        for tab, shown in (("now", now), ("later", later), ("made", made)):
            page = said(clerk.get("/callbacks/", {"tab": tab}))
            assert [each.number in page for each in (now, later, made)] == [
                each is shown for each in (now, later, made)
            ]

    def test_filters_and_the_export_show_the_same(self, desk: Desk) -> None:
        happy = a_call(desk, state="done", score=5, called_at=timezone.now(), opinion="=好")
        a_call(desk, state="done", score=1, called_at=timezone.now(), opinion="差")
        asked = {"tab": "made", "score": "5", "dealer": "D-0001"}
        clerk = _clerk(desk)
        assert [row.callback for row in clerk.get("/callbacks/", asked).context["rows"]] == [happy]
        lines = said(clerk.get("/callbacks/export/", asked)).splitlines()
        assert len(lines) == 2
        assert happy.number in lines[1]
        assert "'=好" in lines[1]  # no formula for Excel

    def test_an_unreadable_day_is_said_at_its_field(self, desk: Desk) -> None:
        answer = _clerk(desk).get("/callbacks/", {"due_from": "tomorrow"})
        assert answer.status_code == 200
        assert answer.context["filter"].form.errors["due_from"]

    def test_more_rows_follow_by_position(self, desk: Desk, monkeypatch: Any) -> None:
        monkeypatch.setattr("visits.lists.PAGE_SIZE", 2)
        numbers = [a_call(desk).number for _ in range(5)]
        seen: list[str] = []
        after = ""
        while True:
            context = _clerk(desk).get("/callbacks/", {"after": after}).context
            seen += [row.callback.number for row in context["rows"]]
            after = context["next_after"]
            if not after:
                break
        assert seen == numbers

    def test_the_list_takes_the_same_queries_for_many_rows(
        self, desk: Desk, django_assert_max_num_queries: Any
    ) -> None:
        clerk = _clerk(desk)
        for _ in range(12):
            a_call(desk)
        clerk.get("/callbacks/")
        with django_assert_max_num_queries(20):
            clerk.get("/callbacks/")

    def test_a_live_part_that_knows_it_all_gets_nothing(self, desk: Desk) -> None:
        a_call(desk)
        clerk = _clerk(desk)
        version = clerk.get("/callbacks/now/").context["version"]
        answer = clerk.get("/callbacks/now/", headers={"X-Live-Version": version})
        assert answer.status_code == 204


class TestTheCall:
    def test_the_script_and_the_number_are_on_the_page(self, desk: Desk) -> None:
        page = said(_clerk(desk).get(f"/callbacks/{a_call(desk).number}/"))
        assert 'href="tel:+8613800138000"' in page
        assert "丰禾农机" in page
        assert 'data-key="5"' in page

    def test_saving_goes_on_to_the_next_one_by_itself(self, desk: Desk) -> None:
        first, second = a_call(desk), a_call(desk)
        clerk = _clerk(desk)
        answer = clerk.post(f"/callbacks/{first.number}/call/", HAPPY)
        assert answer["Location"] == f"/callbacks/{second.number}/"
        answer = clerk.post(f"/callbacks/{second.number}/call/", HAPPY)
        assert answer["Location"] == "/callbacks/"

    def test_the_next_one_is_not_what_a_colleague_is_calling(self, desk: Desk) -> None:
        first, second, third = a_call(desk), a_call(desk), a_call(desk)
        colleague = Client()
        colleague.force_login(desk.cast.people["supervisor"])
        colleague.get(f"/callbacks/{second.number}/")
        answer = _clerk(desk).post(f"/callbacks/{first.number}/call/", HAPPY)
        assert answer["Location"] == f"/callbacks/{third.number}/"
        assert "supervisor" in said(_clerk(desk).get(f"/callbacks/{second.number}/"))

    def test_what_was_typed_is_kept_when_something_is_missing(self, desk: Desk) -> None:
        callback = a_call(desk)
        answer = _clerk(desk).post(
            f"/callbacks/{callback.number}/call/",
            {"outcome": "reached", "is_resolved": "no", "score": "1", "opinion": " "},
        )
        assert answer.status_code == 422
        form = answer.context["form"]
        assert list(form.errors) == ["opinion"]
        assert form["score"].value() == "1"
        callback.refresh_from_db()
        assert callback.state == CallbackState.SCHEDULED

    def test_an_answer_needs_score_and_solved(self, desk: Desk) -> None:
        answer = _clerk(desk).post(
            f"/callbacks/{a_call(desk).number}/call/", {"outcome": "reached"}
        )
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"is_resolved", "score"}

    def test_nobody_reached_is_an_attempt(self, desk: Desk) -> None:
        callback = a_call(desk)
        _clerk(desk).post(
            f"/callbacks/{callback.number}/call/", {"outcome": "no_answer", "note": "关机"}
        )
        callback.refresh_from_db()
        assert (callback.state, callback.attempt_count) == (CallbackState.SCHEDULED, 1)
        assert callback.attempts.get().note == "关机"

    def test_the_second_clerk_is_told_that_the_call_was_made(self, desk: Desk) -> None:
        callback = a_call(desk)
        form = f"/callbacks/{callback.number}/call/"
        _clerk(desk).post(form, HAPPY)
        answer = _clerk(desk).post(form, HAPPY | {"score": "1", "opinion": "差"})
        assert answer.status_code == 422
        assert "这个回访已经完成" in said(answer)
        callback.refresh_from_db()
        assert callback.score == 5

    def test_a_dealers_people_see_no_call_on_the_ticket(self, desk: Desk, world: World) -> None:
        callback = a_call(desk, state="done", score=1, called_at=timezone.now(), opinion="很差")
        page = f"/tickets/{callback.ticket.number}/visits/"
        assert "很差" in said(_clerk(desk).get(page))
        assert "很差" not in said(signed_in(world.owner, "dealer_principal").get(page))


class TestTheApi:
    def test_a_program_attempts_and_completes(self, desk: Desk, api: Any) -> None:
        callback = a_call(desk)
        clerk = api("clerk")
        url = f"/api/v1/callbacks/{callback.number}/"
        answer = clerk.post(f"{url}attempts/", {"outcome": "busy"})
        assert (answer.status_code, answer.json()["attempt_count"]) == (201, 1)
        answer = clerk.post(f"{url}complete/", {"score": 5, "is_resolved": True})
        assert answer.json()["state"] == "done"
        assert [each["outcome"] for each in clerk.get(url).json()["attempts"]] == [
            "reached",
            "busy",
        ]
        answer = clerk.post(f"{url}complete/", {"score": 5, "is_resolved": True})
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "callback.made_already"

    def test_a_repeated_request_with_its_key_is_one_attempt(self, desk: Desk, api: Any) -> None:
        callback = a_call(desk)
        clerk = api("clerk")
        answers = [
            clerk.post(
                f"/api/v1/callbacks/{callback.number}/attempts/",
                {"outcome": "busy"},
                headers={"Idempotency-Key": "one"},
            )
            for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert callback.attempts.count() == 1

    def test_bad_input_is_said_at_its_field(self, desk: Desk, api: Any) -> None:
        url = f"/api/v1/callbacks/{a_call(desk).number}/"
        clerk = api("clerk")
        for path, body, field in (
            ("attempts/", {"outcome": "reached"}, "outcome"),
            ("complete/", {"score": 6, "is_resolved": True}, "score"),
            ("complete/", {"score": 1, "is_resolved": True}, "opinion"),
        ):
            answer = clerk.post(url + path, body)
            assert answer.status_code == 422
            assert list(answer.json()["error"]["fields"]) == [field]

    def test_the_list_filters_as_the_page_does(self, desk: Desk, api: Any) -> None:
        happy = a_call(desk, state="done", score=5, called_at=timezone.now())
        a_call(desk, state="done", score=2, called_at=timezone.now())
        a_call(desk)
        found = api("manager").get("/api/v1/callbacks/", {"state": "done", "score": 5}).json()
        assert [each["number"] for each in found["results"]] == [happy.number]
        assert found["results"][0]["dealer"] == "D-0001"
