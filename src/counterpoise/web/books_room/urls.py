"""Addresses of the feature `facts`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from counterpoise.web.books_room.views import comparing, importing, overview, sources, using

app_name = "facts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.books, name="books"),
    path("import/", importing.new_import, name="import"),
    path("jobs/<int:job_id>/", importing.job, name="job"),
    path("problems/", overview.problems, name="problems"),
    path("problems/rows/", overview.problem_rows, name="rows"),
    path("spellings/", using.accept_spellings, name="accept"),
    path("compare/", comparing.compare, name="compare"),
    path("snapshots/<slug:snapshot_id>/use/", using.use, name="use"),
    path("snapshots/prune/", using.prune, name="prune"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<int:source_id>/", sources.source, name="source"),
    path("sources/<int:source_id>/schedule/", sources.schedule, name="schedule"),
]
