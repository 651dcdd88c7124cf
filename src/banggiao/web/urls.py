"""Which addresses do the pages have?"""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.i18n import set_language

from banggiao.web import (
    comments,
    data_call_answers,
    data_calls,
    dispatches,
    documents,
    facts,
    following,
    health,
    home,
    inbox,
    lists,
    records,
    reviews,
    search,
    sign_in,
    steps,
    views_saved,
)
from banggiao.web.asking import View, private

app_name = "web"


def _page(route: str, view: View, name: str) -> URLPattern:
    """A page for signed-in users."""
    return path(route, private(view), name=name)


urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("language", set_language, name="language"),
    _page("", home.home, "home"),
    _page("search", search.search, "search"),
    _page("inbox", inbox.show, "inbox"),
    _page("inbox/read", inbox.read_all, "inbox_read_all"),
    _page("inbox/<uuid:key>", inbox.open_item, "inbox_item"),
    _page("inbox/<uuid:key>/read", inbox.read, "inbox_read"),
    _page("views", views_saved.save, "save_view"),
    _page("views/<uuid:key>", views_saved.edit, "saved_view"),
    _page("views/<uuid:key>/remove", views_saved.remove, "remove_view"),
    _page("reviews", reviews.choose, "reviews"),
    _page("reviews/<str:period>", reviews.show, "review"),
    _page("reviews/<str:period>/signature", reviews.sign, "review_signature"),
    _page("reviews/<str:period>/charts/<int:place>.svg", reviews.chart, "review_chart"),
    _page("reviews/<str:period>/file.<slug:form>", reviews.take, "review_file"),
    _page("documents/add", documents.upload, "upload"),
    _page("documents/<uuid:key>", documents.show, "document"),
    _page("documents/<uuid:key>/accept", facts.accept_batch, "accept_batch"),
    _page("facts/<uuid:key>", facts.show, "fact"),
    _page("facts/<uuid:key>/accept", facts.accept_one, "accept_fact"),
    _page("facts/<uuid:key>/correct", facts.correct, "correct_fact"),
    _page("facts/<uuid:key>/reject", facts.reject, "reject_fact"),
    _page("facts/<uuid:key>/undo", facts.undo_one, "undo_fact"),
    _page("data_calls/new", data_calls.new, "new_call"),
    _page("data_calls/<uuid:key>/edit", data_calls.edit, "edit_call"),
    _page("data_calls/<uuid:key>/deadline", data_calls.deadline, "call_deadline"),
    _page("data_calls/<uuid:key>/returned", data_call_answers.take_any_back, "call_returned"),
    _page("data_calls/<uuid:key>/table.docx", data_calls.table_paper, "call_paper"),
    _page("data_call_answers/<uuid:key>/edit", data_call_answers.fill, "answer_fill"),
    _page("data_call_answers/<uuid:key>/steps/save", data_call_answers.fill, "answer_save"),
    _page("data_call_answers/<uuid:key>/form.<slug:form>", data_call_answers.form_file, "answer_form"),
    _page("data_call_answers/<uuid:key>/returned", data_call_answers.take_back, "answer_returned"),
    _page("<slug:question>", lists.show, "list"),
    _page("<slug:question>/export/<slug:form>", lists.take, "export"),
    _page("<slug:register>/<str:key>", records.show, "record"),
    _page("<slug:register>/<str:key>/edit", records.edit, "edit"),
    _page("<slug:register>/<str:key>/steps/<slug:action>", steps.take, "step"),
    _page("<slug:register>/<str:key>/dispatches/add", dispatches.add, "dispatch"),
    _page("<slug:register>/<str:key>/comments", comments.add, "comment_on"),
    _page("<slug:register>/<str:key>/comments/<uuid:comment>", comments.change, "change_comment"),
    _page("<slug:register>/<str:key>/comments/<uuid:comment>/remove", comments.remove, "remove_comment"),
    _page("<slug:register>/<str:key>/comments/<uuid:comment>/resolve", comments.resolve, "resolve_comment"),
    _page("<slug:register>/<str:key>/people", comments.people, "people"),
    _page("<slug:register>/<str:key>/progress", following.report, "progress"),
    _page("<slug:register>/<str:key>/evidence", following.prove, "evidence"),
    _page("<slug:register>/<str:key>/due", following.move, "due"),
    _page("<slug:register>/<str:key>/due/<uuid:move>", following.decide, "decide_due"),
]
