#include "base/quantity.h"

#include <stdio.h>

static struct text in_words(int64_t count, const char *const units[5], char buffer[32])
{
    double value = (double)count;
    size_t unit = 0;
    int length;
    if (count < 0)
        return TEXT("?");
    while (value >= 999.5 && unit < 4) {
        value /= 1000;
        unit++;
    }
    if (unit == 0)
        length = snprintf(buffer, 32, "%lld%s", (long long)count, units[0]);
    else
        length = snprintf(buffer, 32, "%.*f%s", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value, units[unit]);
    return (struct text){buffer, (size_t)length};
}

struct text count_in_words(int64_t count, char buffer[32])
{
    static const char *const units[] = {"", " K", " M", " B", " T"};
    return in_words(count, units, buffer);
}

struct text bytes_in_words(int64_t bytes, char buffer[32])
{
    static const char *const units[] = {" bytes", " KB", " MB", " GB", " TB"};
    return in_words(bytes, units, buffer);
}
