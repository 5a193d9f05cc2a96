"""The application, served."""

from __future__ import annotations

from accounts.served import served as served
from accounts.served import two_firms as two_firms
