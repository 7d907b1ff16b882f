"""Addresses of joint reviews."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.joint.views import calendars, reviews, writing

app_name = "joint"
urlpatterns = [
    path("", reviews.home, name="home"),
    path("plan/", reviews.plan, name="plan"),
    path("rhythm/", reviews.rhythm, name="rhythm"),
    path("actions/<int:pk>/done/", writing.done, name="done"),
    path("actions/<int:pk>/drop/", writing.drop, name="drop"),
    path("calendar/", calendars.link, name="link"),
    path("calendar/drop/", calendars.drop, name="drop_link"),
    path("calendar/<slug:token>.ics", calendars.feed, name="feed"),
    path("points/<int:pk>/write/", writing.write, name="write"),
    path("points/<int:pk>/notes/", writing.notes, name="notes"),
    path("decisions/<int:pk>/strike/", writing.strike, name="strike"),
    path("<int:pk>/", reviews.review, name="review"),
    path("<int:pk>/news/", writing.news, name="news"),
    path("<int:pk>/begin/", reviews.begin, name="begin"),
    path("<int:pk>/come/", reviews.come, name="come"),
    path("<int:pk>/bring/", reviews.bring, name="bring"),
    path("<int:pk>/move/", reviews.move, name="move"),
    path("<int:pk>/skip/", reviews.skip, name="skip"),
    path("<int:pk>/close/", reviews.close, name="close"),
    path("<int:pk>/minutes.md", reviews.minutes, name="minutes"),
    path("<int:pk>/review.ics", calendars.event, name="event"),
]
