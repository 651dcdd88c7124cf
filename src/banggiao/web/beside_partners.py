"""What stands on the pages of institutions and people only: a body's line of succession, posts over time; levels over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution, Person, RelationLevel
from banggiao.reports.records import posts_of, succession_of
from banggiao.web.addresses import record_url
from banggiao.web.asking import language
from banggiao.web.jinja import written
from banggiao.web.parts import Action, Empty, Section, TimelineEntry
from banggiao.web.words import partial_date


def written_day(text: str) -> str:
    """A full or partial ISO date as the reader writes it; empty for empty."""
    return written(partial_date(text)) if text else ""


def level_entries(steps: Sequence[RelationLevel]) -> list[TimelineEntry]:
    """The steps in the relations with a partner, latest first."""
    levels, events = vocabulary("relation_level"), vocabulary("relation_event")
    return [
        TimelineEntry(
            when=None,
            when_text=written_day(step.day) or "–",
            title=levels.label(step.level, language()),
            text=" · ".join(
                filter(
                    None,
                    (
                        events.label(step.event, language()),
                        step.basis,
                        (step.note_vi if language() == "vi" else step.note_en or step.note_vi),
                        _("chưa kiểm chứng") if step.evidence == "recalled" else "",
                    ),
                )
            ),
            url=record_url("partners.relationlevel", step.pk),
        )
        for step in steps
    ]


def succession(institution: Institution, viewer: Viewer) -> list[Section]:
    """Who was before, what it was itself and from when to when, and who came after: one line of time."""
    before, after = succession_of(institution, viewer)
    entries = [_body(body) for body in reversed(after)]
    entries.append(_body(institution, here=True))
    entries += [_body(body) for body in before]
    actions = []
    if viewer.may("partners.edit"):
        actions.append(_new_post({"institution_id": institution.name_vi}))
        if not institution.valid_to:
            url = reverse("web:close_institution", args=[institution.pk])
            actions.append(Action(label=_("Kết thúc hoạt động"), url=url))
    if len(entries) == 1 and not (institution.valid_from or institution.valid_to or actions):
        return []
    return [Section(id="succession", title=_("Cơ quan này qua thời gian"), timeline=entries, actions=actions)]


def posts(person: Person, viewer: Viewer) -> list[Section]:
    """The posts in which public documents name the person, latest first."""
    entries = [
        TimelineEntry(
            when=None,
            when_text=written_day(post.last_seen),
            title=post.title_vi,
            text=" · ".join(filter(None, (_seen(post.first_seen, post.last_seen), post.basis))),
            url=record_url("partners.post", post.pk),
        )
        for post in posts_of(person, viewer)
    ]
    return [
        Section(
            id="posts",
            title=_("Chức vụ theo tài liệu"),
            timeline=entries,
            empty=Empty(title=_("Chưa có chức vụ nào"), text=_("Chức vụ được ghi theo tài liệu công khai nêu tên người đó.")),
            actions=[_new_post({"person_id": person.name})] if viewer.may("partners.edit") else (),
            note=_("Chỉ ghi điều tài liệu nói vào ngày đó, không suy ra trước hay sau."),
        )
    ]


def _new_post(given: Mapping[str, str]) -> Action:
    """The form of a new post with what is known already filled in."""
    return Action(label=_("Ghi chức vụ"), url=f"{reverse('web:new', args=['posts'])}?{urlencode(given)}", icon="add")


def _seen(first: str, last: str) -> str:
    if first != last:
        return _("thấy trong tài liệu từ %(first)s đến %(last)s") % {"first": written_day(first), "last": written_day(last)}
    return _("thấy trong tài liệu ngày %(day)s") % {"day": written_day(last)} if last else ""


def _body(body: Institution, *, here: bool = False) -> TimelineEntry:
    name = body.name_vi if language() == "vi" or not body.name_en else body.name_en
    span = []
    if body.valid_from:
        span.append(_("từ %(day)s") % {"day": written_day(body.valid_from)})
    if body.valid_to:
        span.append(_("đến %(day)s") % {"day": written_day(body.valid_to)})
    return TimelineEntry(
        when=None,
        when_text=written_day(body.valid_from or body.valid_to) or "–",
        title=name,
        text=" · ".join(filter(None, (" ".join(span), body.basis, _("cơ quan đang xem") if here else ""))),
        url="" if here else record_url("partners.institution", body.pk),
        state="next" if here else "past",
    )
