"""What a large store costs: a played month, laid down again and again over two years, and what the shop then asks of it."""
