"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.desk.views import approvals, away, recurring, requests, trying

app_name = "desk"
urlpatterns = [
    path("", trying.start, name="start"),
    path("accounts/", trying.accounts, name="accounts"),
    path("customer/", trying.customer, name="customer"),
    path("ask/", trying.ask_on_record, name="ask"),
    path("requests/", requests.listed, name="requests"),
    path("requests/<int:pk>/", requests.story, name="request"),
    path("requests/<int:pk>/customer/", requests.customer, name="request_customer"),
    path("requests/<int:pk>/answer/", approvals.answer_request, name="answer"),
    path("requests/<int:pk>/withdraw/", requests.take_back, name="withdraw"),
    path("requests/<int:pk>/link/", requests.link_deal, name="link"),
    path("requests/<int:pk>/offered/", requests.put_to_customer, name="offered"),
    path("approvals/", approvals.waiting, name="approvals"),
    path("away/", away.away, name="away"),
    path("away/<int:pk>/end/", away.back, name="back"),
    path("recurring/", recurring.recurring, name="recurring"),
    path("recurring/propose/", recurring.propose_clause, name="propose"),
]
