"""Tests of pages and JSON, asked for as a browser or a program would."""
