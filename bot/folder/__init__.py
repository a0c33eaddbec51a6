"""The shop's own folder: reading its phrases and replies, watching them, laying out a new one."""
