# hqq.core, read from 0.2.8.
