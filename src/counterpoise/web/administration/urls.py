"""The address of the settings."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.administration import views

app_name = "administration"
urlpatterns = [path("", views.settings_page, name="settings")]
