#!/usr/bin/env python3
"""Record what DeepSpeed's configuration loader makes of texts: valid JSON, every liberty hjson takes, and broken ones.

usage: hjson_texts.py --out cases.jsonl

Each text is written to a file and read as DeepSpeed reads it: hjson.load(open(path, "r"), object_pairs_hook=...), which
refuses duplicate keys, and as the HF Trainer does it: json.load(open(path, "r", encoding="utf-8")). A line is
    {"text": the text, or "bytes": in hexadecimal when it is not UTF-8,
     "value": what hjson returned, or "raises": {"type", "message", "at": offset in characters where hjson has one},
     "json": whether json.load accepts it}
A number that JSON cannot write stands as {"$float": "inf"}. Needs hjson, and DeepSpeed for its hook.
"""

import argparse
import contextlib
import io
import json
import math
import os
import random
import tempfile

import hjson

with contextlib.redirect_stdout(io.StringIO()):
    from deepspeed.runtime.config_utils import dict_raise_error_on_duplicate_keys

# A configuration of every shape that matters, small: the drawn cases are edits of these.
DOCUMENTS = [
    '{"zero_optimization": {"stage": 3, "leaf_module": {"classes": ["MixtralSparseMoeBlock"]}}}',
    '{\n  "zero_optimization": {\n    "stage": 3,\n    "leaf_module": {\n      "names": ["model.layers.0.mlp", "a"],\n'
    '      "name_suffixes": "mlp"\n    }\n  },\n  "bf16": {"enabled": true}\n}\n',
    "{\n  // zero\n  zero_optimization: {\n    stage: 3\n    leaf_module: {\n      classes: [\n        'A', \"B\"\n"
    "        C\n      ]\n    }\n  }\n}\n",
    "zero_optimization: {\n  stage: 3 # three\n  leaf_module: { names: ['a', 'b',], }\n}\nfp16: {enabled: \"auto\"}\n",
    '{"a": [1, -2.5, 1e3, true, false, null, "x\\n\\u00e9\\ud83d\\ude00"], "b": {}, "c": []}',
    "{\n  text:\n    '''\n    one\n      two\n    '''\n  next: /* c */ 1\n  last: plain words, with a comma\n}\n",
]

