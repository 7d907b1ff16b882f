"""The addresses of rehearsals."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.rehearsals.views import attaching, comparing, deals, trying

app_name = "rehearsals"
_CANDIDATE = "<int:rehearsal_id>/candidates/<int:number>/"
urlpatterns = [
    path("", comparing.home, name="home"),
    path("try/", trying.trial, name="trial"),
    path("try/estimate/", trying.estimate, name="estimate"),
    path("try/attest/", trying.attest, name="attest"),
    path("try/lay-out/", trying.lay_out, name="lay_out"),
    path("try/keep/", trying.keep, name="keep"),
    path("deals/", deals.deals, name="deals"),
    path("<int:rehearsal_id>/", comparing.rehearsal, name="rehearsal"),
    path("<int:rehearsal_id>/estimate/", comparing.estimate_all, name="estimate_all"),
    path(f"{_CANDIDATE}", comparing.candidate, name="candidate"),
    path(f"{_CANDIDATE}remove/", comparing.remove, name="remove"),
    path(f"{_CANDIDATE}draft/", attaching.make_draft, name="make_draft"),
    path(f"{_CANDIDATE}attach/", attaching.attach, name="attach"),
    path("attachments/<int:attachment_id>/detach/", attaching.detach, name="detach"),
]
