"""All addresses: the API under `/api/`, the pages everywhere else; and who answers when none fits."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/", include("banggiao.api.urls")),
    path("", include("banggiao.web.urls")),
]
handler400 = "banggiao.web.errors.bad_request"
handler403 = "banggiao.web.errors.not_permitted"
handler404 = "banggiao.web.errors.not_found"
handler500 = "banggiao.web.errors.broken"
