"""Who is asking: API keys, sign-in links, sessions. Nothing here says what they may do."""
