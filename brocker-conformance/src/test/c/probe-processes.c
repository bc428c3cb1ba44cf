/* Attempts to gain the rights of other processes, such as PID 1 and commands that enter the container. They need CAP_SYS_PTRACE. */
#define _GNU_SOURCE
#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct call {
	const char *name;
	long number, arguments[4]; /* TEXT stands for the address of the text */
	const char *text;
} CALLS[] = {
#define TEXT LONG_MIN
	{"getuid", SYS_getuid, {0}, ""},
	{"socket", SYS_socket, {AF_INET, SOCK_STREAM, 0}, ""},
	{"execve", SYS_execve, {TEXT, 0, 0}, "/nowhere"},
	{"mount", SYS_mount, {0, TEXT, 0, 1 << 18}, "/nowhere"},
	{"setns", SYS_setns, {-1, 0}, ""},
	{"openat", SYS_openat, {7, TEXT, O_RDONLY}, ".."},
	{"openat-absolute", SYS_openat, {7, TEXT, O_RDONLY}, "/proc/self/status"},
	{"mknodat", SYS_mknodat, {7, TEXT, S_IFCHR, 0x103}, "/nowhere/node"},
	{"ptrace", SYS_ptrace, {PTRACE_SEIZE, -1, 0, 0}, ""},
	{"prctl", SYS_prctl, {8 /* PR_SET_KEEPCAPS */, 0}, ""},
};

#ifdef __x86_64__
/* Makes a stopped process run a call, with the text below its stack, and then go on with the call that it was in. */
static long call_in(pid_t process, const struct call *call)
{
	struct user_regs_struct before, registers;
	int status;
	if (ptrace(PTRACE_GETREGS, process, NULL, &before) != 0)
		return -errno;
	unsigned long text = (before.rsp - 4096) & ~15UL;
	for (size_t i = 0; i <= strlen(call->text); i += sizeof(long)) {
		long word = 0;
		memcpy(&word, call->text + i, strlen(call->text + i) + 1 < sizeof word ? strlen(call->text + i) + 1 : sizeof word);
		if (ptrace(PTRACE_POKEDATA, process, text + i, word) != 0)
			return -errno;
	}
	unsigned long values[4];
	for (int i = 0; i < 4; i++)
		values[i] = call->arguments[i] == TEXT ? text : (unsigned long)call->arguments[i];
	registers = before;
	registers.rip -= 2; /* it waits in a call, so the instruction is there */
	registers.orig_rax = (unsigned long)-1;
	registers.rax = (unsigned long)call->number;
	registers.rdi = values[0], registers.rsi = values[1], registers.rdx = values[2], registers.r10 = values[3];
	registers.r8 = registers.r9 = 0;
	if (ptrace(PTRACE_SETREGS, process, NULL, &registers) != 0 || ptrace(PTRACE_SINGLESTEP, process, NULL, NULL) != 0
	    || waitpid(process, &status, __WALL) != process || ptrace(PTRACE_GETREGS, process, NULL, &registers) != 0)
		return -errno;
	before.rip -= 2;
	before.rax = before.orig_rax;
	before.orig_rax = (unsigned long)-1;
	ptrace(PTRACE_SETREGS, process, NULL, &before);
	return (long)registers.rax;
}
#else
#error "written for amd64, as is the survey of its system calls"
#endif

/* traced PID CALL: traces another process and makes it run a call. */
static int traced(int count, char **arguments)
{
	pid_t process = (pid_t)atoi(argument(count, arguments, 0, "1"));
	const char *name = argument(count, arguments, 1, "getuid");
	const struct call *call = CALLS;
	int status;
	while (strcmp(call->name, name) != 0)
		if (++call == CALLS + sizeof CALLS / sizeof *CALLS)
			return EINVAL;
	if (ptrace(PTRACE_SEIZE, process, NULL, NULL) != 0)
		return errno;
	if (ptrace(PTRACE_INTERRUPT, process, NULL, NULL) != 0 || waitpid(process, &status, __WALL) != process)
		return errno;
	long result = call_in(process, call);
	ptrace(PTRACE_DETACH, process, NULL, NULL);
	/* Bad arguments, refused by the call itself, show that the process may make it. */
	return result >= 0 || result == -ENOENT || result == -EBADF || result == -ESRCH ? 0 : (int)-result;
}

/* stolen PID FD: leaves a directory that another process has open, by `..`; EXDEV if the directory is its own parent. */
static int stolen(int count, char **arguments)
{
	int process = (int)syscall(SYS_pidfd_open, atoi(argument(count, arguments, 0, "1")), 0);
	int number = atoi(argument(count, arguments, 1, "7"));
	struct stat here, above;
	if (process < 0)
		return errno;
	int directory = (int)syscall(SYS_pidfd_getfd, process, number, 0);
	if (directory < 0)
		return errno;
	int up = openat(directory, "..", O_PATH | O_CLOEXEC);
	if (up < 0 || fstat(directory, &here) != 0 || fstat(up, &above) != 0)
		return errno;
	return here.st_dev == above.st_dev && here.st_ino == above.st_ino ? EXDEV : 0;
}

static unsigned long long held(const char *process, const char *set)
{
	char path[64], status[4096] = "";
	snprintf(path, sizeof path, "/proc/%s/status", process);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return 0;
	if (read(file, status, sizeof status - 1) < 0)
		*status = '\0';
	close(file);
	const char *line = strstr(status, set);
	return line ? strtoull(line + strlen(set), NULL, 16) : 0;
}

static void namespace_of(const char *process, char name[64])
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%s/ns/mnt", process);
	ssize_t length = readlink(path, name, 63);
	name[length < 0 ? 0 : length] = '\0';
}

/* The number that the PID namespace gave last, proc_loadavg(5). */
static int last_number(void)
{
	char line[128] = "";
	int file = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	if (file < 0 || read(file, line, sizeof line - 1) < 0)
		*line = '\0';
	close(file);
	const char *last = strrchr(line, ' ');
	return last ? atoi(last) : 0;
}

/*
 * newcomers: watches the processes that enter the PID namespace until SIGTERM, and prints how many did. Succeeds if any of them, at any
 * moment, has a capability that this process cannot have, or another mount namespace.
 */
static int newcomers(int count, char **arguments)
{
	(void)count, (void)arguments;
	sigset_t end;
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	unsigned long long own = held("self", "CapBnd:");
	char mine[64], others[64], process[24];
	int newest = getpid(), error = EPERM;
	namespace_of("self", mine);
	dprintf(1, "ready\n");
	while (sigtimedwait(&end, NULL, &(struct timespec){0}) < 0) {
		int last = last_number();
		progress += last - newest;
		newest = last;
		snprintf(process, sizeof process, "%d", newest);
		unsigned long long rights = held(process, "CapPrm:");
		namespace_of(process, others);
		if (rights & ~own)
			error = 0;
		if (*others && strcmp(mine, others) != 0)
			error = 0;
	}
	return error;
}

const struct named PROCESS_ATTEMPTS[] = {
	{"traced", traced}, {"stolen", stolen}, {"newcomers", newcomers}, {NULL, NULL},
};
