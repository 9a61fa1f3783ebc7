"""The model against closed forms and against other people's programs; `python -m verification`."""
