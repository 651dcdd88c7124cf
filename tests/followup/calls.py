"""What do the tests of data calls start from: a call to two provinces and a mission, and people of each body."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from uuid_utils.compat import uuid7

from banggiao.core.acts import Act, Viewer
from banggiao.core.record import Record
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.services import create_call, move_answer, move_call, save_rows
from banggiao.followup.dispatches.models import DispatchReference
from banggiao.followup.dispatches.services import create_dispatch
from banggiao.partners.models import Institution
from tests.factories.rows import act, institution, partner, viewer

COLUMNS = [
    {"label": "Tên thỏa thuận đã ký", "kind": "text", "required": True},
    {"label": "Giá trị cam kết", "kind": "number", "unit": "triệu USD"},
    {"label": "Ngày hai bên ký", "kind": "date"},
    {"label": "Lĩnh vực hợp tác", "kind": "choice", "terms": "agreement_field"},
]


@dataclass(frozen=True)
class Asked:
    """A call with those it goes to, and somebody of each body."""

    call: DataCall
    asker: Institution
    x: Institution
    y: Institution
    mission: Institution
    desk: Viewer
    of_x: Viewer
    of_y: Viewer

    def answer(self, body: Institution) -> DataCallAnswer:
        """The answer of a body as it stands."""
        return DataCallAnswer.objects.get(call=self.call, institution=body)


def person(role: str, body: Institution) -> Viewer:
    """Somebody with an id of their own."""
    return replace(viewer(role, body), id=uuid7(), label=f"{role} {body.code}")


def asked(*, opened: bool = True, **values: Any) -> Asked:
    """A call with many rows, due on Tuesday 30 September 2025 unless said otherwise."""
    asker, x, y = institution("VU-E"), institution("TINH-X", kind="province"), institution("TINH-Y", kind="province")
    mission = institution("DSQ-D", kind="embassy", host_id=partner("JPN", "Nhật Bản").pk)
    desk = person("desk", asker)
    defaults = {
        "name_vi": "Tình hình thực hiện thỏa thuận", "purpose": "Phục vụ sơ kết", "asker_id": asker.pk, "deadline": "2025-09-30",
        "many_rows": True, "questions": COLUMNS,
    }  # fmt: skip
    call = create_call(act=act(desk), values={**defaults, **values}, addressees=[x, y, mission])
    if opened:
        call = move_call(act=act(desk), call=call, action="open", version=call.version)
    return Asked(call, asker, x, y, mission, desk, person("province", x), person("province", y))


def filled(act_: Act, answer: DataCallAnswer, *rows: dict[str, str]) -> DataCallAnswer:
    """The answer with these rows, new ones."""
    return save_rows(act=act_, answer=answer, rows=[{"id": "", "values": row} for row in rows], version=answer.version)


def sent(act_: Act, answer: DataCallAnswer, *rows: dict[str, str]) -> DataCallAnswer:
    """The answer filled and sent."""
    kept = filled(act_, answer, *rows)
    return move_answer(act=act_, answer=kept, action="submit", version=kept.version)


def in_the_world(body: Institution, other: Institution, about: Record) -> None:
    """For the pages: a call of `other` that all may know of, with the answer of `body` begun, and a letter behind `about`."""
    values = {
        "name_vi": "Số liệu quý ba", "purpose": "Báo cáo quý", "asker_id": other.pk, "deadline": "2025-09-30", "many_rows": True,
        "questions": COLUMNS, "classification": "public",
    }  # fmt: skip
    call = create_call(act=act(), values=values, addressees=[body])
    move_call(act=act(), call=call, action="open", version=1)
    filled(act(), DataCallAnswer.objects.get(call=call), {"c1": "Bản ghi nhớ", "c2": "12.5", "c4": "trade"})
    letter = {"number": "12/ABC", "day": "2025-09-01", "issuer_id": other.pk, "classification": "public"}
    create_dispatch(act=act(), values=letter, subject=about)


def of_the_world(register: str) -> Any:
    """The record that `in_the_world` put into the register."""
    models = {"data_calls": DataCall, "data_call_answers": DataCallAnswer, "dispatches": DispatchReference}
    return models[register].objects.order_by("pk").first()  # type: ignore[attr-defined]
