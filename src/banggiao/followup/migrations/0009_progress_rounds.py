from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0008_plan_totals"),
    ]

    operations = [
        migrations.AddField(
            model_name="datacall",
            name="form",
            field=models.CharField(blank=True, default="", help_text="a ready form instead of columns of its own", max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="datacall",
            name="period",
            field=models.CharField(
                blank=True, default="", help_text="of a progress form: only duties due in this period", max_length=24
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="datacall",
            name="scope",
            field=models.CharField(
                blank=True, default="", help_text="of a progress form: which duties of each body it lists", max_length=16
            ),
            preserve_default=False,
        ),
    ]
