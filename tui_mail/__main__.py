"""`python -m tui_mail` is `tui-mail`."""

from __future__ import annotations

import sys

from tui_mail.cli.main import main

sys.exit(main())
