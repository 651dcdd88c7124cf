import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_keeping'),
        ('partners', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='roleheld',
            name='delegated_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roles_delegated', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='user',
            name='one_time_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='roleheld',
            index=models.Index(fields=['user', 'held_from'], name='accounts_ro_user_id_082736_idx'),
        ),
        migrations.AddIndex(
            model_name='roleheld',
            index=models.Index(fields=['role', 'held_from'], name='accounts_ro_role_8b3033_idx'),
        ),
    ]
