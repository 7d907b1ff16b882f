"""Addresses of the frame itself."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.shell import views

app_name = "shell"
urlpatterns = [
    path("charts/<slug:asked>.js", views.charts, name="charts"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("view-from/", views.view_from, name="view_from"),
]
