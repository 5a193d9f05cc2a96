"""The few pages that join many domains: the list of organisations, and one document with everything about it."""
