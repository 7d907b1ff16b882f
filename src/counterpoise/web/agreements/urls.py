"""The addresses of the agreement's pages and acts."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.agreements.views import (
    comparing,
    drafts,
    editing,
    negotiating,
    proposals,
    reading,
)

app_name = "agreements"
_PROPOSAL = "proposals/<int:pk>/"
_POINT = "proposals/<int:pk>/points/<int:point_id>/"
_DRAFT = "drafts/<int:pk>/"
urlpatterns = [
    path("", reading.read, name="read"),
    path("history/", reading.history, name="history"),
    path("versions/<slug:fingerprint>/", reading.version, name="version"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/past/", comparing.ask, name="compare_past"),
    path("drafts/", drafts.draft_list, name="drafts"),
    path("drafts/from-file/", drafts.from_file, name="draft_from_file"),
    path("drafts/from-version/", drafts.from_version, name="draft_from_version"),
    path("drafts/from-books/", drafts.from_books, name="draft_from_books"),
    path(_DRAFT, drafts.draft, name="draft"),
    path(f"{_DRAFT}agreement.yaml", drafts.file, name="draft_file"),
    path(f"{_DRAFT}use/", drafts.use, name="draft_use"),
    path(f"{_DRAFT}text/", editing.text, name="text"),
    path(f"{_DRAFT}check/", editing.check_text, name="check"),
    path(f"{_DRAFT}edit/<str:name>/", editing.section, name="section"),
    path(f"{_DRAFT}revisions/<int:number>/", drafts.revision, name="revision"),
    path(f"{_DRAFT}revisions/<int:number>/bring-back/", drafts.bring_back, name="bring_back"),
    path(f"{_DRAFT}withdraw/", drafts.withdraw, name="draft_withdraw"),
    path(f"{_DRAFT}take-up/", drafts.take_up, name="draft_take_up"),
    path("proposals/", proposals.proposal_list, name="proposals"),
    path("proposals/propose/", proposals.propose, name="propose"),
    path(_PROPOSAL, proposals.proposal, name="proposal"),
    path(f"{_PROPOSAL}withdraw/", proposals.withdraw, name="proposal_withdraw"),
    path(f"{_PROPOSAL}sign/", proposals.sign, name="sign"),
    path(
        f"{_PROPOSAL}signatures/<int:signature>/take-back/", proposals.take_back, name="take_back"
    ),
    path(f"{_PROPOSAL}comment/", negotiating.comment, name="comment"),
    path(f"{_PROPOSAL}point/", negotiating.point, name="point"),
    path(f"{_POINT}accept/", negotiating.accept, name="point_accept"),
    path(f"{_POINT}decline/", negotiating.decline, name="point_decline"),
    path(f"{_POINT}withdraw/", negotiating.withdraw, name="point_withdraw"),
]