CHOSEN = [
    # nothing, and almost nothing
    "", " ", "\n\n", "# only a comment", "// only a comment\n", "/* only */", "/* open", "/", "/*", "/**/", "/*/", "#",
    "{}", "[]", " { } ", "[ ]", "{} {}", "{}x", "{} # after", "{} // after\n", "{} /* after */", "{}\n\n\n", "[] []",
    # roots that are not objects
    "null", "true", "false", "3", "-3.5e2", '"text"', "'text'", "text", "[1,2]", "nul", "nullx", "'''multi'''", "-",
    "+1",
    # root without braces
    "a: 1", "a: 1\nb: 2", "a: 1, b: 2", "a: 1,", "a: 1\n}", "a: {b: 1}\nc: 2", '"a": 1', "'a': 1", '"a": 1, "b": [2]',
    "a:1\n\n\nb:2\n", "a", "a:", "a: ", "a:\n1", "a:\n\n  {b: 1}", ": 1", "a: 1\nb", "a: 1\nb:", "a: 1 }", "# c\na: 1",
    # quoteless strings run to the end of the line
    "{a: b}", "{a: b\n}", "{a: b c d\n}", "{a: b,\n c: d\n}", "{a: b, c: d\n}", "{a: [b, c]\n}", "{a: [\nb\nc\n]\n}",
    "{a: [\nb,\nc,\n]\n}", "{classes: Blk,\n}", "{classes: Blk, names: x\n}", "{a: b # not a comment\n}",
    "{a: b // not either\n}", "{a: b /* nor this */\n}", "{a: true # a comment\n}", "{a: 3 # a comment\n}",
    "{a: 3 // c\n}", "{a: 3 /* c */}", "{a: null/**/}", "{a: tru\n}", "{a: truex\n}", "{a: true x\n}", "{a: nul\n}",
    "{a: true}", "{a: true }", "{a: true, b: false}", "{a: true\nb: null\n}", "{a: True\n}", "{a: None\n}",
    "{a: auto\n}", '{a: x"y"z\n}', "{a: x'y'z\n}", "{a: \\n\n}", "{a: http://host/path\n}", "{a: /path\n}",
    "{a: //path\n b\n}", "{a: #c\n b\n}", "{a: /*c*/ b\n}", "{a: }", "{a: ,}", "{a: ]}", "{a: :}", "{a: [}", "{a: {}",
    "{a: {]}", "{a: b\tc \t\n}", "{a:\tb\n}", "{a: b\r\n}", "{a: b\rc: d\r}", "{a: \u00e9t\u00e9\n}", "{a: b\u00a0\n}",
    "{a: b\u2028c\n}", "{a: b\u0000c\n}", "{a: b\u0001c\n}",
    # keys
    "{a b: 1}", "{a : 1}", "{a\t: 1}", "{ a\n: 1}", "{a\n\n: 1}", "{a  : 1}", "{a\nb: 1}", '{"a b": 1}', "{'a b': 1}",
    "{a.b: 1}", "{a-b: 1}", "{a#b: 1}", "{a//b: 1}", "{a/*b*/: 1}", "{1: 1}", "{true: 1}", "{null: 1}", '{"": 1}',
    "{'': 1}", "{: 1}", "{a: 1, : 2}", "{,a: 1}", "{a,: 1}", "{a}", "{a]", '{"a"}', '{"a" 1}', '{"a"; 1}',
    "{a: 1 b: 2}", '{"a": 1 "b": 2}', '{"a": "x" "b": 2}', "{a: 1\nb: 2}", "{a: 1,, b: 2}", "{a: 1,}", "{a: 1, }",
    "{a: 1,\n}", "{,}", '{"a"x: 1}', "{a\"b: 1}", "{a'b: 1}", '{"\\u0061": 1}', '{"a\\"b": 1}', "{\u00e9: 1}",
    "{a\u00a0: 1}", "{\u2028: 1}", "{# c\na: 1}", "{a # c\n: 1}", "{a /* c */: 1}", "{a: # c\n1}", "{a: 1 # c\n, b: 2}",
    "{'''a''': 1}",
    # keys twice
    '{"a": 1, "a": 2}', "{a: 1\na: 2}", '{a: 1, "a": 2}', '{"a": 1, "\\u0061": 2}', '{"x": {"a": 1, "a": 1}}',
    '[{"a": 1, "a": 2}]', '{"a": {"b": 1}, "b": {"b": 1}}', "a: 1\na: 2", '{"a": 1, "b": 2, "a": 3, "b": 4}',
    '{"a": 1, "A": 2}', '{"a": 1, "a ": 2}',
    # arrays
    "[1 2]", "[1\n2]", "[1,2,]", "[1,,2]", "[,]", "[,1]", "[1,\n]", "[1", "[1,", "[", "[[", "[[]", "[[],[]]", "[[] []]",
    '["a" "b"]', '["a"\n"b"]', "['a','b']", "[a, b]", "[a\n]", "[a,\nb\n]", "[a]\n", "[a]\n]", "[true, false]",
    "[true false]", "[null,]", "[1}", "[1 # c\n2]", "[# c\n]", "[// c\n1]", "[/* c */]", "[1/*c*/,2]", "[:]", "[a: 1]",
    "[{a: 1}, {b: 2}]", "[{a: 1} {b: 2}]", "['a'b]", '["a"x]', "[1x]", "[1x\n]", "[--1\n]", "['''a''']",
    # strings
    '{"a": "b"}', "{'a': 'b'}", "{\"a\": 'b'}", "{'a': \"b\"}", "{a: 'it\"s'}", "{a: \"it's\"}", "{a: 'it\\'s'}",
    '{a: "it\\\'s"}', '{a: "\\\\"}', '{a: "\\/\\b\\f\\n\\r\\t"}', '{a: "\\u00e9\\u00E9"}', '{a: "\\ud83d\\ude00"}',
    '{a: "\\ud83d"}', '{a: "\\ude00"}', '{a: "\\ud83dx"}', '{a: "\\ud83d\\u0041"}', '{a: "\\ud83d\\uZZZZ"}',
    '{a: "\\u12"}', '{a: "\\u12G4"}', '{a: "\\u0x41"}', '{a: "\\u 041"}', '{a: "\\u+041"}', '{a: "\\u0_41"}',
    '{a: "\\x41"}', '{a: "\\a"}', '{a: "\\0"}', '{a: "\\u0000"}', '{a: "tab\there"}', '{a: "line\nbreak"}',
    '{a: "cr\rhere"}', '{a: "open}', "{a: 'open}", '{a: "open\\', '{a: "open\\u', '{a: ""}', "{a: ''}", "{a: '' }",
    '{a: "x" }', '{a: "x"y}', '{a: "x"y\n}', '{a: "\x7f"}', '{a: "\u0085"}', '{a: "\u2028"}', '{a: "\u202e\u200b"}',
    '{a: "\U0001f600"}', '{a: "\x01"}', '{a: "\x00"}', '{a: "\x1f"}', "{a: 'x\\\ny'}",
    # multi-line strings
    "{a: '''b'''}", "{a: ''''''}", "{a: '''b\nc'''}", "{\n  a:\n    '''\n    b\n    c\n    '''\n}",
    "{\n  a: '''\n    b\n     c\n  d\n    '''\n}", "{\n  a: '''b''c'd'''\n}", "{a: '''b\\n'''}",
    "{\n a: '''\n\n b\n\n '''\n}", "{\n a: '''b\n", "{\n a: '''b''\n}", "{\n a: '''b'''x\n}", "{\n a: '''b''', c: 1\n}",
    "{\n a: ''''b'''\n}", "{\n a: '''b''''\n}", "{\n\ta: '''\n\tb\n\t'''\n}", "{\n a: '''   b  \n   c  \n'''\n}",
    "{\n a: \"\"\"b\"\"\"\n}", "'''\nroot\n'''", "{\r\n a: '''\r\n  b\r\n  '''\r\n}", "a: '''\nb\n'''",
    # numbers
    "{a: 0}", "{a: -0}", "{a: 00}", "{a: 01}", "{a: 1.}", "{a: .5}", "{a: 1.0}", "{a: 1.50}", "{a: -1.5}", "{a: 1e3}",
    "{a: 1E3}", "{a: 1e+3}", "{a: 1e-3}", "{a: 5e8}", "{a: 1e9}", "{a: 1e10}", "{a: 1e11}", "{a: 1.5e1}", "{a: 1e}",
    "{a: 1e400}", "{a: -1e400}", "{a: 1e-400}", "{a: -0.0}", "{a: +1}", "{a: 0x10}", "{a: 1_000}", "{a: 1,000}",
    "{a: - 1}", "{a: NaN}", "{a: Infinity}", "{a: -Infinity}", "{a: nan\n}", "{a: 1 2}", "{a: 1 2\n}", "{a: 3 }",
    "{a: 3\t}", "{a: 3\n}", "{a: 12345678901234567890}", "{a: 123456789012345678901234567890}",
    "{a: 9223372036854775807}", "{a: 0.1}", "{a: 3.0}", "{a: 9007199254740993}", "{a: 9007199254740993.0}",
    '{"stage": 3.0}', '{"stage": "3"}', "{a: 1e5x}", "{a: -}", "{a: -\n}", "{a: --1\n}", "{a: 1-1\n}", "{a: \u0661}",
    "{a: \u00b2\n}", "{a: 3\u00a0}", "{a: 3\u00a0\n}", "{a: 3\x0b\n}", "{a: 3\x0c\n}", "{a: 3\r\n}",
    "[1.0, 2.50, 1e1, 1E+2]", '{"a": ' + "9" * 400 + "}", '{"a": ' + "9" * 5000 + "}",
    # white space, byte order marks, line ends
    "\ufeff{}", '\ufeff{"a": 1}', "\ufeff", "\ufeff ", "\ufeff# c\n", "\ufeffa: 1", "\ufeff\ufeff{}", "{\ufeff}",
    " \ufeff{}", "\u00a0{}", "\x0b{}", "\x0c{}", "{\x0c}", "{\x0b}", "{\u00a0}", "\x00", "{}\x00", "\x1a{}", "{}\x1a",
    '{\r\n  "a": 1,\r\n  "b": [\r\n    2\r\n  ]\r\n}\r\n', '{\r"a": 1\r}', "{a: b\r\n}\r\n", "// c\r{}", "// c\r\n{}",
    "# c\r{}", '{"a":\t1,\t"b":\t2}', "\t\t{\t}\t",
    # comments
    '{"a": 1} // end', '{ // start\n"a": 1}', '{"a": /* in */ 1}', '{"a": 1 /* before comma */, "b": 2}',
    '{"a": 1, // after comma\n"b": 2}', "/* one */ /* two */ {}", "/* a /* nested */ {}", "/* a /* nested */ */ {}",
    "// one\n# two\n/* three */{}", "{}/", "{}//", "{}/*", "{}/* x", "{}#", "/x{}", "{/}", "{a: 1 / 2\n}", "{a: 1 /\n}",
    '{"a": "// no comment"}', '{"a": "# no comment"}', "; c\n{}", "-- c\n{}", "<!-- c -->{}",
    "/* \n * lines\n */\n{a: 1}", "{/**/a/**/:/**/1/**/}", "{\n  # a: 1\n  b: 2\n}", "{\n  //\"a\": 1,\n  \"b\": 2\n}",
    "/***/{}", "/* **/{}",
    # nesting
    "[" * 30 + "]" * 30, '{"a":' * 30 + "1" + "}" * 30, "[" * 200 + "]" * 200, "[" * 30, "{" * 3, "[{" * 10, "}", "]",
    "{]", "[}", "[" * 4000, "[" * 4000 + "]" * 4000,
    # other formats
    "a = 1\n", "zero_optimization:\n  stage: 3\n",
    "zero_optimization:\n  stage: 3\n  leaf_module:\n    classes:\n      - A\n", "<a>1</a>", "[section]\na = 1\n",
    "---\na: 1\n", "import json\n", "{'a': None}", "{'a': True}", "{\"a\": undefined}", "()", "key value", "{a => 1}",
    "{a = 1}", "{\"a\": 1;}", "eyJhIjogMX0=", "%YAML 1.2\n---\n", "\x7fELF", "PK\x03\x04",
    # configurations as people write them
    '{\n  "zero_optimization": {\n    "stage": 3,\n    "leaf_module": {\n'
    '      "classes": ["MixtralSparseMoeBlock"], // MoE\n    },\n  },\n}\n',
    "zero_optimization: {\n  stage: 3\n  leaf_module: {\n    classes: MixtralSparseMoeBlock\n  }\n}\n",
    "zero_optimization: {\n  stage: 3,\n  leaf_module: {\n    classes: MixtralSparseMoeBlock,\n  },\n}\n",
    "zero_optimization: {stage: 3, leaf_module: {classes: [MixtralSparseMoeBlock]}}\n",
    "zero_optimization: {stage: 3, leaf_module: {classes: [MixtralSparseMoeBlock\n]}}\n",
    "zero_optimization: {stage: 3, leaf_module: {classes: [MixtralSparseMoeBlock, Other\n]}}\n",
    "zero_optimization: {stage: 3, leaf_module: {classes: ['MixtralSparseMoeBlock' 'Other']}}\n",
    "zero_optimization: {stage: 3, leaf_module: {classes: MixtralSparseMoeBlock}}\n}\n}\n",
    "zero_optimization: {\n  stage: 3\n  leaf_module: {\n    classes: [\n      # blocks\n"
    "      MixtralSparseMoeBlock\n      Other # kept\n    ]\n  }\n}\n",
    '{"zero_optimization": {"stage": 3, "leaf_module": "auto"}, "train_batch_size": "auto"}',
]

