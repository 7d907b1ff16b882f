"""Addresses of the trade."""

from __future__ import annotations

from django.urls import path, re_path

from counterpoise.web.trade import views

app_name = "trade"
urlpatterns = [
    path("", views.home, name="home"),
    path("promotions/", views.promotions, name="promotions"),
    path("promotions/<path:promotion_id>/", views.promotion, name="promotion"),
    path("brand/", views.brand, name="no_brand"),
    path("brands/<path:key>/", views.brand, name="brand"),
    path("accounts/<path:key>/", views.account, name="account"),
    re_path(r"^file/(?P<name>[a-z_]+)\.(?P<form>csv|parquet)$", views.table_file, name="file"),
]
