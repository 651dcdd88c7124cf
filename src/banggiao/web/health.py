"""Is the installation ready to serve: does the database answer, and are all its tables there?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

_migrated = False


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok" once the database answers and is migrated; else 503. Opens no session."""
    ready = _ready()
    response = HttpResponse("ok\n" if ready else "not ready\n", status=200 if ready else 503, content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response


def _ready() -> bool:
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:  # looked at until it is true: a running process does not lose its tables
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False
    return _migrated
