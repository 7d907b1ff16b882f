"""Every page's address: each feature's own, below its prefix."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from counterpoise.web.places import features

urlpatterns: list[URLPattern | URLResolver] = [
    *(
        path(feature.prefix, include(f"{feature.name}.urls"))
        for feature in features()
        if find_spec(f"{feature.name}.urls")
    ),
]

handler400 = "counterpoise.web.shell.errors.bad_request"
handler403 = "counterpoise.web.shell.errors.forbidden"
handler404 = "counterpoise.web.shell.errors.not_found"
handler500 = "counterpoise.web.shell.errors.failed"
