"""How do people read the API's document? As a plain page of our own, drawn from it: no script, nothing from another machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from banggiao.api.problems import words
from banggiao.core.errors import N_
from banggiao.core.questions import questions

#: Status -> what it means here; the framework would say it in English only.
MEANINGS = {
    200: N_("Thành công."),
    201: N_("Đã tạo."),
    204: N_("Đã xong, không có gì để trả về."),
    401: N_("Chưa đăng nhập, hoặc khóa truy cập không còn hiệu lực."),
    403: N_("Không có quyền."),
    404: N_("Không có, hoặc bạn không được biết là có."),
    409: N_("Trạng thái của bản ghi không cho phép."),
    412: N_("Đã có người sửa sau khi bạn đọc; kèm các trường khác nhau."),
    422: N_("Thiếu hoặc sai thông tin; kèm các trường."),
    428: N_("Thiếu phiên bản trong If-Match."),
    500: N_("Lỗi không mong muốn."),
    503: N_("Máy chủ chưa ghi được gì vì đồng hồ bị lùi; chưa có gì thay đổi."),
}


class Api(NinjaAPI):
    """The API whose document speaks the language of the request."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["info"]["description"] = words(self.description)
        for _path, _method, operation in operations(schema):
            operation["summary"] = words(operation["summary"])
            operation["description"] = words(operation["description"])
            for parameter in operation.get("parameters", ()):
                # In the document only: what lacks it, or does not keep to it, gets an error that says what an ETag looks like.
                if parameter["name"] == "If-Match":
                    parameter["required"] = True
                    parameter["schema"] = {"type": "string", "maxLength": 80, "pattern": r'^"[0-9]{1,9}"$', "title": "If-Match"}
            for status, response in operation["responses"].items():
                response["description"] = words(MEANINGS[int(status)])
        return schema


@dataclass(frozen=True, slots=True)
class Frame:
    """What the skeleton of the pages needs to know."""

    language: str


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of the page."""

    title: str
    subtitle: str


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter, a field of the body or a response: its name, type or place, and what it means."""

    name: str
    kind: str
    text: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    takes: Sequence[Line]
    answers: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page lists it."""

    name: str
    title: str
    takes: Sequence[Line]
    columns: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Other:
    """The same page in the other language, named in that language."""

    language: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DocsPage:
    """api/docs.html."""

    header: Head
    openapi_url: str
    home_url: str
    other: Other
    routes: Sequence[Route]
    questions: Sequence[Asked]


def operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of everything in an OpenAPI document."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def docs_page(request: HttpRequest) -> HttpResponse:
    """The page of the API: its addresses, and the questions with their parameters and columns."""
    from banggiao.api.urls import api  # the routes stand above this module

    asked = request.GET.get("language", "")
    language = asked if asked in ("vi", "en") else "en" if (get_language() or "vi").startswith("en") else "vi"
    with override(language):
        return render(request, "api/docs.html", {"shell": Frame(language), "page": _page(api, request.path, language)})


def _page(api: NinjaAPI, here: str, language: str) -> DocsPage:
    other = "vi" if language == "en" else "en"
    schema = api.get_openapi_schema()
    return DocsPage(
        header=Head(schema["info"]["title"], schema["info"]["description"]),
        openapi_url=reverse("api:openapi-json"),
        home_url="/",
        other=Other(other, {"vi": "Tiếng Việt", "en": "English"}[other], f"{here}?language={other}"),
        routes=[_route(schema, *each) for each in operations(schema)],
        questions=[
            Asked(
                q.name,
                q.title.get(language),
                [Line(p.name, p.vocabulary or p.kind, words(p.label)) for p in q.parameters],
                [Line(c.key, c.vocabulary or c.type, words(c.label)) for c in q.columns],
            )
            for q in questions()
        ],
    )


def _route(schema: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Route:
    takes = [
        Line(p["name"], p["in"], p.get("description", ""), p.get("required", False)) for p in operation["parameters"]
    ]  # fmt: skip
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    shape = _resolved(schema, body)
    takes += [
        Line(name, "body", "", name in shape.get("required", ())) for name in shape.get("properties", ())
    ]  # fmt: skip
    answers = [Line(str(status), "", each["description"]) for status, each in operation["responses"].items()]
    return Route(
        operation["operationId"], method.upper(), path, operation["summary"], operation["description"], takes, answers
    )  # fmt: skip


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    found: Mapping[str, Any] = schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]]
    return found
