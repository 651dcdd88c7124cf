"""The API alone under its address, for tests that need no page."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("api/", include("banggiao.api.urls"))]
