"""Does no page, question, search or file tell of what a reader may not know, and does nothing write twice or by itself?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from banggiao.accounts.models import RoleHeld
from banggiao.accounts.questions import viewer_of
from banggiao.accounts.services_delegation import delegate_role
from banggiao.commitments.models import Commitment
from banggiao.core import records
from banggiao.core.errors import InvalidInput, NotPermitted, WrongState
from banggiao.core.questions import ALL, ask
from banggiao.core.registers import register_named
from banggiao.core.search_query import find
from banggiao.followup.data_calls.services import save_rows
from banggiao.followup.services import record_finding, report_progress
from banggiao.intelligence.comparing import _more
from banggiao.partners.models import Institution
from banggiao.partners.services import create_person, see_in_post
from banggiao.reports import actions
from banggiao.reports.partner_brief import compose_brief
from banggiao.reports.similar import Wanted, alike
from banggiao.web.models import StagedPaste
from banggiao.web.services import write_out
from tests.factories.rows import AT, SIX, act, agreement, commitment, institution, partner, user, viewer
from tests.followup.calls import asked
from tests.web.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "mat khau rat dai 12"  # noqa: S105
PUBLIC = {"classification": "public"}


def _carried(html: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    return {unescape(n): unescape(v) for n, v in fields if n.startswith("kept")}


def test_the_end_of_a_body_kept_over_signing_in_is_shown_and_not_written(world: World) -> None:
    from banggiao.accounts.services import set_password

    set_password(act=act(), user=world.users["desk"], password=PASSWORD)
    lone = institution("BO-C")
    sent = {"valid_to": "1/7/2025", "basis": "Nghị quyết", "version": str(lone.version)}
    client = Client()
    carried = _carried(client.post(f"/institutions/{lone.pk}/close", sent).content.decode())
    assert carried["kept.valid_to"] == "1/7/2025"
    page = unescape(client.post("/sign-in", {**carried, "username": "user.desk", "password": PASSWORD}).content.decode())
    assert 'value="1/7/2025"' in page and "chưa được lưu" in page
    assert Institution.objects.get(pk=lone.pk).valid_to == ""


def test_no_password_is_carried_over_signing_in_or_shown_again(world: World) -> None:
    typed = {"old": "mat-khau-cu-cua-toi", "password": "mat-khau-moi-cua-toi", "again": "mat-khau-moi-lan-hai", "x": "1"}
    page = Client().post("/account/password", typed).content.decode()
    assert not any(typed[name] in page for name in ("old", "password", "again"))
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["desk"], backend="banggiao.accounts.backend.AccountBackend")
    page = client.post("/account/password", {**typed, "csrfmiddlewaretoken": "cu"}, headers={"Origin": "http://testserver"})
    assert not any(typed[name] in page.content.decode() for name in ("old", "password", "again"))


def test_tables_of_duties_do_not_name_hidden_bodies_and_partners() -> None:
    a, b = institution("BO-A"), institution("BO-B")
    secret_body = institution("BO-Z", name_vi="Ban mật Z", classification="internal", owner=b.pk)
    secret_state = partner("XZZ", "Nước kín Z", classification="internal", owner=b.pk)
    commitment(partner_id=secret_state.pk, lead_id=secret_body.pk, deadline="2025-08-01", work_state="active", **SIX, **PUBLIC)
    for name in ("who_must_act", "commitments_by_partner", "partners_by_commitments"):
        rows = [str(row) for row in ask(name, {}, viewer("ministry", a), at=AT, page=ALL).listed().rows]
        assert not [row for row in rows if "mật Z" in row or "kín Z" in row], name
    seen = str(ask("who_must_act", {}, viewer("desk", a), at=AT, page=ALL).listed().rows)
    assert "Ban mật Z" in seen


def test_people_hidden_from_the_reader_stand_neither_in_the_file_nor_on_the_sheet() -> None:
    a, b, state = institution("BO-A"), institution("BO-B"), partner()
    hidden = create_person(act=act(), values={"name": "Ông Kín Đáo", "classification": "internal", "owner": b.pk})
    see_in_post(act=act(), person=hidden, title="Bộ trưởng", day="2025-03-10", values={"partner_id": state.pk, **PUBLIC})
    of_a, desk = viewer("ministry", a), viewer("desk", a)
    assert ask("partner_people", {"partner": "XAA"}, of_a, at=AT).listed().total == 0
    assert "Kín Đáo" not in str(compose_brief("XAA", of_a, at=AT))
    assert "Kín Đáo" in str(compose_brief("XAA", desk, at=AT))


def test_a_record_is_not_found_by_the_name_of_what_is_hidden() -> None:
    a, b = institution("BO-A"), institution("BO-B")
    hidden = partner("XZZ", "Zanadu Kín", classification="internal", owner=b.pk)
    commitment(text_vi="Mở tuyến vận tải", partner_id=hidden.pk, **PUBLIC)
    commitment(text_vi="Mở đường bay", partner_id=hidden.pk, classification="internal", owner=b.pk)
    of_a, of_b = viewer("ministry", a), viewer("ministry", b)
    assert not find("zanadu", of_a)
    assert ask("commitments", {"q": "zanadu"}, of_a, at=AT).listed().total == 0
    assert {hit.title_vi for hit in find("zanadu", of_b)} == {"Zanadu Kín", "Mở đường bay"}


def test_levels_and_posts_beside_a_fact_are_those_the_reader_may_know() -> None:
    a, b = institution("BO-A"), institution("BO-B")
    person = create_person(act=act(), values={"name": "Trần Văn Đ", **PUBLIC})
    see_in_post(act=act(), person=person, title="Chức kín", day="2025-03-10", values={"institution_id": b.pk, "owner": b.pk})
    assert _more([person], viewer("ministry", a)) == {}
    assert _more([person], viewer("ministry", b)) == {person.pk: {"post": "Chức kín"}}


def test_what_is_like_an_agreement_tells_of_nothing_hidden() -> None:
    a, b, state = institution("BO-A"), institution("BO-B"), partner()
    agreement(name_vi="Bản ghi nhớ về kho lạnh thủy sản", parties=[state], owner=b.pk)
    wanted = Wanted("kho lạnh thủy sản", frozenset({state.pk}))
    assert not alike(wanted, viewer("ministry", a)) and alike(wanted, viewer("ministry", b))


def test_a_pasted_table_confirmed_twice_is_written_once(world: World) -> None:
    desk = viewer_of(world.users["desk"], today=AT.date())
    stale, book = StagedPaste.objects.get(pk=world.paste.pk), register_named("commitments")
    stale.options = {**stale.options, "twins": "new"}
    stale.save()
    for _press in range(2):
        write_out(stale, book, seen="", whole=False, act=act(desk))
    assert Commitment.objects.filter(text_vi="Mở đường bay").count() == 1
    assert len(StagedPaste.objects.get(pk=stale.pk).rows) == 1


def test_pasted_tables_and_uploads_of_somebody_else_do_not_exist(world: World, as_role: Callable[..., Client]) -> None:
    other = user("desk.khac", role="desk", body=world.body)
    client = Client()
    client.force_login(other, backend="banggiao.accounts.backend.AccountBackend")
    for tail in ("", "/mend.csv"):
        assert client.get(f"/commitments/paste/{world.paste.pk}{tail}").status_code == 404, tail
    for tail in ("", "/undo", "/forget"):
        assert client.post(f"/commitments/paste/{world.paste.pk}{tail}").status_code == 404, tail
    assert "Mở đường bay" not in client.get(f"/commitments/paste?from={world.paste.pk}").content.decode()
    assert client.get(f"/inbox/{world.letter.pk}").status_code in (302, 404)


@pytest.mark.parametrize("text", ["NaN", "-NaN", "sNaN", "Infinity", "1e400", "9" * 5000])
def test_no_share_of_progress_that_is_no_share(text: str, world: World, as_role: Callable[..., Client]) -> None:
    sent = {"day": "2025-09-10", "text": "Đã họp", "claimed": text}
    response = as_role("desk").post(f"/tasks/{world.task.pk}/progress", sent)
    assert response.status_code == 422 and "Đã họp" in response.content.decode()


def test_the_service_refuses_a_share_that_is_not_a_number(world: World) -> None:
    with pytest.raises(InvalidInput):
        report_progress(act=act(), record=world.task, day=AT.date(), text="x", claimed=Decimal("NaN"))


@pytest.mark.parametrize("row", ["9" * 5000, "٣", "-1", "0", "1" * 9])
def test_a_row_that_names_itself_strangely_is_a_new_row(row: str) -> None:
    there = asked()
    saved = save_rows(act=act(there.of_x), answer=there.answer(there.x), rows=[{"id": row, "values": {"c1": "Một"}}], version=1)
    assert [each["id"] for each in saved.rows] == ["1"]


@pytest.mark.parametrize(
    "version", ["Infinity", "-Infinity", "NaN", "1e400", "1e30", "-1", "0", "9" * 30, "9" * 5000, '"x"', "[]", "null"]
)
def test_a_returned_form_of_no_version_is_refused(version: str, world: World, as_role: Callable[..., Client]) -> None:
    answer = world.of("data_call_answers")
    sent = {"returned": f'{{"version": {version}, "rows": []}}', "version": str(answer.version)}
    response = as_role("desk").post(f"/data_call_answers/{answer.pk}/returned", sent)
    assert response.status_code in (404, 409, 422), response.status_code


def test_an_answer_that_was_sent_is_not_undone_behind_the_back_of_those_who_ask() -> None:
    there = asked()
    answer = save_rows(act=act(there.of_x), answer=there.answer(there.x), rows=[{"values": {"c1": "Một"}}], version=1)
    book = register_named("data_call_answers")
    sent = actions.take_step(book, answer, action="submit", version=answer.version, act=act(there.of_x))
    assert not actions.may_undo(book, sent, there.of_x)
    with pytest.raises(WrongState):
        actions.undo(book, sent, version=sent.version, act=act(there.of_x))


def test_a_role_is_delegated_within_its_own_body_only(world: World) -> None:
    giver, stranger = world.users["ministry"], user("nguoi.la", role="ministry", body=world.other)
    held = RoleHeld.objects.get(user=giver)
    deed = act(viewer_of(giver, today=AT.date()), reason="Nghỉ phép")
    day = AT.date()
    with pytest.raises(InvalidInput) as refused:
        delegate_role(act=deed, held=held, to=stranger, start=day, end=day + timedelta(days=5))
    assert [p.field for p in refused.value.problems] == ["to"]
    colleague = world.users["province"]
    given = delegate_role(act=deed, held=held, to=colleague, start=day, end=day + timedelta(days=5))
    assert "ministry" in viewer_of(colleague, today=day + timedelta(days=5)).roles
    assert "ministry" not in viewer_of(colleague, today=day + timedelta(days=6)).roles
    with pytest.raises(InvalidInput):
        delegate_role(
            act=replace(deed, viewer=viewer_of(colleague, today=day)), held=given, to=world.users["desk"], start=day, end=day
        )


def test_findings_and_reviews_are_written_by_those_who_may(world: World) -> None:
    from banggiao.activities.services import open_review

    enterprise = viewer("enterprise", world.body)
    with pytest.raises(NotPermitted):
        record_finding(act=act(enterprise), values={"kind": "result", "text_vi": "x", "period": "2025-H1"})
    with pytest.raises(NotPermitted):
        open_review(act=act(enterprise), period="2025-Q3")


def test_a_mention_in_the_inbox_of_a_record_hidden_since_says_nothing(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("ministry")
    as_role("desk").post(f"/tasks/{world.task.pk}/comments", {"text": "Nhờ @user.ministry xem việc kín"})
    assert "việc kín" in client.get("/inbox").content.decode()
    hidden = type(world.task).objects.get(pk=world.task.pk)
    other = institution("BO-K")
    records.revise(
        hidden, act=act(), values={"classification": "internal", "owner": other.pk, "lead_id": other.pk}, version=hidden.version
    )
    page = client.get("/inbox").content.decode()
    assert "việc kín" not in page and world.task.text_vi not in page
    assert client.get(f"/tasks/{world.task.pk}").status_code == 404
    ledger = client.get("/ledger").content.decode()
    assert world.task.text_vi not in ledger and "việc kín" not in ledger


def test_a_heading_that_somebody_wrote_is_no_formula_in_an_export() -> None:
    from banggiao.core.exports import export

    columns = [{"label": '=HYPERLINK("http://x")', "kind": "text"}, {"label": "@SUM(1)", "kind": "number", "unit": "t"}]
    there = asked(questions=columns)
    answer = ask("data_call_table", {"data_call": str(there.call.pk)}, there.desk, at=AT, page=ALL)
    content, _media, _name = export(answer, "csv", act=act(there.desk), language="vi", translate=str)
    cells = [cell.strip('"') for line in content.decode().splitlines() for cell in line.split(",")]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


@pytest.mark.parametrize("year", ["02025" + "9" * 5000, "020259", "9" * 5000, "0000", "٢٠٢٥"])
def test_a_year_that_is_none_shows_the_calendar_of_this_year(year: str, world: World, as_role: Callable[..., Client]) -> None:
    assert as_role("administrator").get("/admin/calendar", {"year": year}).status_code == 200


@pytest.mark.parametrize(
    "moment", ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2025-13-45T99:00:00+07:00"]
)
def test_a_moment_at_the_edge_of_the_calendar_is_refused(moment: str, world: World, as_role: Callable[..., Client]) -> None:
    assert as_role("desk").get("/tasks", {"changed_since": moment}).status_code == 422


@pytest.mark.parametrize("period", ["9999", "9999-Q4", "9999-H2", "9999-12", "0001", "0000", "10000"])
def test_a_period_at_the_edge_of_the_calendar_breaks_no_list(period: str, world: World, as_role: Callable[..., Client]) -> None:
    for name in ("ledger", "tasks", "anniversaries"):
        assert as_role("desk").get(f"/{name}", {"period": period}).status_code in (200, 422), name


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["silent_on", "overdue_on", "due_soon_on", "on"])
def test_a_day_at_the_edge_of_the_calendar_breaks_no_list(
    name: str, day: str, world: World, as_role: Callable[..., Client]
) -> None:
    for question in ("tasks", "commitments", "who_must_act"):
        assert as_role("desk").get(f"/{question}", {name: day}).status_code in (200, 422), question
