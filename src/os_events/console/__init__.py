"""Server-rendered pages over the same questions as the API. Everything works without scripts."""
