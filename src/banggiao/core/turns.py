"""How do writers of one thing that has no row of its own yet wait for each other?"""

from __future__ import annotations

from django.db import connection


def take_turn(name: str) -> None:
    """Wait until no other transaction has the turn of this name, and keep it until this one ends.

    What is read afterwards includes what the one before wrote. On SQLite all writers wait for each other anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
