"""Do comments reach those they call, stay with those who may see the record, and hold when there are very many?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from banggiao.accounts.services import end_role
from banggiao.commitments.models import Task
from banggiao.core import records
from banggiao.core.acts import Viewer
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted, StaleEdit
from banggiao.core.ledger import entries_of, verify
from banggiao.core.search import SearchEntry
from banggiao.followup.chasing.services import remind
from banggiao.followup.questions_comments import comment_seen, comments_of, names_in, who_can_be_called
from banggiao.followup.questions_inbox import inbox, item_seen, unread_count
from banggiao.followup.services import move_work
from banggiao.followup.services_comments import comment_on, resolve_comment, retract_comment, revise_comment
from banggiao.followup.services_inbox import mark_all_read, mark_read, notify
from banggiao.followup.talking import Comment, InboxItem
from banggiao.partners.models import Institution
from tests.factories.rows import AT, SIX, act, institution, task, user, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
TODAY = AT.date()


@pytest.fixture
def body() -> Institution:
    return institution("BO-A")


@pytest.fixture
def duty(body: Institution) -> Task:
    return task(lead_id=body.pk, owner=body.pk, deadline="2025-09-20", **SIX)


def person(name: str, body: Institution, role: str = "ministry") -> Viewer:
    return viewer(role, body, id=user(name, role=role, body=body).pk)


def test_whoever_is_called_finds_it_in_the_inbox(body: Institution, duty: Task) -> None:
    me, colleague = person("toi", body), person("ban.be", body)
    comment = comment_on(act=act(me), record=duty, text="  Nhờ @ban.be xem giúp.\r\n@toi ghi nhận.  ")
    assert comment.text == "Nhờ @ban.be xem giúp.\n@toi ghi nhận." and not list(verify())
    [item], total, following = inbox(colleague)
    assert (item.kind, item.text, item.title, item.read) == ("mention", comment.text, (duty.text_vi, ""), False)
    assert total == 1 and not following and unread_count(me) == 0, "nobody is told of their own words"
    mark_read(act=act(colleague), item=item_seen(item.id, colleague))
    mark_read(act=act(colleague), item=item_seen(item.id, colleague))
    assert unread_count(colleague) == 0 and inbox(colleague)[0][0].read and inbox(colleague, unread=True)[1] == 0
    with pytest.raises(NotFound):
        item_seen(item.id, me)
    assert not SearchEntry.objects.filter(record_type="followup.comment").exists(), "what people say is not searched"


def test_only_those_who_may_see_the_record_are_called(body: Institution, duty: Task) -> None:
    me, other = person("toi", body), institution("BO-B")
    person("la", other)
    person("doanh.nghiep", body, "enterprise")
    person("cu", body)
    who = [c.username for c in who_can_be_called("", duty, TODAY)]
    assert who == ["cu", "toi"]
    assert [c.username for c in who_can_be_called("CÁN bộ to", duty, TODAY)] == ["toi"]
    for name in ("la", "doanh.nghiep", "khong.co"):
        with pytest.raises(InvalidInput) as wrong:
            comment_on(act=act(me), record=duty, text=f"Nhờ @{name} xem")
        assert wrong.value.subject == f"@{name}", "the same answer whether there is such an account or not"
    assert not Comment.objects.exists() and not InboxItem.objects.exists()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@a, @b.c. @d-e!", {"a", "b.c", "d-e"}),
        ("thư a@b.vn", set()),
        ("https://x/@a", set()),
        ("(@ánh) @ 10h @", {"ánh"}),
        ("@@a", set()),
    ],
)
def test_names_in_a_text(text: str, names: set[str]) -> None:
    assert names_in(text) == names


def test_who_may_not_see_may_not_say(body: Institution, duty: Task) -> None:
    me, stranger = person("toi", body), person("la", institution("BO-B"))
    comment = comment_on(act=act(me), record=duty, text="Nội bộ")
    for deed in (
        lambda: comment_on(act=act(stranger), record=duty, text="x"),
        lambda: comments_of(duty, stranger),
        lambda: comment_seen(duty, comment.pk, stranger),
        lambda: resolve_comment(act=act(stranger), record=duty, comment=comment, resolved=True, version=1),
    ):
        with pytest.raises(NotFound):
            deed()
    enterprise = person("dn", body, "enterprise")
    with pytest.raises(NotPermitted):
        comment_on(act=act(enterprise), record=duty, text="x")
    with pytest.raises(NotPermitted):
        comments_of(duty, enterprise)
    elsewhere = task(owner=body.pk)
    with pytest.raises(NotFound):
        revise_comment(act=act(me), record=elsewhere, comment=comment, text="x", version=1)
    for bad in ("", " \n ", "x" * 4001, "\x00", " ".join(f"@n{n}" for n in range(30))):
        with pytest.raises(InvalidInput):
            comment_on(act=act(me), record=duty, text=bad)


def test_ones_own_words_are_changed_and_taken_back(body: Institution, duty: Task) -> None:
    me, colleague = person("toi", body), person("ban", body)
    comment = comment_on(act=act(me), record=duty, text="Nhờ @ban xem")
    for deed in (
        lambda: revise_comment(act=act(colleague), record=duty, comment=comment, text="x", version=1),
        lambda: retract_comment(act=act(colleague), record=duty, comment=comment, version=1),
    ):
        with pytest.raises(NotPermitted):
            deed()
    changed = revise_comment(act=act(me), record=duty, comment=comment, text="Nhờ @ban xem lại", version=1)
    assert unread_count(colleague) == 1, "called already"
    with pytest.raises(StaleEdit):
        revise_comment(act=act(me), record=duty, comment=comment, text="x", version=1)
    settled = resolve_comment(act=act(colleague), record=duty, comment=changed, resolved=True, version=2)
    assert settled.resolved
    retract_comment(act=act(me), record=duty, comment=settled, version=3)
    assert comments_of(duty, me)[:2] == ([], 0) and inbox(colleague)[0][0].text == ""
    assert [e.action for e in entries_of(comment.pk)] == ["create", "revise", "resolve", "retract"] and not list(verify())


def test_what_one_may_no_longer_see_shows_no_word(body: Institution, duty: Task) -> None:
    me, colleague = person("toi", body), person("ban", body)
    comment_on(act=act(me), record=duty, text="Bí mật với @ban")
    gone = Viewer("ban", id=colleague.id, institutions=frozenset(), roles=colleague.roles, permissions=colleague.permissions)
    [item], _total, _following = inbox(gone)
    assert item.title is None and item.text == "" and unread_count(gone) == 1


def test_given_and_reminded_duties_come_to_the_institution(body: Institution, duty: Task) -> None:
    move_work(act=act(), record=duty, action="assign", version=duty.version)
    for _twice in range(2):
        remind(act=act(), followed=[duty], today=TODAY)
    me, other = person("toi", body), person("la", institution("BO-B"))
    assert [item.kind for item in inbox(me)[0]] == ["reminder", "assigned"] and inbox(other)[1] == 0
    assert inbox(me, kind="reminder")[1] == 1
    newest = inbox(me)[0][0].id
    notify(act=act(), kind="call", record=duty, institutions=[body.pk, body.pk])
    assert mark_all_read(act=act(other), until=newest) == 0
    yesterday = act(at=AT - timedelta(days=1))
    notify(act=yesterday, kind="answer", record=duty, institutions=[body.pk])
    kinds = [item.kind for item in inbox(me)[0]]
    assert kinds == ["call", "reminder", "assigned", "answer"], "newest first by day, whatever the kind and the order of writing"
    first, _total, following = inbox(me, size=2)
    assert [item.kind for item in first + inbox(me, size=2, after=following)[0]] == kinds
    assert mark_all_read(act=act(me), until=newest) == 3 and unread_count(me) == 1, "what came later waits"
    with pytest.raises(NotFound):
        notify(act=act(), kind="khong", record=duty, institutions=[body.pk])
    with pytest.raises(InvalidInput):
        inbox(me, after="x' or 1")


def test_ten_thousand_comments_are_paged(body: Institution, duty: Task) -> None:
    me = person("toi", body)
    values = {"subject_type": "commitments.task", "subject_id": duty.pk, "author_id": me.id, "said_at": AT, "owner": body.pk}
    records.create_many(Comment, act=act(me), rows=[({**values, "text": f"Ý kiến {n}"}, {}) for n in range(10_000)])
    seen, before = [], ""
    for _page in range(3):
        found, total, before = comments_of(duty, me, before=before, size=20)
        seen += [comment.text for comment in found]
        assert total == 10_000 and before
    assert seen == [f"Ý kiến {n}" for n in range(9999, 9939, -1)]
    with pytest.raises(InvalidInput):
        comments_of(duty, me, before="abc")


def test_a_role_that_has_ended_calls_nobody(body: Institution, duty: Task) -> None:
    me = person("toi", body)
    left = user("da.nghi", role="ministry", body=body)
    end_role(act=act(), held=left.roles_held.get(), on=TODAY - timedelta(days=1))
    with pytest.raises(InvalidInput):
        comment_on(act=act(me), record=duty, text="Nhờ @da.nghi")
