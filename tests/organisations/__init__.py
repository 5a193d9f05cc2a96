"""The organisations domain, as its tests specify it."""
