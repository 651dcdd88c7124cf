import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0003_data_calls_dispatches'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='said_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
