"""The lifecycle of a revision: submit, review, countersign, approve, release, return; sign-offs bound to the text."""
