#ifndef BROCKER_RUN_RESTRICT_H
#define BROCKER_RUN_RESTRICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>

/** struct mount_attr of mount_setattr(2): linux/mount.h has it, but cannot be read with sys/mount.h. */
struct mount_attributes { uint64_t set, clear, propagation, userns; };

/** What a mount may be forbidden; the same bits as MOUNT_ATTR_*. */
enum { RESTRICTIONS = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC };

/** The name under which mount(2) takes an open path: never walked again, so never redirected. */
void fd_path(char *to, size_t size, int fd);

/** The flags that a mount has already, as mount(2) wants them: a remount would take away what it does not repeat. */
unsigned long flags_of(int fd, const char *target);

/**
 * Makes the flags hold for what is mounted at the root of an attached tree; with MS_REC the restrictions among them hold for all
 * mounts below as well. Nobody else may change this mount namespace. Exits at stage `mount`, naming the target.
 */
void restrict_tree(int tree, const char *target, unsigned long flags);

/** One mount of proc_pid_mountinfo(5); the path and the options end with a space. */
struct mounted { const char *path, *options; };

/** Splits a line of mountinfo; false when it is none. */
bool mountinfo_parse(const char *line, struct mounted *mounted);

/** Whether a path of mountinfo lies below a directory; writes it without its octal escapes, cut at the size. */
bool mountinfo_below(const char *path, const char *directory, char *to, size_t size);

/** Those of the restrictions that a mount's options do not name. */
unsigned long mountinfo_lacks(const char *options, unsigned long flags);

#endif
