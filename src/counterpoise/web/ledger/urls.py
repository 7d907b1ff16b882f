"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import path, re_path

from counterpoise.web.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.home, name="home"),
    path("deals/", views.deals, name="deals"),
    path("deals/<path:deal_id>/", views.deal, name="deal"),
    re_path(r"^file/(?P<name>[a-z_]+)\.(?P<form>csv|parquet)$", views.table_file, name="file"),
]
