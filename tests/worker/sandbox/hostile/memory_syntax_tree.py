# what: a source that fills the parser
# expect: memory_limit
compile("-" * 1_000_000 + "1", "deep", "eval")
