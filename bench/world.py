"""Where do the measures happen? A database of its own, on SQLite and PostgreSQL, with as many records as a ministry will hold.

Rows are made by `core.records`, as every service makes them, so each has its ledger entry, its search entry and its involved
bodies. Everything made here is flagged as exercise and goes away with the database.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

COMMITMENTS, AGREEMENTS, BODIES = 100_000, 20_000, 100
POSTGRES = os.environ.get("BANGGIAO_BENCH_DATABASE_URL", "postgres://root@127.0.0.1:5432/postgres")
AT = datetime(2026, 9, 15, 8, 30, tzinfo=UTC)
_DEEDS = (
    "Mở cửa thị trường cho",
    "Công nhận tiêu chuẩn của",
    "Đào tạo kỹ sư về",
    "Cấp vốn vay cho",
    "Lập tổ công tác về",
    "Miễn thuế cho",
)
_GOODS = (
    "chanh leo",
    "cà phê",
    "gạo",
    "tôm",
    "cá tra",
    "sầu riêng",
    "đồ gỗ",
    "thiết bị y tế",
    "vi mạch",
    "phần mềm",
    "hydro xanh",
    "dệt may",
)
_WAYS = (
    "theo lộ trình ba năm",
    "trong khuôn khổ ủy ban hỗn hợp",
    "với các địa phương",
    "trên cơ sở có đi có lại",
    "qua cửa khẩu số",
)
_KINDS = ("Bản ghi nhớ", "Hiệp định", "Chương trình hợp tác", "Nghị định thư", "Kế hoạch hành động")


def engines() -> Iterator[tuple[str, str]]:
    """(name, database address) of the databases to measure: a file, and PostgreSQL where it answers."""
    yield "SQLite", ""
    try:
        import psycopg

        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except Exception as error:  # noqa: BLE001  said, not hidden
        print(f"PostgreSQL is left out: {type(error).__name__}. BANGGIAO_BENCH_DATABASE_URL names the server.")
        return
    yield "PostgreSQL", POSTGRES


@contextmanager
def database(name: str, address: str) -> Iterator[dict[str, str]]:
    """An empty database of its own; gives the environment that leads to it, and takes it away at the end."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "BANGGIAO_DATA": folder, "DJANGO_SETTINGS_MODULE": "banggiao.config.settings"}
        if not address:
            environment["BANGGIAO_DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
            yield environment
            return
        import psycopg

        own = f"banggiao_bench_{os.getpid()}"
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{own}"')
        environment["BANGGIAO_DATABASE_URL"] = address.rsplit("/", 1)[0] + f"/{own}"
        try:
            yield environment
        finally:
            with psycopg.connect(address, autocommit=True) as server:
                server.execute(f'DROP DATABASE "{own}" WITH (FORCE)')


def in_each_database(script: str, arguments: list[str]) -> None:
    """Run the script again, once for each database, each in a process of its own with `--in NAME`."""
    for name, address in engines():
        with database(name, address) as environment:
            print(f"\n== {name}", flush=True)
            subprocess.run([sys.executable, script, *arguments, "--in", name], env=environment, check=True)


def prepare() -> None:
    """Django, an empty schema, the reference data and an installation level."""
    import django

    django.setup()
    from django.core.management import call_command

    from banggiao.core.acts import Act, system_viewer
    from banggiao.core.installation import install
    from banggiao.intelligence.reference import load_all

    call_command("migrate", verbosity=0)
    install("internal", at=AT)
    list(load_all(act=Act(system_viewer("đo"), AT, "đo tốc độ")))


def fill(commitments: int = COMMITMENTS, agreements: int = AGREEMENTS) -> None:
    """Bodies, agreements and commitments of the exercise, the same every run."""
    from banggiao.agreements.models import Agreement
    from banggiao.commitments.models import Commitment
    from banggiao.core import records
    from banggiao.core.acts import Act, system_viewer
    from banggiao.core.folding import sort_key
    from banggiao.partners.models import Institution, Partner

    act = Act(system_viewer("đo"), AT, "đo tốc độ", exercise=True)
    source = random.Random(7)  # noqa: S311  rows, not secrets
    partners = list(Partner.objects.filter(kind="state").values_list("pk", flat=True))
    bodies = records.create_many(
        Institution,
        act=act,
        rows=[
            (
                {
                    "code": f"DT-CQ-{n:03}",
                    "kind": "ministry",
                    "name_vi": f"Cơ quan {n}",
                    "name_en": f"Body {n}",
                    "sort_key": sort_key(f"Cơ quan {n}"),
                },
                {},
            )
            for n in range(BODIES)
        ],
    )

    def rows(make: Any, count: int) -> Iterator[list[Any]]:
        for first in range(0, count, 2_000):
            yield [make(n) for n in range(first, min(first + 2_000, count))]

    def agreement(n: int) -> tuple[dict[str, Any], dict[str, Any]]:
        day = date(2016, 1, 1) + timedelta(days=source.randrange(3_900))
        name = f"{source.choice(_KINDS)} số {n} về {source.choice(_GOODS)} {source.choice(_WAYS)}"
        values = {"code": f"DT-TT-{n:06}", "kind": "mou", "name_vi": name, "signed_on": day.isoformat(), "status": "signed",
                  "owner": source.choice(bodies).pk, "classification": source.choice(("public", "internal"))}  # fmt: skip
        return values, {"parties": [source.choice(partners)]}

    def commitment(n: int) -> tuple[dict[str, Any], dict[str, Any]]:
        made = date(2016, 1, 1) + timedelta(days=source.randrange(3_900))
        due = (made + timedelta(days=source.randrange(90, 1_500))).isoformat()
        lead = source.choice(bodies)
        text = f"{source.choice(_DEEDS)} {source.choice(_GOODS)} {source.choice(_WAYS)}, việc số {n}"
        values = {"code": f"DT-CK-{n:06}", "text_vi": text, "side": source.choice(("ours", "theirs", "joint")),
                  "partner_id": source.choice(partners), "made_on": made.isoformat(), "first_due": due, "current_due": due,
                  "lead_id": lead.pk, "owner": lead.pk, "work_state": source.choice(("assigned", "active", "active", "done")),
                  "classification": source.choice(("public", "internal", "internal"))}  # fmt: skip
        return values, {}

    for batch in rows(agreement, agreements):
        records.create_many(Agreement, act=act, rows=batch)
    for batch in rows(commitment, commitments):
        records.create_many(Commitment, act=act, rows=batch)


def viewers() -> dict[str, Any]:
    """Who asks: the desk, which sees all; a ministry, which sees its own; an enterprise, which sees what is public."""
    from banggiao.accounts.permissions import PERMISSIONS
    from banggiao.core.acts import Viewer
    from banggiao.partners.models import Institution

    own = Institution.objects.get(code="DT-CQ-007").pk

    def one(role: str) -> Viewer:
        granted = PERMISSIONS[role]
        return Viewer(
            label=role, institutions=frozenset({own}), roles=frozenset({role}), permissions=granted, sees_all="see_all" in granted
        )

    return {role: one(role) for role in ("desk", "ministry", "enterprise")}
