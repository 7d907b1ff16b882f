"""The application that a web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from counterpoise.books.cycles import look_seldom_for_cycles
from counterpoise.web.results.warming import warm_up
from counterpoise.web.setup import SETTINGS_MODULE, end_with_parent

look_seldom_for_cycles()
os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
application = get_wsgi_application()
end_with_parent()
warm_up()
