#ifndef BROCKER_RUN_MOUNTS_H
#define BROCKER_RUN_MOUNTS_H

#include "orders.h"

/**
 * Cuts this mount namespace off from every other, then makes the mounts, `/app`, masks and read-only paths below the
 * composed root. Gives the root's descriptor. Needs the /proc that this process was started under. Exits at stage `mount`.
 */
int mounts_make(const struct orders *orders);

/**
 * Replaces a descriptor by one of the same directory on a mount of its own, attached nowhere: `..` does not lead out of it,
 * whoever gets hold of the descriptor. Needs the mount namespace in which it was opened, and /proc. Exits at stage `log`.
 */
void directory_detach(int directory);

/** Makes the root `/` (pivot_root(2)), detaches the old one, closes the descriptor. Exits at stage `pivot` or `mount`. */
void root_enter(const struct orders *orders, int root);

#endif
