"""The facts held out, as experiments of the real model: what is run, and what is read off it.

Nothing here knows between what values a fact lies: that stands in conf/evidence, and only
sim/held_out opens it. Nothing at or below sim/study reaches this room.
"""
