"""Addresses of the feature `work`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from counterpoise.web.work import views

urlpatterns: list[URLPattern | URLResolver] = [path("health", views.health, name="health")]
