"""Tests of what is printed: DOCX, HTML, XLSX, PDF."""
