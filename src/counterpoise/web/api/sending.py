"""Answers that carry what is made already."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

JSON = "application/json"
JSON_LINES = "application/x-ndjson"


def json_answer(content: object, status: int = 200) -> HttpResponse:
    """Send plain values as JSON."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n"
    return HttpResponse(text, status=status, content_type=JSON)


def body_of(schema: dict[str, Any], example: object, media_type: str = JSON) -> dict[str, Any]:
    """Describe a body that is read as it comes."""
    described = {"schema": schema, "example": example}
    return {"requestBody": {"required": True, "content": {media_type: described}}}


def example_of(example: object, media_type: str = JSON, status: int = 200) -> dict[str, Any]:
    """Describe an answer by an example."""
    return {"responses": {status: {"content": {media_type: {"example": example}}}}}
