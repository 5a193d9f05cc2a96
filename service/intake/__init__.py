"""文本导入: pasted or scraped text and Markdown → procedure text, with a report of every repair and blank."""
