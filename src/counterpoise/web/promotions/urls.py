"""Addresses of promotions."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.promotions import views

app_name = "promotions"
urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("try/", views.asking, name="asking"),
    path("ask/", views.ask, name="ask"),
    path("<int:pk>/", views.promotion, name="promotion"),
    path("<int:pk>/answer/", views.answer_promotion, name="answer"),
    path("<int:pk>/take/", views.take_counter, name="take"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
