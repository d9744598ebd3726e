#!/usr/bin/env python3
"""Record what PyYAML's safe_load makes of texts: every form of scalar, structure, alias and merge key, and broken ones.

usage: yaml_texts.py --out cases.jsonl

A line is {"text": the text, "value": what yaml.safe_load returned, or "raises": the exception's type}. What JSON does not
have (dates, bytes, sets) stands as {"$other": type}. Texts whose mappings have keys that are no strings are left out.
Nothing drawn is random. Recorded with PyYAML 6.0.3.
"""

import argparse
import datetime
import json
import random

import yaml

WORDS = """
~ null Null NULL nULL yes Yes YES yEs no No NO true True TRUE false False FALSE on On ON off Off OFF y n Y N t f
0 1 -1 +1 00 01 07 08 09 010 -010 +017 0o17 0b101 -0b11 0b 0b2 0x1F 0X1F 0x 0xg -0xff 1_000 1__0 _1 1_ 0_ +_1 - + -- 12a
9223372036854775807 9223372036854775808 -9223372036854775808 123456789012345678901234567890 0x7fffffffffffffff
0xffffffffffffffff 1:30 1:60 1:5 0:30 190:20:30 -1:30 1:2: 1::2 190:20:30.15 1:30. 1:30.5_0 -1:30.25
1.0 1. .5 -.5 +.5 -1.5 +1.5 1.e5 1.e+5 1.5e3 1.5e+3 1.5E-3 1e3 1e-4 1e+4 5e8 5.0e8 5.0e+8 .5e+3 .5e3 1_0.5 1._5 ._5 . ..
.inf .Inf .INF -.inf +.inf .nan .NaN .NAN -.nan .Nan inf nan 1.2.3 1,5
2024-01-02 2024-1-2 2024-01-02T03:04:05 2024-01-02t03:04:05Z 2024-1-2T3:04:05 2024-01-02T03:04:05.123 20240102 2024-01
2024-01-02T03:04:05+01:00 2024-01-02T03:04:05-5 2024-01-02x
< << = a:b a::b http://x/y a#b a,b x=y @a `a %a !a &a *a -a ?a :a [a {a ]a }a 'a' "a" 'a "a 'a''b' "a\\nb" "\\x41\\u00e9" "\\/" "\\q"
auto MixtralSparseMoeBlock model.layers.0.mlp transformers.models.x.Y none None NONE é 日本
!!str !!int !!float !!bool !!null
""".split()

