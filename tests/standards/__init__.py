"""The standards domain, as its tests specify it."""
