/* Attempts at files, mounts, devices and programs. */
#define _GNU_SOURCE
#include "probe.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* read PATH */
static int read_file(int count, char **arguments)
{
	char byte;
	int fd = open(argument(count, arguments, 0, ""), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? errno : refusal(read(fd, &byte, 1));
}

/* list PATH */
static int list_directory(int count, char **arguments)
{
	DIR *directory = opendir(argument(count, arguments, 0, ""));
	return directory && readdir(directory) ? 0 : errno;
}

/* write-back PATH: writes what the file says already. */
static int write_back(int count, char **arguments)
{
	char text[4096];
	const char *path = argument(count, arguments, 0, "");
	int from = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = from < 0 ? 0 : read(from, text, sizeof text);
	int to = open(path, O_WRONLY | O_CLOEXEC);
	return to < 0 || length < 0 ? errno : refusal(write(to, text, (size_t)length));
}

/* The key that only prints a help to the kernel's log. */
static int sysrq(int count, char **arguments)
{
	(void)count, (void)arguments;
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);
	return fd < 0 ? errno : refusal(write(fd, "h", 1));
}

/* mount SOURCE TARGET TYPE FLAGS */
static int mount_one(int count, char **arguments)
{
	unsigned long flags = strtoul(argument(count, arguments, 3, "0"), NULL, 0);
	return refusal(mount(argument(count, arguments, 0, ""), argument(count, arguments, 1, ""),
			     argument(count, arguments, 2, ""), flags, NULL));
}

static int unmount(int count, char **arguments)
{
	return refusal(umount2(argument(count, arguments, 0, ""), MNT_DETACH));
}

/* The newer calls: fsopen(2), and open_tree(2) with OPEN_TREE_CLONE. */
static int open_file_system(int count, char **arguments)
{
	(void)count, (void)arguments;
	return refusal(syscall(SYS_fsopen, "tmpfs", 0L));
}

static int open_tree(int count, char **arguments)
{
	return refusal(syscall(SYS_open_tree, AT_FDCWD, argument(count, arguments, 0, "/"), 1L));
}

/* mknod PATH: a block device, the first disk of its driver's number 7, a loop device, which may be without a medium. */
static int make_node(int count, char **arguments)
{
	const char *path = argument(count, arguments, 0, "/tmp/probe-node");
	if (mknod(path, S_IFBLK | 0600, makedev(7, 0)) != 0)
		return errno;
	return refusal(unlink(path));
}

/* release-agent DIRECTORY (CVE-2022-0492): a version 1 hierarchy of one's own, and the program that the host runs for it. */
static int release_agent(int count, char **arguments)
{
	char file[4096];
	const char *directory = argument(count, arguments, 0, "/tmp");
	if (mount("cgroup", directory, "cgroup", 0, "none,name=brocker-probe") != 0)
		return errno;
	snprintf(file, sizeof file, "%s/release_agent", directory);
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	int error = fd < 0 ? errno : refusal(write(fd, "/bin/true", 9));
	close(fd);
	umount(directory);
	return error;
}

/* Writes its own first byte to an open program, as soon as nobody runs it any more. */
static int overwrite_open(int program)
{
	char path[64], byte;
	int to, tries = 0;
	snprintf(path, sizeof path, "/proc/self/fd/%d", program);
	do {
		to = open(path, O_RDWR | O_CLOEXEC);
		usleep(2000);
	} while (to < 0 && errno == ETXTBSY && tries++ < 1000);
	if (to < 0 || pread(to, &byte, 1, 0) != 1)
		return errno;
	return refusal(pwrite(to, &byte, 1, 0));
}

/* overwrite PID [kill] (CVE-2019-5736): the program that a process was started from. */
static int overwrite(int count, char **arguments)
{
	char path[64];
	const char *pid = argument(count, arguments, 0, "1");
	snprintf(path, sizeof path, "/proc/%s/exe", pid);
	int program = open(path, O_PATH | O_CLOEXEC);
	if (program < 0)
		return errno;
	if (count > 1)
		kill((pid_t)atoi(pid), SIGKILL);
	return overwrite_open(program);
}

/* leaks (CVE-2024-21626): a descriptor beyond the three, or a working directory, from which the host can be seen. */
static int leaks(int count, char **arguments)
{
	char path[4096];
	struct stat up, root;
	(void)count, (void)arguments;
	for (int fd = 3; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return 0;
	long length = syscall(SYS_getcwd, path, sizeof path);
	if (length < 0)
		return errno;
	if (path[0] != '/')
		return 0;
	if (stat("../../../../../../../../../../..", &up) || stat("/", &root))
		return errno;
	return up.st_dev == root.st_dev && up.st_ino == root.st_ino ? ENOENT : 0;
}

/* by-handle PATH: around the mount namespace, by the number of an inode, open_by_handle_at(2). */
static int by_handle(int count, char **arguments)
{
	struct { struct file_handle head; char bytes[128]; } handle = {.head.handle_bytes = 128};
	int mount_id;
	const char *path = argument(count, arguments, 0, "/");
	int near = open(path, O_RDONLY | O_CLOEXEC);
	if (near < 0 || name_to_handle_at(AT_FDCWD, path, &handle.head, &mount_id, 0) != 0)
		return errno;
	return refusal(open_by_handle_at(near, &handle.head, O_RDONLY));
}

/* chroot-escape DIRECTORY PATH: out of a root that was changed twice, to what lies above it. */
static int chroot_escape(int count, char **arguments)
{
	int before = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (before < 0 || chroot(argument(count, arguments, 0, "/tmp")) || fchdir(before))
		return errno;
	for (int i = 0; i < 64; i++)
		if (chdir(".."))
			return errno;
	char *rest[] = {(char *)argument(count, arguments, 1, "etc/shadow")};
	return read_file(1, rest);
}

/* swap PATH TARGET SECONDS: exchanges a directory and a symlink beside it, again and again (CVE-2021-30465). */
static int swap(int count, char **arguments)
{
	char beside[4096];
	const char *path = argument(count, arguments, 0, "");
	time_t end = time(NULL) + atoi(argument(count, arguments, 2, "5"));
	snprintf(beside, sizeof beside, "%s-", path);
	if (symlink(argument(count, arguments, 1, "/"), beside) != 0)
		return errno;
	dprintf(1, "ready\n");
	while (time(NULL) < end)
		if (syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, beside, 2L) != 0) /* RENAME_EXCHANGE */
			return errno;
	return refusal(unlink(beside));
}

const struct named FILE_ATTEMPTS[] = {
	{"read", read_file}, {"list", list_directory}, {"write-back", write_back}, {"sysrq", sysrq}, {"mount", mount_one},
	{"umount", unmount}, {"fsopen", open_file_system}, {"open_tree", open_tree}, {"mknod", make_node},
	{"release-agent", release_agent}, {"overwrite", overwrite},
	{"leaks", leaks}, {"swap", swap}, {"by-handle", by_handle}, {"chroot-escape", chroot_escape}, {NULL, NULL},
};
