"""Addresses of the pages about people."""

from __future__ import annotations

from django.urls import path, re_path

from counterpoise.web.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="people"),
    path("suggested/", views.suggested, name="suggested"),
    path("invitation/", views.invitation, name="invitation"),
    path("remaps/", views.remaps, name="remaps"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/link/", views.link, name="link"),
    re_path(
        r"^(?P<pk>\d{1,18})/(?P<name>close|reopen|sign-out|second-factor)/$", views.act, name="act"
    ),
    path("<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<int:pk>/erasure/", views.erasure, name="erasure"),
]
