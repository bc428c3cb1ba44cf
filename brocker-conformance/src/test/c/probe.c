/*
 * What a hostile program would try: one static program.
 *
 *   probe NAME [ARGUMENT...]   makes one attempt and prints `allowed` or `refused ERRNO`, and how far it came where that is a number
 *   probe --all                a line for every system call, capability and path
 *   probe --all outside        the same where nothing holds it: paths are only looked for, not opened
 *   probe hold                 waits to be attacked
 *
 * No attempt leaves anything behind, nor changes what it finds, when it succeeds.
 */
#define _GNU_SOURCE
#include "probe.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

long long progress;

static const struct {
	int number;
	const char *name;
} ERRNOS[] = {
	{EPERM, "EPERM"}, {ENOENT, "ENOENT"}, {ESRCH, "ESRCH"}, {EIO, "EIO"}, {ENXIO, "ENXIO"}, {E2BIG, "E2BIG"},
	{EBADF, "EBADF"}, {ECHILD, "ECHILD"}, {EAGAIN, "EAGAIN"}, {ENOMEM, "ENOMEM"}, {EACCES, "EACCES"},
	{EFAULT, "EFAULT"}, {EBUSY, "EBUSY"}, {EEXIST, "EEXIST"}, {ENODEV, "ENODEV"}, {ENOTDIR, "ENOTDIR"},
	{EISDIR, "EISDIR"}, {EINVAL, "EINVAL"}, {ETXTBSY, "ETXTBSY"}, {ENOSPC, "ENOSPC"}, {EROFS, "EROFS"},
	{ENOSYS, "ENOSYS"}, {EAFNOSUPPORT, "EAFNOSUPPORT"}, {ECONNREFUSED, "ECONNREFUSED"}, {ETIMEDOUT, "ETIMEDOUT"},
	{EHOSTUNREACH, "EHOSTUNREACH"}, {ENETUNREACH, "ENETUNREACH"}, {ENOTTY, "ENOTTY"}, {EINTR, "EINTR"},
	{EPROTONOSUPPORT, "EPROTONOSUPPORT"}, {EOPNOTSUPP, "EOPNOTSUPP"}, {EXDEV, "EXDEV"}, {EMFILE, "EMFILE"}, {ENOEXEC, "ENOEXEC"}, {ELOOP, "ELOOP"},
};

int refusal(long result)
{
	return result < 0 ? errno : 0;
}

const char *errno_name(int number)
{
	static char text[16];
	for (size_t i = 0; i < sizeof ERRNOS / sizeof *ERRNOS; i++)
		if (ERRNOS[i].number == number)
			return ERRNOS[i].name;
	snprintf(text, sizeof text, "E%d", number);
	return text;
}

const char *argument(int count, char **arguments, int index, const char *otherwise)
{
	return index < count ? arguments[index] : otherwise;
}

static attempt *find(const struct named *attempts, const char *name)
{
	for (; attempts->name; attempts++)
		if (!strcmp(attempts->name, name))
			return attempts->try;
	return NULL;
}

int main(int count, char **words)
{
	const struct named *const all[] = {KERNEL_ATTEMPTS, FILE_ATTEMPTS, HOG_ATTEMPTS, PROCESS_ATTEMPTS};
	const char *name = argument(count, words, 1, "");
	if (!strcmp(name, "--all"))
		return survey(!strcmp(argument(count, words, 2, ""), "outside"));
	if (!strcmp(name, "hold")) {
		dprintf(1, "ready\n");
		for (;;)
			pause();
	}
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		attempt *try = find(all[i], name);
		if (!try)
			continue;
		int error = try(count - 2, words + 2);
		const char *verdict = error ? "refused " : "allowed";
		if (progress)
			dprintf(1, "%s%s %lld\n", verdict, error ? errno_name(error) : "", progress);
		else
			dprintf(1, "%s%s\n", verdict, error ? errno_name(error) : "");
		return 0;
	}
	dprintf(2, "unknown: %s\n", name);
	return 99;
}
