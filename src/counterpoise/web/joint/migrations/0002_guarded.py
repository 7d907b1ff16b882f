"""Put in place what the database refuses: guards follow any migration, and this one alone."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """No table changes."""

    dependencies: ClassVar = [("joint", "0001_joint_reviews")]

    operations: ClassVar = []
