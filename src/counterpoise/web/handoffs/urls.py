"""Addresses of hand-offs."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.handoffs.views import answering, boards, passing

app_name = "handoffs"
urlpatterns = [
    path("", boards.board, name="board"),
    path("teams/", boards.teams, name="teams"),
    path("pass/", passing.choose, name="choose"),
    path("pass/books/", passing.from_books, name="from_books"),
    path("pass/form/", passing.by_form, name="by_form"),
    path("pass/file/", passing.by_file, name="by_file"),
    path("verdicts/", answering.verdicts, name="verdicts"),
    path("<int:pk>/", boards.lead, name="lead"),
    path("<int:pk>/respond/", answering.respond_to, name="respond"),
    path("<int:pk>/verdict/", answering.verdict, name="verdict"),
    path("<int:pk>/assign/", answering.give, name="assign"),
    path("<int:pk>/again/", passing.again, name="again"),
    path("<int:pk>/link/", answering.link_deal, name="link"),
]
