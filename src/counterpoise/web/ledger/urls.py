"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import path, re_path

from counterpoise.web.ledger import journey_views, score_urls, views

app_name = "ledger"
urlpatterns = [
    path("", views.home, name="home"),
    path("deals/", views.deals, name="deals"),
    path("funnel/", journey_views.funnel_home, name="funnel"),
    path("funnel/leads/", journey_views.funnel_leads, name="leads"),
    path("credit/", journey_views.credit_home, name="credit"),
    path("credit/deals/", journey_views.credit_deals, name="helped"),
    path("credit/helped/", journey_views.deals_you_helped, name="you_helped"),
    *score_urls.urlpatterns,
    path("deals/<path:deal_id>/", views.deal, name="deal"),
    re_path(r"^file/(?P<name>[a-z_]+)\.(?P<form>csv|parquet)$", views.table_file, name="file"),
]
