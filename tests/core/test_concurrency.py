"""Do two who write at once get one answer each, and the ledger one chain?"""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from banggiao.activities.models import Activity
from banggiao.barriers.models import Barrier
from banggiao.core import records
from banggiao.core.errors import StaleEdit
from banggiao.core.ledger import LedgerEntry, entries_of, verify
from tests.factories.rows import act, activity, barrier
from tests.factories.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def test_of_two_edits_of_one_version_one_is_stale() -> None:
    made = barrier()

    def edit(number: int) -> str:
        mine = Barrier.objects.get(pk=made.pk)
        try:
            records.revise(mine, act=act(), values={"name_vi": f"Bản {number}"}, version=1)
        except StaleEdit as error:
            (difference,) = error.differences
            return f"{difference.mine} / {difference.current}"
        return "written"

    answers = together(4, edit)
    assert answers.count("written") == 1
    winner = Barrier.objects.get(pk=made.pk)
    assert (winner.version, entries_of(made.pk).count()) == (2, 2)
    assert sorted(a for a in answers if a != "written") == sorted(
        f"Bản {n} / {winner.name_vi}" for n in range(4) if f"Bản {n}" != winner.name_vi
    )
    assert list(verify()) == []


def test_two_new_records_never_share_a_code_and_none_is_half_written() -> None:
    def make(_number: int) -> str:
        try:
            return activity().code
        except IntegrityError:
            return ""

    codes = [code for code in together(4, make) if code]
    assert codes and len(set(codes)) == len(codes) == Activity.objects.count() == LedgerEntry.objects.count()
    assert list(verify()) == []
