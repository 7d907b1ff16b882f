"""The room's settings over an empty workspace of the tests' own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from counterpoise.books import Workspace

_folder = Path(tempfile.mkdtemp(prefix="counterpoise-room-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
Workspace.create(_folder / "workspace")
os.environ["COUNTERPOISE_WORKSPACE"] = str(_folder / "workspace")

from counterpoise.web.settings import *  # noqa: E402, F403

del os.environ["COUNTERPOISE_WORKSPACE"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
