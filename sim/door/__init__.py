"""The door: what happens between a command line and a finished answer, without knowing Hydra.

Order of a visit: the arguments are screened, the configuration's files are screened, the groups are
composed (by __main__, the only file that knows how), values are set and checked, the task is done.
Nothing is written before everything has been checked.
"""
