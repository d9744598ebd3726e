#!/usr/bin/env python3
"""Writes analyzer/base/unicode_tables.h from Python's own unicodedata:

    python3.13 tools/unicode_tables.py > analyzer/base/unicode_tables.h

wide: two columns on a terminal (East Asian Width W or F); zero: none (combining marks, joiners, Hangul vowels);
hidden: str.isprintable() says no, so repr() escapes them.
"""
import unicodedata


def ranges(test, mergeable=lambda code: False):
    """Ranges of code points that pass the test; gaps that are mergeable throughout are filled."""
    found = []
    for code in range(0x110000):
        if test(chr(code)):
            if found and all(mergeable(gap) for gap in range(found[-1][1] + 1, code)):
                found[-1][1] = code
            else:
                found.append([code, code])
    return found


def unassigned(code):
    return unicodedata.category(chr(code)) == "Cn"


def zero_width(char):
    return unicodedata.category(char) in ("Mn", "Me") or char in "\u200b\u200c\u200d\u2060\ufeff" or "\u1160" <= char <= "\u11ff"


def wide(char):
    return unicodedata.east_asian_width(char) in "WF" and not zero_width(char)


TABLES = {
    "wide": ranges(wide, unassigned),
    "zero": ranges(zero_width, unassigned),
    "hidden": ranges(lambda char: not char.isprintable()),
}

print(f"/* Made by tools/unicode_tables.py from Unicode {unicodedata.unidata_version}: ranges, both ends included. */")
for name, table in TABLES.items():
    print(f"\nstatic const struct unicode_range {name}_ranges[] = {{")
    line = "   "
    for start, end in table:
        item = f" {{0x{start:X}, 0x{end:X}}},"
        if len(line) + len(item) > 120:
            print(line)
            line = "   "
        line += item
    print(line)
    print("};")
