"""Tests of the manual: what it consists of, in which order, and its builds."""