TEXTS = [
    "", " ", "\n", "# c\n", "---\n", "--- a\n", "---\na: 1\n...\n", "a: 1\n---\nb: 2\n", "---\n---\n", "...\n", "a: 1\n...\n# c\n",
    "%YAML 1.1\n---\na: 1\n", "%YAML 1.2\n---\na: 1\n", "%TAG ! tag:x,2000:\n---\na: 1\n", "%FOO\n---\na: 1\n", "a: 1\n%YAML 1.1\n",
    "a", "- a", "- a\n- b\n", "[a, b]", "{a: 1, b: [2]}", "{a: 1,}", "[a,]", "[,]", "{,}", "[a b]", "[a\nb]", "{a, b: 1}", "{a}",
    "a: b: c", "a:\n  b: c\n  d: e\n", "a:\n- b\n- c\n", "a:\n  - b\n  -\n", "a: - b", "a:\n b\n c\n", "a:\nb:\n", "a :  1", "a:1",
    "{a:1}", "{a: b:c}", "{a:}", "{'a':1}", '{"a":1, "b":[1,2]}', "[a:1]", "[a: 1]", "[a: 1, b: 2]", "[x:y]", "[a?b]", "{a?: 1}",
    "a: |\n  one\n  two\n", "a: >\n  one\n  two\n\n  three\n", "a: |-\n  one\n", "a: |+\n  one\n\n", "a: |2\n   one\n", "a: |0\n x\n",
    "a: >-\n  x\nb: 1\n", "- |\n x\n- y\n", "a: |\nb: 1\n", "a: | # c\n  x\n", "a: |x\n  y\n",
    "a: 'x\n  y'\n", 'a: "x\n  y"\n', 'a: "x\\\n  y"\n', "a: x\n  y\n  z\n", "a: x # c\n  y\n", "a: x\n # c\n  y\n", "a: 'x", 'a: "x',
    "\ta: 1\n", "a:\n\tb: 1\n", "a: \t1\n", "a:\t1\n", "-\ta\n", "- \ta\n", "[a,\tb]", "[\n\ta\n]", "{\n\ta: 1\n}", "a: 1\t# c\n", "a: 'x\ty'\n",
    "a:\n  b: 1\n c: 2\n", "a:\n  b: 1\n   c: 2\n", " a: 1\n b: 2\n", " a: 1\nb: 2\n", "a: 1\n b: 2\n", "- a\n - b\n", "- a\nb: 1\n",
    "? a\n: b\n", "? a\n", "? [a]\n: b\n", "? {a: 1}\n: b\n", "{[a]: b}", "{{a: 1}: b}", "? |\n  x\n: y\n", "? a: 1\n: b\n",
    "a: &x 1\nb: *x\n", "a: &x [1, 2]\nb: *x\n", "a: &x {p: 1}\nb: *x\n", "a: *x\n", "a: &x 1\nb: &x 2\nc: *x\n", "&x a: 1\nb: *x\n",
    "a: &x\n  p: 1\n  q: 2\nb: *x\n", "a: &x\n- 1\n- 2\nb: *x\n", "- &x a\n- *x\n", "a: &x\nb: *x\n", "&r\na: 1\n", "a: &x *x\n", "*x : 1\n",
    "k: &x name\nm: {*x : 1}\n", "a: & 1", "a: * 1", "a: &x,y 1\n", "&x [1]", "a: &x !!str 3\nb: *x\n", "a: !!str &x 3\nb: *x\n",
    "b: &b {p: 1, q: 2}\na:\n  <<: *b\n  q: 3\n", "b: &b {p: 1}\nc: &c {p: 2, r: 3}\na: {<<: [*b, *c]}\n", "a:\n  q: 1\n  <<: {q: 2, p: 3}\n",
    "b: &b {p: 1}\nc: &c {p: 2}\na:\n  <<: *b\n  <<: *c\n", "a: {<<: 1}", "a: {<<: [1]}", "a: {<<: []}", "a: {<<: {}}", "a: {<<: }",
    "a: {'<<': {p: 1}}", "b: &b {p: 1}\na: &a {<<: *b, q: 2}\nc: {<<: *a, r: 3}\n", "<<: {p: 1}\nq: 2\n", "- <<: {p: 1}\n  p: 2\n",
    "a: {<<: {p: {x: 1}}, p: {y: 2}}", "a: <<\n", "[<<]", "a: =\n", "=: 1\n", "a: {<<: {p: 1, p: 2}}",
    "a: 1\na: 2\n", "a: {b: 1, c: 2, b: 3}", "a: 1\n'a': 2\n", "a: !!str 3\n", "a: !!int '3'\n", "a: !!int x\n", "a: !!float 3\n",
    "a: !!float '1e3'\n", "a: !!bool 'yes'\n", "a: !!bool x\n", "a: !!null ''\n", "a: !!null x\n", "a: !x 1\n", "a: !x [1]\n", "a: !x {b: 1}\n", "a: !!x 1\n",
    "a: ! 1\n", "a: ! '1'\n", "a: ! [1]\n", "a: !!map {b: 1}\n", "a: !!seq [1]\n", "a: !!seq {b: 1}\n", "a: !!set {b, c}\n", "a: !!omap [b: 1]\n",
    "a: !!pairs [b: 1]\n", "a: !!binary aGk=\n", "a: !!timestamp 2024-01-02\n", "a: !<tag:yaml.org,2002:str> 1\n", "a: !!python/tuple [1]\n",
    "a: !!str\n", "a: !!str []\n", "a: !!str {}\n", "a: !!int\n", "a: !e!x 1\n",
    "a: 1\r\nb:\r\n  c: 2\r\n", "a: 1\rb: 2\r", "\ufeffa: 1\n", "a: \ufeff1\n", "a: x\x07y\n", "a: 'x\x00y'\n", "a: x\x7fy\n", "a: x\x85 y\n", "a: x\u2028y\n", "a: \U0001F600\n",
    "é: ü\nü: [é, 日本]\n", "a: }\n", "a: ]\n", "a: ,\n", "a: ,b\n", "]", "}", "a: [", "a: {", "a: [1, {b: 2]}", "a: @x\n", "a: `x\n", "a: %x\n", "a: -\n", "a: ?\n", "a: :\n",
    "zero_optimization:\n  stage: 3\n  leaf_module:\n    classes:\n      - MixtralSparseMoeBlock\n      - 'A'  # c\n    names: model.a\n",
    "deepspeed:\n    zero_optimization: {stage: 3, reduce_bucket_size: 5.0e8}\n    bf16: {enabled: auto}\n",
]
EDITS = [" ", "\n", "\t", ":", ": ", "-", "- ", ",", "[", "]", "{", "}", "#", " #", "'", '"', "&a ", "*a", "!", "|", ">", "<<: ", "?", "? ", "\n  ", "%", "---\n", "~", "0", "="]


def plain(value):
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise LookupError
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, bytes, set, tuple)):
        return {"$other": type(value).__name__}
    return value


def record(text):
    try:
        return {"text": text, "value": plain(yaml.safe_load(text))}
    except LookupError:
        return None
    except Exception as error:
        return {"text": text, "raises": type(error).__name__}


def texts():
    yield from TEXTS
    for word in WORDS:
        yield f"a: {word}\n"
        yield f"[{word}, x]"
        yield f"- {word} # c\n"
        yield f"a: '{word}'\n" if "'" not in word else f'{word}: 1\n'
    drawing = random.Random(5)
    for _ in range(3000):
        text = drawing.choice([text for text in TEXTS if len(text) > 5])
        for _ in range(drawing.randint(1, 3)):
            at = drawing.randint(0, len(text))
            text = text[:at] + drawing.choice(EDITS) + text[at + drawing.choice([0, 0, 1]):]
        yield text


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    seen = set()
    with open(parser.parse_args().out, "w", encoding="utf-8") as out:
        for text in texts():
            recorded = record(text) if text not in seen else None
            seen.add(text)
            if recorded:
                out.write(json.dumps(recorded, separators=(",", ":")) + "\n")
