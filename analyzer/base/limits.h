/*
 * Every bound of leaflint, and why it is that number.
 *
 * Model sources and configs may be hostile.  Whatever a file says, leaflint stays inside these bounds; reaching one
 * is "cannot tell" with that bound as the reason (or a finding on the file), never a crash, a hang or a lost finding.
 * tests/unit/test_limits.c holds a case on both sides of each.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* Files. */
#define LIMIT_CONFIG_BYTES (16u << 20) /* the largest real DeepSpeed config is under 100 KB */
#define LIMIT_SOURCE_BYTES (8u << 20)  /* the largest file of transformers is under 500 KB */
#define LIMIT_NESTING 200              /* brackets inside brackets; CPython's own parser stops at 200 */
#define LIMIT_CONFIG_DEPTH 200         /* nested mappings and lists in one config */
#define LIMIT_CONFIG_VALUES 1000000    /* keys and values in one config, copies behind aliases too: 100,000 entries must fit */
#define LIMIT_CONFIG_SECTIONS 20       /* places with DeepSpeed's settings in one file; real ones have one */
#define LIMIT_SCRIPT_BYTES (1u << 20)  /* one training script; real ones are under 200 KB */
#define LIMIT_SCRIPT_LOOKUPS 500       /* variables whose value is looked for in one script: each costs a look at all of it */
#define LIMIT_SCRIPT_CALLS 30          /* functions inside one another that are followed in a training script */
#define LIMIT_CONFIG_ANCHORS 1000      /* anchors in one YAML file; real ones have some ten */
#define LIMIT_YAML_MENDED 20           /* places in one YAML file that PyYAML reads and libyaml does not: read again for each */
#define LIMIT_SYNTAX_ERRORS 20         /* syntax errors reported for one file */
#define LIMIT_DIFF_PAIRS 4000000      /* pairs of changed lines that --diff compares; above that they are shown as one change */
#define LIMIT_FIX_ROUNDS 8              /* times that --fix mends a file and lints it again */
#define LIMIT_FINDINGS 1000            /* findings printed for one file; the rest is counted */

/* Parsing Python. */
#define LIMIT_PIECE_BYTES (2u << 20)    /* one top-level statement; the longest of transformers is 60 KB */
#define LIMIT_PARSE_MICROSECONDS 400000 /* tree-sitter is superlinear on garbage; the longest real piece takes 10 ms */
#define LIMIT_LOWER_DEPTH 400           /* nested syntax nodes; real code stays under 60 */
#define LIMIT_BLOCKS 100                /* blocks inside blocks; CPython's tokenizer stops at 100 */
#define LIMIT_PIECES 200000             /* statements in one file, or in one class body */

/* Evaluating. */
#define LIMIT_STEPS 16000000        /* syntax nodes visited for one model; DeepSeek-V3's 75,457 modules, made one by one, take 6 M */
#define LIMIT_CALL_DEPTH 220        /* Python calls inside calls; real constructors stay under 60 */
#define LIMIT_EXPRESSION_DEPTH 1200 /* C frames of the evaluator, so that the C stack is never the bound */
#define LIMIT_IMPORT_FILES 4000     /* files one model reads; real models read 13 at the median, 300 at most */
#define LIMIT_MODULE_NAME 1024      /* bytes of a dotted name; longer than any path of a file */
#define LIMIT_LIST_ITEMS 4000000    /* items of one list, tuple, set, dict or range that is materialised */
#define LIMIT_STRING_BYTES (1u << 20)
#define LIMIT_MODEL_BYTES (208u << 20)  /* memory for evaluating one model; DeepSeek-V3 (75,457 modules) takes 55 MB */
#define LIMIT_QUANTIZED_STEPS 32000000   /* on top of it for quantizing it: DeepSeek-V3 (45,000 linear layers) takes 24 M */
#define LIMIT_QUANTIZED_BYTES (288u << 20) /* the same in bytes: DeepSeek-V3 takes 280 MB */
#define LIMIT_RUN_BYTES (64u << 20)     /* what one model may add to what importing keeps; real ones add under 10 MB */
#define LIMIT_MODULES 1000000           /* modules of one model; the largest real configs reach 125,000 */
#define LIMIT_MODULE_DEPTH 200          /* modules inside modules */
#define LIMIT_MRO 256                   /* classes in one method resolution order */
#define LIMIT_TENSOR_DIMS 16            /* torch itself stops at 64 */
#define LIMIT_TENSOR_NUMBERS 65536      /* numbers kept of a one-dimensional tensor */
#define LIMIT_MATRIX_NUMBERS 4096       /* and of one with more dimensions: real ones that sizes are read from hold some dozens */
#define LIMIT_TABLE_NUMBERS 32768       /* numbers computed one by one for lists; no size was ever read from longer tables */
#define LIMIT_REGEX_ATTEMPTS 100000     /* one use of a regular expression; those of transformers need some dozens */
#define LIMIT_REGEX_KILOBYTES 4096
#define LIMIT_GIVEN_SETS 100000         /* sets of values of config.json that an exception is traced to; later ones are not traced */
#define LIMIT_CALL_CHAINS 200000        /* chains of calls that are told apart while a model is made; real ones have 2,000 */
#define LIMIT_MADE_STEPS 12             /* statements shown for one module: those next to it */
#define LIMIT_MADE_LINES 24             /* source lines shown for one statement, with what stands around it */
#define LIMIT_STATEMENT_LINES 12        /* longer ones are shown by their first line and those that matter */
#define LIMIT_LINE_BYTES 400            /* kept of a source line that is shown */
#define LIMIT_AROUND 8                  /* conditions and loops shown around one statement: the innermost */
#define LIMIT_GIVEN 4                   /* values of config.json named for one exception */
#define LIMIT_REASONS 64                /* reasons kept why a tree is partial */

/* Which calls of children depend on data (model/routing.h). */
#define LIMIT_ROUTING_STEPS 200000 /* syntax nodes and joined values for one class; the longest real forward takes 10,000 */
#define LIMIT_ROUTING_DEPTH 1000   /* nested nodes over all inlined calls, so that the C stack is never the bound */
#define LIMIT_ROUTING_CALLS 40     /* methods and helpers inside one another */
#define LIMIT_ROUTING_EVENTS 20000 /* calls of children in one forward */
#define LIMIT_TRAINING_STEPS 100000  /* syntax nodes of one walk through training; the longest real one takes 20,000 */
#define LIMIT_TRAINING_ALL 3000000   /* of all walks through one model */
#define LIMIT_CONDUCTS 200000        /* things stated of modules in one model; Embedding in 50,000 layers is far off */

/* Questions asked of a model. */
#define LIMIT_SUGGESTIONS 3             /* alternatives shown; more is noise */
#define LIMIT_SUGGESTION_NAMES 200000   /* names compared for one did-you-mean */
#define LIMIT_SUGGESTION_LENGTH 256     /* longer entries get no did-you-mean: the comparison is quadratic */
#define LIMIT_LEAF_HITS 8000000         /* (entry, module) pairs kept for one config; real ones stay under 100,000 */
#define LIMIT_RELATED 4                 /* places in the model's sources shown with one finding */

#endif
