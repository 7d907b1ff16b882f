"""The room's settings over an empty workspace of the tests' own.

COUNTERPOISE_TEST_DATABASE names a PostgreSQL database to test on; SQLite by default.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from counterpoise.books import Workspace

_folder = Path(tempfile.mkdtemp(prefix="counterpoise-room-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
_workspace = Workspace.create(_folder / "workspace")
if _address := os.environ.get("COUNTERPOISE_TEST_DATABASE"):
    with _workspace.settings_file.open("a") as _settings:
        _settings.write(f'[room]\ndatabase = "{_address}"\n')
os.environ["COUNTERPOISE_WORKSPACE"] = str(_folder / "workspace")

from counterpoise.web.settings import *  # noqa: E402, F403

del os.environ["COUNTERPOISE_WORKSPACE"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = {}
