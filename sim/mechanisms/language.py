"""The language of a post as one number: its language, and whether it is also in the common one.

    code = language + 128 if bilingual          read by: first language = language, or the common
                                                one where that is the language or the post is both

Whoever reads both halves of a bilingual post in the first language reacts as to a local post;
whoever reads only the common half reacts as to a common one (sharing.language_factor). Limits: a
bilingual post is no longer than another, and nobody is put off by the half he cannot read.
"""

from __future__ import annotations

from sim.law import law

BILINGUAL = 128  # fewer languages than that: Markets.languages is indexed by seven bits


@law
def own_language(code):
    """The language of a post, whether or not it is also in the common one."""
    return code & 127


@law
def speaks_common(code, common):
    """Whether a reader of the common language can read it."""
    return (code & 127) == common or code >= 128
