#include "source/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

/* The file that `path` means, in *target (to be freed); a link that leads elsewhere is refused. */
static const char *find_target(const char *path, char **target)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return strerror(errno);
    size_t length = folder_length(path);
    char *folder = length ? strndup(path, length) : strdup(path[0] == '/' ? "/" : ".");
    char *real_folder = folder ? realpath(folder, NULL) : NULL;
    *target = realpath(path, NULL);
    const char *problem = NULL;
    if (!real_folder || !*target)
        problem = strerror(errno);
    else if (S_ISLNK(status.st_mode) &&
             (folder_length(*target) != strlen(real_folder) || strncmp(*target, real_folder, strlen(real_folder)) != 0))
        problem = "it is a link to another folder";
    free(folder);
    free(real_folder);
    return problem;
}

static bool write_all(int descriptor, struct text bytes)
{
    for (size_t at = 0; at < bytes.length;) {
        ssize_t written = write(descriptor, bytes.bytes + at, bytes.length - at);
        if (written < 0 && errno != EINTR)
            return false;
        at += written > 0 ? (size_t)written : 0;
    }
    return fsync(descriptor) == 0;
}

const char *replace_file(const char *path, struct text bytes)
{
    char *target = NULL;
    const char *problem = find_target(path, &target);
    struct stat status;
    if (!problem && (stat(target, &status) != 0 || !S_ISREG(status.st_mode)))
        problem = "it is not a regular file";
    size_t length = target ? strlen(target) + 16 : 0;
    char *beside = !problem ? malloc(length) : NULL;
    if (beside) {
        snprintf(beside, length, "%s.XXXXXX", target);
        int descriptor = mkstemp(beside);
        if (descriptor < 0) {
            problem = strerror(errno);
        } else {
            bool fine = write_all(descriptor, bytes) && fchmod(descriptor, status.st_mode & 07777) == 0;
            fine = close(descriptor) == 0 && fine && rename(beside, target) == 0;
            if (!fine) {
                problem = strerror(errno);
                unlink(beside);
            }
        }
    } else if (!problem) {
        problem = strerror(ENOMEM);
    }
    free(beside);
    free(target);
    return problem;
}
