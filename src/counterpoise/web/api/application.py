"""The API put together: its routes, its errors, its description."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from counterpoise.web.api.errors import add_handlers
from counterpoise.web.api.openapi import describe


class RoomApi(NinjaAPI):
    """The API, described with the problems that its operations may end in."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the description that other programs read."""
        return describe(self, self.get_root_path(options.get("path_params") or {}))


def make_api() -> RoomApi:
    """Put the API together."""
    from counterpoise.web.api.routes import ROUTERS

    api = RoomApi(
        title="Counterpoise",
        version="1",
        description=(
            "What the room's pages do, for programs. Send a token as `Authorization: Bearer …`; "
            "errors are problem details (RFC 9457)."
        ),
        docs_url=None,
        urls_namespace="api",
    )
    add_handlers(api)
    for router in ROUTERS:
        api.add_router("", router)
    return api
