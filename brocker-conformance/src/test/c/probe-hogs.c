/* Attempts to take more than one's share. Each ends by itself and gives back what it took. */
#define _GNU_SOURCE
#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MEGABYTE = 1 << 20 };

/* forks NUMBER: so many processes at once; how many there were is told. */
static int forks(int count, char **arguments)
{
	long most = atol(argument(count, arguments, 0, "100"));
	pid_t *children = calloc((size_t)most, sizeof *children);
	int error = children ? 0 : errno;
	while (!error && progress < most) {
		pid_t child = fork();
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			pause();
			_exit(0);
		}
		if (child < 0)
			error = errno;
		else
			children[progress++] = child;
	}
	for (long i = 0; i < progress; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	free(children);
	return error;
}

/* bomb SECONDS: every process makes more, until the clock ends each of them. */
static int bomb(int count, char **arguments)
{
	time_t end = time(NULL) + atoi(argument(count, arguments, 0, "2"));
	pid_t first = getpid();
	int error = 0;
	dprintf(1, "ready\n");
	while (time(NULL) < end)
		if (fork() < 0 && getpid() == first)
			error = errno;
	if (getpid() != first)
		_exit(0);
	return error;
}

/* memory MEGABYTES, each page touched; what is refused is killed and says nothing. */
static int memory(int count, char **arguments)
{
	long most = atol(argument(count, arguments, 0, "1"));
	for (; progress < most; progress++) {
		char *more = mmap(NULL, MEGABYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (more == MAP_FAILED)
			return errno;
		memset(more, 1, MEGABYTE);
	}
	return 0;
}

/* fill PATH MEGABYTES: a new file of that size; how far it came is told. */
static int fill(int count, char **arguments)
{
	static char block[MEGABYTE];
	const char *path = argument(count, arguments, 0, "/tmp/hog");
	long most = atol(argument(count, arguments, 1, "1"));
	int error = 0, fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	memset(block, 1, sizeof block);
	while (!error && progress < most) {
		ssize_t n = write(fd, block, sizeof block);
		error = n < 0 ? errno : n < MEGABYTE ? ENOSPC : 0;
		progress += error ? 0 : 1;
	}
	close(fd);
	unlink(path);
	return error;
}

/* say MEGABYTES: lines to the log. */
static int say(int count, char **arguments)
{
	char line[1024];
	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\n';
	for (long left = atol(argument(count, arguments, 0, "1")) * 1024; left > 0; left--)
		if (write(1, line, sizeof line) < 0)
			return errno;
	return 0;
}

/* With "hold", keeps what was taken until SIGTERM, while others see what is left. */
static void hold(int count, char **arguments)
{
	int number;
	sigset_t end;
	if (strcmp(argument(count, arguments, 1, ""), "hold"))
		return;
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	dprintf(1, "ready\n");
	sigwait(&end, &number);
}

/* instances NUMBER [hold]: inotify(7); prints how many it got. */
static int instances(int count, char **arguments)
{
	long most = atol(argument(count, arguments, 0, "1"));
	int error = 0;
	while (!error && progress < most) {
		error = inotify_init1(IN_CLOEXEC) < 0 ? errno : 0;
		progress += error ? 0 : 1;
	}
	hold(count, arguments);
	return error;
}

/* signals NUMBER [hold]: queues as many for itself, blocked (sigqueue(3)). */
static int signals(int count, char **arguments)
{
	long most = atol(argument(count, arguments, 0, "1"));
	int error = 0;
	sigset_t blocked;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	while (!error && progress < most) {
		error = refusal(sigqueue(getpid(), SIGRTMIN, (union sigval){0}));
		progress += error ? 0 : 1;
	}
	hold(count, arguments);
	return error;
}

/* queues NUMBER [hold]: message queues of 64 KB each (mq_open(3)). */
static int queues(int count, char **arguments)
{
	long most = atol(argument(count, arguments, 0, "1"));
	struct mq_attr attributes = {.mq_maxmsg = 8, .mq_msgsize = 8192};
	char name[64];
	int error = 0;
	while (!error && progress < most) {
		snprintf(name, sizeof name, "/probe-%d-%lld", (int)getpid(), progress);
		error = refusal(mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes));
		if (error)
			break;
		mq_unlink(name); /* it exists for as long as it is open */
		progress++;
	}
	hold(count, arguments);
	return error;
}

const struct named HOG_ATTEMPTS[] = {
	{"forks", forks}, {"bomb", bomb}, {"memory", memory}, {"fill", fill}, {"say", say},
	{"instances", instances}, {"signals", signals}, {"queues", queues}, {NULL, NULL},
};
