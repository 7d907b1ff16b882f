"""Addresses of the pages about notices."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.preferences, name="preferences"),
    path("outbox/", views.outbox, name="outbox"),
]
