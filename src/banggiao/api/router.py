"""What do all addresses of the API share: how errors are declared, how pages are asked for, how the document is headed?"""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query

from banggiao.api.schemas import Problem

Size = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str, Query(max_length=8000, pattern=r"^[A-Za-z0-9_-]*$")]

READ_PROBLEMS: dict[int, Any] = {status: Problem for status in (401, 403, 404, 422, 500, 503)}
WRITE_PROBLEMS: dict[int, Any] = {status: Problem for status in (401, 403, 404, 409, 412, 422, 428, 500, 503)}

#: The parameters of a question differ from question to question, so the document says: any, one text each.
FREE_PARAMETERS: dict[str, Any] = {
    "parameters": [
        {
            "in": "query",
            "name": "params",
            "required": False,
            "style": "form",
            "explode": True,
            "schema": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 400}},
        }
    ]
}
ETAG: dict[str, Any] = {
    "responses": {200: {"headers": {"ETag": {"schema": {"type": "string"}, "example": '"3"'}}}},
}
