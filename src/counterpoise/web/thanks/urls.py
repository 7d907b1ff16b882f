"""Addresses of thanks."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.thanks import views

app_name = "thanks"
urlpatterns = [
    path("", views.thanks, name="thanks"),
    path("say/", views.say, name="say"),
]
