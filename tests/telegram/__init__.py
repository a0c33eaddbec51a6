"""The whole bot on Telegram: real HTTP, the real library, a strict double of the Bot API."""
