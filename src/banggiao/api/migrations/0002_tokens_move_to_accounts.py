from django.db import migrations


class Migration(migrations.Migration):
    """The table keeps its rows: it takes the name under which `accounts` knows it from its 0004 on."""

    dependencies = [
        ('accounts', '0003_delegation_and_one_time_passwords'),
        ('api', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable('AccessToken', 'accounts_accesstoken')],
            state_operations=[migrations.DeleteModel('AccessToken')],
        ),
    ]
