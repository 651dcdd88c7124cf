"""Every write of watches and signals: set up a watch, look through the data, triage what was noticed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.numbering import next_code
from banggiao.followup.services_inbox import notify
from banggiao.intelligence.watching.models import Signal, Watch
from banggiao.intelligence.watching.noticing import Noticed, notice
from banggiao.intelligence.watching.states import SIGNAL, WATCH

#: Of a score a value as far from the usual as one in some thousands of quiet months; of a share half of all supply.
USUAL_THRESHOLD = {"monthly_change": Decimal(4), "supplier_share": Decimal("0.5")}


@transaction.atomic
def create_watch(*, act: Act, values: Mapping[str, Any]) -> Watch:
    """A watch is set up; without a threshold it takes the usual one of its measure. Raises NotPermitted, InvalidInput."""
    act.viewer.require("signals.edit")
    values = {k: v for k, v in values.items() if v is not None}
    values.setdefault("threshold", USUAL_THRESHOLD.get(values.get("measure", ""), Decimal(4)))
    values.setdefault("exercise", act.exercise)
    _check(values)
    if not values.get("code"):
        values["code"] = next_code(Watch, "DT-CT" if values["exercise"] else "CT", str(act.at.year))
    return records.create(Watch, act=act, values=values)


def revise_watch(*, act: Act, watch: Watch, values: Mapping[str, Any], version: int | None) -> Watch:
    """Change a watch. Raises NotPermitted, InvalidInput, VersionRequired, StaleEdit."""
    act.viewer.require("signals.edit", subject=str(watch))
    _check({**watch.snapshot(), **values})
    return records.revise(watch, act=act, values=values, version=version)


def move_watch(*, act: Act, watch: Watch, action: str, version: int | None, values: Mapping[str, Any] | None = None) -> Watch:
    """Pause or resume a watch. Raises what `transitions.apply` raises."""
    return transitions.apply(watch, WATCH, action, act=act, version=version, values=values)


def move_signal(*, act: Act, signal: Signal, action: str, version: int | None, values: Mapping[str, Any] | None = None) -> Signal:
    """Take a step of the triage; raising one tells the body that follows the watch. Raises what `transitions.apply` raises."""
    with transaction.atomic():
        moved = transitions.apply(signal, SIGNAL, action, act=act, version=version, values=values)
        if action == "raise" and moved.watch.follower_id:
            notify(act=act, kind="signal", record=moved, institutions=[moved.watch.follower_id])
    return moved


def check_watches(*, act: Act, watches: Iterable[Watch]) -> list[Signal]:
    """Look through the data that each active watch follows; returns the signals made now.

    The same period of the same series is noticed once, however often this runs and also when its figure was revised since:
    what a person decided on a signal stands. Each watch is a transaction of its own.
    """
    made: list[Signal] = []
    for watch in watches:
        if watch.state == "active" and not watch.retracted:
            made += _check_one(act, watch)
    return made


@transaction.atomic
def _check_one(act: Act, watch: Watch) -> list[Signal]:
    found = {_key(watch, each): each for each in notice(watch)}
    # Two runs at once: the second waits here and then sees what the first made.
    records.lock(Watch, watch.pk)
    known = set(Signal.objects.filter(watch=watch).values_list("key", flat=True))
    made = [record_signal(act=act, watch=watch, noticed=each) for key, each in found.items() if key not in known]
    if made and watch.follower_id:
        for signal in made:
            notify(act=act, kind="signal", record=signal, institutions=[watch.follower_id])
    return made


def record_signal(*, act: Act, watch: Watch, noticed: Noticed) -> Signal:
    """What a watch noticed becomes a signal, as new. Raises InvalidInput when it was recorded before."""
    each = noticed
    return records.create(
        Signal,
        act=act,
        values={
            "code": next_code(Signal, "DT-TH" if watch.exercise else "TH", str(act.at.year)),
            "watch_id": watch.pk,
            "key": _key(watch, each),
            "name_vi": each.name.vi[:400],
            "name_en": each.name.en[:400],
            "period": each.period,
            "flow": watch.flow,
            "partner_id": each.partner_id,
            "product": each.product,
            "value": each.value,
            "baseline": each.baseline,
            "score": each.score,
            "provisional": each.provisional,
            "source_title": each.source_title[:400],
            "source_url": each.source_url,
            "as_of": each.as_of,
            "owner": watch.owner,
            "classification": watch.classification,
            "exercise": watch.exercise,
        },
    )


def revise_signal(*, act: Act, signal: Signal, values: Mapping[str, Any], version: int | None) -> Signal:
    """Change what was made of a signal; its figures are never edited. Raises NotPermitted, VersionRequired, StaleEdit."""
    act.viewer.require("signals.triage", subject=str(signal))
    return records.revise(signal, act=act, values=values, version=version)


def _key(watch: Watch, each: Noticed) -> str:
    return f"{watch.pk}:{each.period}:{each.partner_id or ''}:{each.product}"


def _check(values: Mapping[str, Any]) -> None:
    product = str(values.get("product") or "")
    if product and not (product.isdigit() and product.isascii() and len(product) in (2, 4, 6)):
        raise InvalidInput(
            N_("Mã mặt hàng không hợp lệ."),
            problems=(FieldProblem("product", N_("Hãy ghi mã HS 2, 4 hoặc 6 chữ số, hoặc để trống cho mọi mặt hàng.")),),
        )
    share = values.get("measure") == "supplier_share"
    if share and not Decimal(0) < Decimal(str(values.get("threshold") or 0)) <= 1:
        raise InvalidInput(
            N_("Ngưỡng không hợp lệ."),
            problems=(FieldProblem("threshold", N_("Tỷ trọng phải lớn hơn 0 và không quá 1 (0,5 là một nửa).")),),
        )
    if share and values.get("flow") != "import":
        raise InvalidInput(
            N_("Chiều buôn bán không hợp lệ."),
            problems=(FieldProblem("flow", N_("Tỷ trọng nhà cung cấp chỉ tính được cho nhập khẩu.")),),
        )
