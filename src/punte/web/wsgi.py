"""The door for a WSGI server: ``gunicorn punte.web.wsgi`` with PUNTE_HOME set."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from punte.core.start import SETTINGS, refuse_to_start_unsound

os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
application = get_wsgi_application()
refuse_to_start_unsound()
