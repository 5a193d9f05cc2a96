"""What is printed, pure: a Book and its blocks, and the renderers that turn it into DOCX, PDF, HTML and XLSX."""
