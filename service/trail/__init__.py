"""审计追踪: an append-only, hash-chained record of who did what to which object."""
