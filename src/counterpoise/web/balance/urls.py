"""Addresses of the home page."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.balance import views

app_name = "balance"
urlpatterns = [
    path("", views.home, name="home"),
    path("seen/", views.seen, name="seen"),
    path("revenue/", views.revenue, name="revenue"),
]
