from django.db import migrations

from punte.core.append_only import protect, unprotect

TABLES = ("core_audit_row", "core_choice")


def put_triggers(apps, schema_editor):
    protect(schema_editor.connection, *TABLES)


def take_triggers_away(apps, schema_editor):
    unprotect(schema_editor.connection, *TABLES)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(put_triggers, take_triggers_away)]
