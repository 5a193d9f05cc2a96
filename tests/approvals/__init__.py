"""The lifecycle of revisions, as its tests specify it."""
