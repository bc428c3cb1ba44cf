/* What every system call, capability and path answers: a line `KIND NAME ANSWER` for each. */
#define _GNU_SOURCE
#include "probe.h"
#include "calls-amd64.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Inlined with what follows it, since the child of vfork(2) shares the stack. */
static inline __attribute__((always_inline)) long call(long number, const long a[6])
{
	register long r10 __asm__("r10") = a[3];
	register long r8 __asm__("r8") = a[4];
	register long r9 __asm__("r9") = a[5];
	long result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static _Noreturn void call_and_tell(long number, const long arguments[6], int answers)
{
	static const long none[6];
	alarm(1);
	long self = call(SYS_getpid, none);
	long result = call(number, arguments);
	if (call(SYS_getpid, none) != self)
		for (;;)
			call(SYS_exit_group, none);
	int error = result < 0 && result > -4096 ? (int)-result : 0;
	ssize_t ignored = write(answers, &error, sizeof error);
	(void)ignored;
	_exit(0);
}

/* In a process of its own, since some end it. */
static const char *answer(long number, const long arguments[6])
{
	int pipes[2], error, status;
	fflush(stdout);
	if (pipe(pipes))
		return "no pipe";
	pid_t child = fork();
	if (child == 0) {
		/* Away from 0, 1 and 2, and from where a call that closes would find it. */
		int answers = fcntl(pipes[1], F_DUPFD, 700);
		close(pipes[0]);
		close(pipes[1]);
		call_and_tell(number, arguments, answers);
	}
	close(pipes[1]);
	waitpid(child, &status, 0);
	bool told = read(pipes[0], &error, sizeof error) == sizeof error;
	close(pipes[0]);
	if (told)
		return error ? errno_name(error) : "done";
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? "SIGSYS" : "ended";
}

static void every_call(void)
{
	/* No descriptor, no address, no flag that exists: what is allowed fails for its arguments. */
	static const long arguments[6] = {-1, -1, -1, -1, -1, -1};
	for (size_t i = 0; i < COUNT(CALLS); i++)
		printf("call %s %s\n", CALLS[i].name, answer(CALLS[i].number, arguments));
}

/* Calls that a filter judges by their arguments. */
static void some_arguments(void)
{
	static const struct {
		const char *name;
		long number, arguments[6];
	} cases[] = {
		{"clone(CLONE_NEWUSER)", SYS_clone, {CLONE_NEWUSER | SIGCHLD}},
		{"clone(CLONE_NEWNS)", SYS_clone, {CLONE_NEWNS | SIGCHLD}},
		{"clone(CLONE_NEWNET)", SYS_clone, {CLONE_NEWNET | SIGCHLD}},
		{"clone(CLONE_NEWPID)", SYS_clone, {CLONE_NEWPID | SIGCHLD}},
		{"clone(CLONE_NEWCGROUP)", SYS_clone, {CLONE_NEWCGROUP | SIGCHLD}},
		{"clone(0)", SYS_clone, {SIGCHLD}},
		{"unshare(CLONE_NEWUSER)", SYS_unshare, {CLONE_NEWUSER}},
		{"unshare(CLONE_FILES)", SYS_unshare, {CLONE_FILES}},
		{"personality(PER_LINUX)", SYS_personality, {0}},
		{"personality(ADDR_NO_RANDOMIZE)", SYS_personality, {0x40000}},
		{"personality(READ_IMPLIES_EXEC)", SYS_personality, {0x400000}},
		{"personality(UNAME26)", SYS_personality, {0x20000}},
		{"ioctl(TIOCSTI)", SYS_ioctl, {-1, 0x5412, -1}},
		{"socket(AF_UNIX)", SYS_socket, {AF_UNIX, SOCK_STREAM}},
		{"socket(AF_INET)", SYS_socket, {AF_INET, SOCK_STREAM}},
		{"socket(AF_INET, SOCK_RAW)", SYS_socket, {AF_INET, SOCK_RAW, 255}},
		{"socket(AF_INET6)", SYS_socket, {AF_INET6, SOCK_STREAM}},
		{"socket(AF_NETLINK, NETLINK_ROUTE)", SYS_socket, {AF_NETLINK, SOCK_RAW, 0}},
		{"socket(AF_NETLINK, NETLINK_NETFILTER)", SYS_socket, {AF_NETLINK, SOCK_RAW, 12}},
		{"socket(AF_NETLINK, NETLINK_AUDIT)", SYS_socket, {AF_NETLINK, SOCK_RAW, 9}},
		{"socket(AF_PACKET)", SYS_socket, {AF_PACKET, SOCK_RAW}},
		{"socket(AF_ALG)", SYS_socket, {38, SOCK_SEQPACKET}},
		{"socket(AF_VSOCK)", SYS_socket, {40, SOCK_STREAM}},
		{"socket(AF_XDP)", SYS_socket, {44, SOCK_RAW}},
		{"add_key(user)", SYS_add_key, {(long)"user", (long)"probe", (long)"x", 1, -3}},
		{"keyctl(KEYCTL_GET_KEYRING_ID)", SYS_keyctl, {0, -3, 0}},
		{"userfaultfd(0)", SYS_userfaultfd, {0}},
		{"sethostname", SYS_sethostname, {(long)"", -1}},
		{"chroot(/)", SYS_chroot, {(long)"/"}},
		{"umount2(/proc)", SYS_umount2, {(long)"/nonexistent", 0}},
		{"syslog(SYSLOG_ACTION_SIZE_BUFFER)", SYS_syslog, {10, 0, 0}},
		{"ptrace(PTRACE_TRACEME)", SYS_ptrace, {0}},
		{"get_mempolicy", SYS_get_mempolicy, {0}},
		{"iopl(3)", SYS_iopl, {3}},
		{"ioperm(0x378)", SYS_ioperm, {0x378, 1, 1}},
		{"settimeofday(NULL)", SYS_settimeofday, {0}},
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		printf("call %s %s\n", cases[i].name, answer(cases[i].number, cases[i].arguments));
}

/* In the order of their numbers, see capabilities(7). */
static void capabilities(void)
{
	static const char *const names[] = {
		"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
		"LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
		"SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
		"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
		"MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
		"CHECKPOINT_RESTORE"};
	struct { unsigned version; int pid; } header = {0x20080522, 0};
	struct { unsigned effective, permitted, inheritable; } sets[2] = {0};
	if (syscall(SYS_capget, &header, sets))
		exit(99);
	for (unsigned i = 0; i < COUNT(names); i++) {
		bool own = (sets[i / 32].effective | sets[i / 32].permitted) >> i % 32 & 1;
		bool bounding = prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1;
		printf("capability %s %s\n", names[i], own ? "held" : bounding ? "bounded" : "none");
	}
}

static bool empty(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	bool found = false;
	while (directory && (entry = readdir(directory)))
		found |= strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	if (directory)
		closedir(directory);
	return !found;
}

static bool opens(const char *path, int how)
{
	char byte;
	int fd = open(path, how | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	bool gives = how != O_RDONLY || read(fd, &byte, 1) >= 0 || errno == EAGAIN || errno == EISDIR;
	close(fd);
	return gives;
}

/* What covers a file is /dev/null, and what covers a directory is an empty one that nobody may fill. */
static bool covered(const char *path, const struct stat *file)
{
	if (S_ISDIR(file->st_mode))
		return empty(path) && access(path, W_OK) != 0;
	return S_ISCHR(file->st_mode) && file->st_rdev == makedev(1, 3) && strcmp(path, "/dev/null");
}

static void path(const char *name, bool only_present)
{
	struct stat file;
	if (stat(name, &file) != 0) {
		printf("path %s %s\n", name, errno == ENOENT || errno == ENOTDIR ? "absent" : "closed");
	} else if (covered(name, &file)) {
		printf("path %s covered\n", name);
	} else if (only_present) {
		printf("path %s present\n", name);
	} else {
		bool read = opens(name, O_RDONLY);
		bool write = S_ISDIR(file.st_mode) ? access(name, W_OK) == 0 : opens(name, O_WRONLY);
		printf("path %s %s\n", name, read && write ? "read+write" : read ? "read" : write ? "write" : "closed");
	}
}

/* Whether any file below opens for writing; what a walk may not see is not there to be written. */
static bool writable_below(const char *top, int depth)
{
	char name[4096];
	struct dirent *entry;
	struct stat file;
	bool found = false;
	DIR *directory = depth > 0 ? opendir(top) : NULL;
	while (directory && !found && (entry = readdir(directory))) {
		snprintf(name, sizeof name, "%s/%s", top, entry->d_name);
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || lstat(name, &file))
			continue;
		if (S_ISDIR(file.st_mode))
			found = writable_below(name, depth - 1);
		else if (S_ISREG(file.st_mode))
			found = opens(name, O_WRONLY);
	}
	if (directory)
		closedir(directory);
	return found;
}

static void paths(bool only_present)
{
	static const char *const more[] = {
#include "probe-paths.h"
	};
	static const char *const trees[] = {"/proc/sys", "/proc/bus", "/proc/fs", "/proc/irq", "/sys"};
	char name[300];
	struct dirent **entries;
	int count = scandir("/proc", &entries, NULL, alphasort);
	for (int i = 0; i < count; i++)
		if (strspn(entries[i]->d_name, "0123456789.") != strlen(entries[i]->d_name)) {
			snprintf(name, sizeof name, "/proc/%s", entries[i]->d_name);
			path(name, only_present);
		}
	for (size_t i = 0; i < COUNT(more); i++)
		path(more[i], only_present);
	for (size_t i = 0; i < COUNT(trees); i++) {
		const char *found = only_present ? "present" : writable_below(trees[i], 12) ? "write" : "closed";
		printf("path %s/** %s\n", trees[i], access(trees[i], F_OK) ? "absent" : found);
	}
}

int survey(bool only_present)
{
	/* With it, landlock(7) asks for no capability, wherever this runs. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	setsid(); /* away from a terminal, which vhangup(2) would end; refused to a leader, who has none here */
	every_call();
	some_arguments();
	capabilities();
	paths(only_present);
	return fflush(stdout) == 0 ? 0 : 99;
}
