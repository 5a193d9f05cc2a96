"""The trail, as its tests specify it."""
