"""Addresses of the pages about tokens."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.api.pages import views

app_name = "tokens"
urlpatterns = [
    path("", views.own_tokens, name="own"),
    path("all/", views.all_tokens, name="all"),
    path("<int:pk>/revoke/", views.revoke_token, name="revoke"),
]
