"""Addresses of the tools."""

from __future__ import annotations

from django.urls import path

from counterpoise.web.tools.views import helping, library, messages, using

app_name = "tools"
urlpatterns = [
    path("", library.library, name="library"),
    path("new/", library.new, name="new"),
    path("what-helps/", helping.what_helps, name="what_helps"),
    path("retire/", library.retire, name="retire"),
    path("library/<path:tool_id>/", library.tool, name="tool"),
    path("edit/<path:tool_id>/", library.edit, name="edit"),
    path("file/<path:tool_id>/", library.file, name="file"),
    path("use/", using.use, name="use"),
    path("uses/<int:pk>/helped/", using.helped, name="helped"),
    path("uses/<int:pk>/take-back/", using.take_back, name="take_back"),
    path("requests/", messages.requests, name="requests"),
    path("requests/new/", messages.ask, name="ask"),
    path("notes/", messages.notes, name="notes"),
    path("notes/new/", messages.tell, name="tell"),
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/<int:pk>/answer/", messages.answer, name="answer"),
    path("messages/<int:pk>/decline/", messages.decline, name="decline"),
    path("messages/<int:pk>/pass-on/", messages.pass_on, name="pass_on"),
    path("messages/<int:pk>/withdraw/", messages.withdraw, name="withdraw"),
]
