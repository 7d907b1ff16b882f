"""Addresses of fit, contra-effects and power."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.ledger import score_views

urlpatterns = [
    path("fit/", score_views.fit, name="fit"),
    path("together/", score_views.together, name="together"),
    path("power/", score_views.power, name="power"),
    path("behind/<slug:name>/", score_views.behind, name="behind"),
]
