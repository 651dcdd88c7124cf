"""The full-text side of the search entries: FTS5 with triggers on SQLite, expression indexes on PostgreSQL."""

from importlib.resources import files

from django.db import migrations


def build(_apps, editor):
    text = files("banggiao.core").joinpath("sql", f"search_{editor.connection.vendor}.sql").read_text(encoding="utf-8")
    for statement in text.splitlines():
        editor.execute(statement.replace("%", "%%") if "%" in statement else statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
