"""Ten thousand configurations and command lines, made from a seed: none may break the door.

    cases.py    what is typed                tables.py   the tables a user may bring
    files.py    the YAML a user may write    bench.py    one process that answers them all
    known.py    the keys there are           __main__.py the command
"""
