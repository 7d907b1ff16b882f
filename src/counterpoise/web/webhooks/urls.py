"""Addresses of the pages about webhooks."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.listed, name="all"),
    path("<int:pk>/<str:act>/", views.act, name="act"),
]
