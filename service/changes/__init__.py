"""文件更改: requests to change documents, what they touch, their decision, and the forms printed of them."""
