"""Every write of dispatch references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from banggiao.core import records
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.installation import LEVELS, installed_level
from banggiao.core.record import Record
from banggiao.followup.dispatches.models import DispatchReference
from banggiao.partners.models import Institution


def create_dispatch(*, act: Act, values: Mapping[str, Any], subject: Record | None = None) -> DispatchReference:
    """A letter is referred to, as belonging to `subject` or standing alone. Raises NotPermitted, InvalidInput."""
    act.viewer.require("dispatches.edit")
    return records.create(DispatchReference, act=act, values=_completed(act, values, subject))


def create_dispatches(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[DispatchReference]:
    """Letters are referred to, each standing alone; all or none. Raises NotPermitted, InvalidInput."""
    act.viewer.require("dispatches.edit")
    return records.create_many(DispatchReference, act=act, rows=[(_completed(act, values, None), {}) for values in rows])


def _completed(act: Act, values: Mapping[str, Any], subject: Record | None) -> dict[str, Any]:
    values = dict(values)
    if subject is not None:
        values |= {
            "subject_type": subject.record_type(),
            "subject_id": subject.pk,
            "exercise": subject.exercise,
            # Of a public record too the reference is internal, unless somebody says otherwise.
            "classification": values.get("classification") or max("internal", subject.classification, key=CLASSIFICATIONS.index),
        }
    if not values.get("owner"):
        values["owner"] = min(act.viewer.institutions, key=str, default=None)
    if subject is None and values["owner"]:
        values["exercise"] = Institution.objects.filter(pk=values["owner"], exercise=True).exists()
    _check({"secrecy": "public", **values})
    return values


def revise_dispatch(
    *, act: Act, dispatch: DispatchReference, values: Mapping[str, Any], version: int | None
) -> DispatchReference:
    """Change a reference. Raises NotPermitted, InvalidInput, StaleEdit."""
    act.viewer.require("dispatches.edit", subject=str(dispatch))
    _check(
        {name: getattr(dispatch, name) for name in ("number", "secrecy", "about", "keeper", "issuer_id", "issuer_name")}
        | dict(values)
    )
    return records.revise(dispatch, act=act, values=values, version=version)


def is_pointer_only(secrecy: str) -> bool:
    """Whether of a letter of this level only number, date and keeper may stand in this installation."""
    return CLASSIFICATIONS.index(secrecy) > CLASSIFICATIONS.index(LEVELS[installed_level()])


def _check(values: Mapping[str, Any]) -> None:
    problems = []
    if not str(values.get("number", "")).strip():
        problems.append(FieldProblem("number", N_("Hãy ghi số, ký hiệu văn bản.")))
    if not values.get("issuer_id") and not str(values.get("issuer_name", "")).strip():
        problems.append(FieldProblem("issuer_name", N_("Hãy chọn hoặc ghi cơ quan ban hành.")))
    if values["secrecy"] in CLASSIFICATIONS and is_pointer_only(values["secrecy"]):
        if str(values.get("about", "")).strip():
            problems.append(FieldProblem("about", N_("Văn bản mật: không ghi trích yếu, chỉ ghi số, ngày và nơi giữ.")))
        if not str(values.get("keeper", "")).strip():
            problems.append(FieldProblem("keeper", N_("Văn bản mật: hãy ghi nơi giữ văn bản.")))
    if problems:
        raise InvalidInput(N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=problems)
