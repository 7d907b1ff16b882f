"""Pages of the feature `work`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from counterpoise.web.work.health import health as health_of


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Say whether the room is well; no sign-in, no figures."""
    found = health_of(timezone.now())
    return JsonResponse(found.as_json(), status=200 if found.is_well else 503)
