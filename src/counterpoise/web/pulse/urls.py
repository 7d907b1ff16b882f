"""Addresses of the pulse."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.pulse import views

app_name = "pulse"
urlpatterns = [
    path("", views.pulse, name="pulse"),
    path("answer/", views.answer, name="answer"),
    path("words/", views.words, name="words"),
]
