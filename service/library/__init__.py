"""文件模板: template sets, their own check, and 套用 for an organisation."""
