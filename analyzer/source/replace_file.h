/*
 * Writing a file anew, so that nobody ever sees half of it.
 */
#ifndef SOURCE_REPLACE_FILE_H
#define SOURCE_REPLACE_FILE_H

#include "base/text.h"

/* The new bytes go to a file beside it, which then takes its place and keeps its mode.  A link is followed when it leads to
 * a file in the same folder.  Returns NULL, or what completes the sentence "PATH: cannot be written: ..."; then nothing
 * has changed. */
const char *replace_file(const char *path, struct text bytes);

#endif
