"""Addresses of cracks."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.cracks import views

app_name = "cracks"
urlpatterns = [
    path("", views.home, name="home"),
    path("since/", views.since, name="since"),
    path("people/", views.people, name="people"),
    path("<slug:crack_id>/", views.crack, name="crack"),
    path("<slug:crack_id>/look/", views.look, name="look"),
    path("<slug:crack_id>/answer/", views.answer, name="answer"),
    path("<slug:crack_id>/assign/", views.assign, name="assign"),
    path("<slug:crack_id>/accept/", views.accept, name="accept"),
    path("<slug:crack_id>/sheet/", views.sheet, name="sheet"),
]
