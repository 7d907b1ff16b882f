"""Addresses of talk."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.talk.views import calendar, landing, quotes, threads, words

app_name = "talk"
urlpatterns = [
    path("", landing.home, name="home"),
    path("on/<path:thing>/", threads.thread, name="thread"),
    path("say/<path:thing>/", threads.say, name="say"),
    path("ask/<path:thing>/", threads.ask, name="ask"),
    path("names/<path:thing>/", threads.names, name="names"),
    path("words/<int:pk>/change/", words.change, name="change"),
    path("words/<int:pk>/withdraw/", words.withdraw, name="withdraw"),
    path("words/<int:pk>/file/", words.file, name="file"),
    path("questions/<int:pk>/answer/", words.answer, name="answer"),
    path("questions/<int:pk>/pass-on/", words.pass_on, name="pass_on"),
    path("quote/<str:token>/", quotes.quote, name="quote"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/new/", calendar.new, name="campaign_new"),
    path("calendar/link/<path:campaign_id>/", calendar.link, name="campaign_link"),
    path("calendar/on/<path:campaign_id>/", calendar.campaign, name="campaign"),
]
