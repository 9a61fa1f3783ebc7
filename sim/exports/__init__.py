"""What platforms let their users export: recognised, read strictly, measured; nothing guessed."""