NOT_UTF8 = [b"\xff", b'{"a": "\xff"}', b"\xef\xbb\xbf{}", b'{"a": "\xc3"}', b'{"a": "\xc3\x28"}',
            b'{"a": "\xed\xa0\x80"}', b'{"a": "\xf4\x90\x80\x80"}', b'{"a": "\xc0\xaf"}', b"\xfe\xff\x00{\x00}",
            b"\xff\xfe{\x00}\x00",
            b"{}\x80", b"# \xe9\n{}", b'{\xe9: 1}', b'{"a": "\xf0\x9f\x98"}']


def drawn(count):
    """Edits of the documents, the same ones every time: one to three places changed, cut, doubled or commented."""
    rng = random.Random("hjson texts")
    pieces = ["{", "}", "[", "]", ":", ",", '"', "'", "'''", "\\", "/", "//", "/*", "*/", "#", " ",
              "\n", "\t", "\r\n", "0",
              "-", "1.5", "e", "null", "true", "x", "\\u00", "\u00e9", ", ,", "\ufeff", "\x01", "\n# c\n", "/* c */",
              "a: 1", '"k": 2,']
    for _ in range(count):
        text = rng.choice(DOCUMENTS)
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            place = rng.randrange(len(text) + 1)
            roll = rng.random()
            if roll < 0.4:
                text = text[:place] + rng.choice(pieces) + text[place:]
            elif roll < 0.65:
                text = text[:place] + text[place + 1:]
            elif roll < 0.75:
                text = text[:place] + text[place + rng.randrange(1, 12):]
            elif roll < 0.9:
                text = text[:place] + rng.choice(pieces) + text[place + 1:]
            else:
                text = text[:place]
        yield text


