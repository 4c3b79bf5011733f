"""How much we read at most: a definition is a text for people, whatever goes beyond this is an accident or an attack."""

MOST_BYTES = 50_000_000
"""Of one file: a connector's definition is at most 1 MB, the largest public ones are 20 MB."""
DEEPEST = 200
"""Levels of objects and lists."""
DEEPEST_CONNECTOR = 2 * DEEPEST
"""Of a connector, which can be deeper than the definition that it is made of."""
MOST_VALUES = 1_000_000
"""Values of a YAML document when its aliases are followed ..."""
MOST_VALUES_PER_WRITTEN = 20
"""... or so many for each one that is written, whichever is more."""
MOST_JOINED = 2_000_000
"""Objects and lists of a definition that is joined across files ..."""
MOST_REPEATED = 50_000
"""... and those among them that are there again, because several references lead to what cannot have a name."""
MOST_FILES = 10_000
"""Files that one definition is joined of, those that are missing included."""
LONGEST_REFERENCE = 4_000
"""Characters of a reference to another file."""
