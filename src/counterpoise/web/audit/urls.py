"""Addresses of the trail."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("verification/", views.verification, name="verification"),
]
