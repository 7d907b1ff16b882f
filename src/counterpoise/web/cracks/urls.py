"""Addresses of cracks."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.cracks import views

app_name = "cracks"
urlpatterns = [
    path("", views.home, name="home"),
    path("since/", views.since, name="since"),
    path("people/", views.people, name="people"),
    path("<slug:slug>/", views.crack, name="crack"),
    path("<slug:slug>/look/", views.look, name="look"),
    path("<slug:slug>/answer/", views.answer, name="answer"),
    path("<slug:slug>/assign/", views.assign, name="assign"),
    path("<slug:slug>/accept/", views.accept, name="accept"),
    path("<slug:slug>/sheet/", views.sheet, name="sheet"),
]
