"""Procedure text, pure: Markdown with front matter → sections and blocks, fingerprints, references, filling of variables."""
