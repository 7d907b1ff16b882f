"""Addresses of promises and budgets."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.promises import views

app_name = "promises"
urlpatterns = [
    path("", views.promises, name="promises"),
    path("transfers/", views.propose, name="propose"),
    path("transfers/<int:pk>/sign/", views.sign, name="sign"),
    path("transfers/<int:pk>/decline/", views.decline, name="decline"),
    path("transfers/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:side>/<slug:name>/", views.promise, name="promise"),
]