def plain(value):
    """A value that JSON can write."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": str(value)}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def answer(data):
    with tempfile.NamedTemporaryFile("wb", delete=False) as file:
        file.write(data)
    told = {}
    try:
        with open(file.name, "r", encoding="utf-8") as source:
            told["value"] = plain(hjson.load(source, object_pairs_hook=dict_raise_error_on_duplicate_keys))
    except Exception as error:  # what it raises is the answer
        told["raises"] = {"type": type(error).__name__, "message": str(error)[:200]}
        if hasattr(error, "pos"):
            told["raises"]["at"] = error.pos
    try:
        with open(file.name, "r", encoding="utf-8") as source:
            json.load(source)
        told["json"] = True
    except (ValueError, RecursionError):
        told["json"] = False
    os.unlink(file.name)
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--drawn", type=int, default=500, help="edited documents")
    args = parser.parse_args()
    texts = list(dict.fromkeys(CHOSEN + DOCUMENTS + list(drawn(args.drawn))))
    raised = accepted = 0
    with open(args.out, "w", encoding="utf-8", newline="\n") as out:
        for text in texts + NOT_UTF8:
            given = {"bytes": text.hex()} if isinstance(text, bytes) else {"text": text}
            told = answer(text if isinstance(text, bytes) else text.encode())
            raised += "raises" in told
            accepted += told["json"]
            out.write(json.dumps({**given, **told}, separators=(",", ":")) + "\n")
    print(f"{len(texts) + len(NOT_UTF8)} texts: hjson refuses {raised}, json accepts {accepted}")


if __name__ == "__main__":
    main()
