/*
 * What the containers of the conformance suite run: one static program, its first argument says what it does.
 *
 *   serve PORT [DELAY_MS]   a small HTTP/1.1 server that begins to listen after a delay
 *                           GET /status/500 and its like are answered with that status, /late/500 after as many
 *                           milliseconds, /stream/500 with an event every 50 ms for as long, /json with 2,000 bytes of
 *                           it, /events with one event, and the end when the client has left, and /health with 503
 *                           while there is a file /app/ill
 *   sleep                   waits until a signal ends it
 *   stubborn                ignores SIGTERM
 *   signalled               waits for a signal and exits with 40 + its number
 *   exit CODE · raise N     ends
 *   say                     "out" to stdout, "err" to stderr
 *   fds                     the numbers of the open descriptors, one a line
 *   reach ADDRESS PORT [FROM]
 *                           connects, from an address of its own: "reached", or the error; within two seconds
 *   flood ADDRESS PORT SECONDS
 *                           sends datagrams as fast as it can
 *   ask ADDRESS PORT NAME TIMES
 *                           asks a name server for the IPv4 address of a label, by UDP, each time for half a second at most: how many
 *                           times it was answered
 *   see PATH...             what open(2) says to each: "PATH: open" or "PATH: " and the error
 *   hold PATH PORT PROGRAM ARGUMENT...
 *                           listens on a Unix and on a TCP socket and runs the program with both, as systemd does
 *                           (sd_listen_fds(3)), and again whenever it ends, until SIGTERM, which it gets as well, or
 *                           until it exits with 2
 *   nest DEPTH LENGTH       so many directories, one in the other, below the present one, with names of that length
 *   relink PATH TARGET      makes a link of a file: "linked", or the error
 *   show PATH...            what is in files
 *   exchange DIRECTORY A TARGET
 *                           when something is removed from A, a directory in another, exchanges it for a link
 *   manager PATH PORT       receives what sd_notify(3) sends: the sender's PID, the message on one line, and whether PORT answers
 *                           when it was READY=1
 */
#define _GNU_SOURCE
#include "tool.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

_Noreturn void fail(const char *what)
{
	perror(what);
	exit(99);
}

static const char *reach(const char *to, int port, const char *from)
{
	struct timeval longest = {.tv_sec = 2};
	struct sockaddr_in own = {.sin_family = AF_INET};
	struct sockaddr_in other = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || inet_pton(AF_INET, from, &own.sin_addr) != 1 || inet_pton(AF_INET, to, &other.sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)&own, sizeof own) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest))
		fail("reach");
	/* connect(2) that SO_SNDTIMEO ends says EINPROGRESS. */
	return connect(fd, (struct sockaddr *)&other, sizeof other) ? strerror(errno) : "reached";
}

static int datagrams(const char *to, int port)
{
	struct sockaddr_in other = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || inet_pton(AF_INET, to, &other.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&other, sizeof other))
		fail("datagrams");
	return fd;
}

static int flood(const char *to, int port, int seconds)
{
	int fd = datagrams(to, port);
	time_t end = time(NULL) + seconds;
	long sent = 0;
	while (time(NULL) < end)
		for (int i = 0; i < 100; i++)
			sent += send(fd, "a question?!", 12, 0) == 12;
	return dprintf(1, "%ld\n", sent) < 0;
}

/* See RFC 1035, section 4.1. */
static int ask(const char *to, int port, const char *label, int times)
{
	unsigned char query[128] = {0, 0, 1, 0, 0, 1}, answer[512];
	size_t length = strlen(label);
	struct timeval longest = {.tv_usec = 500000};
	int fd = datagrams(to, port), answered = 0;
	if (length > 63 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest))
		fail("ask");
	query[12] = (unsigned char)length;
	memcpy(query + 13, label, length);
	query[13 + length + 2] = query[13 + length + 4] = 1;
	for (int i = 0; i < times; i++) {
		query[1] = (unsigned char)(i + 1);
		send(fd, query, 13 + length + 5, 0);
		/* An answer that comes late belongs to an earlier question. */
		ssize_t n;
		while ((n = recv(fd, answer, sizeof answer, 0)) > 12 && answer[1] != query[1])
			;
		answered += n > 12 && answer[7] == 1;
	}
	return dprintf(1, "%d\n", answered) < 0;
}

static _Noreturn void manager(const char *path, int port)
{
	struct sockaddr_un own = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	int one = 1;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || length > sizeof own.sun_path || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &one, sizeof one))
		fail("manager");
	memcpy(own.sun_path, path, length);
	if (*path == '@')
		own.sun_path[0] = 0;
	if (bind(fd, (struct sockaddr *)&own, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)))
		fail("bind");
	dprintf(1, "listening\n");
	for (;;) {
		char text[4096], control[CMSG_SPACE(sizeof(struct ucred))];
		struct iovec part = {.iov_base = text, .iov_len = sizeof text - 1};
		struct msghdr message = {
			.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
		ssize_t n = recvmsg(fd, &message, 0);
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		struct ucred sender;
		if (n < 0 || !head || head->cmsg_type != SCM_CREDENTIALS)
			fail("recvmsg");
		memcpy(&sender, CMSG_DATA(head), sizeof sender);
		text[n] = 0;
		for (char *c = text; *c; c++)
			if (*c == '\n')
				*c = ' ';
		dprintf(1, "%d %s%s%s\n", (int)sender.pid, text, strstr(text, "READY=1") ? ", port " : "",
			strstr(text, "READY=1") ? reach("127.0.0.1", port, "127.0.0.1") : "");
	}
}

static volatile pid_t held;
static volatile sig_atomic_t over;

static void release(int number)
{
	(void)number;
	over = 1;
	if (held > 0)
		kill(held, SIGTERM);
}

static int listening(int family, const void *address, socklen_t size)
{
	int on = 1, fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (fd < 0)
		fail("socket");
	if (family == AF_INET && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
		fail("setsockopt");
	if (bind(fd, address, size) < 0 || listen(fd, 1024) < 0)
		fail("bind");
	return fd;
}

static _Noreturn void hold(const char *path, int port, char **program)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	struct sockaddr_in loopback = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	strncpy(local.sun_path, path, sizeof local.sun_path - 1);
	unlink(path);
	int first = listening(AF_UNIX, &local, sizeof local);
	int second = listening(AF_INET, &loopback, sizeof loopback);
	if (first != 3 || second != 4)
		fail("descriptors 3 and 4 are taken");
	struct sigaction action = { .sa_handler = release };
	sigaction(SIGTERM, &action, NULL);
	int status = 0;
	while (!over) {
		held = fork();
		if (held == 0) {
			char pid[16];
			snprintf(pid, sizeof pid, "%d", (int)getpid());
			setenv("LISTEN_PID", pid, 1);
			setenv("LISTEN_FDS", "2", 1);
			execv(program[0], program);
			fail(program[0]);
		}
		if (held < 0)
			fail("fork");
		while (waitpid(held, &status, 0) < 0 && errno == EINTR)
			continue;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
			break;
	}
	unlink(path);
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 98);
}

static void nest(int depth, int length)
{
	char name[256];
	int at = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	memset(name, 'n', sizeof name);
	name[length] = 0;
	for (int i = 0; i < depth; i++) {
		if (mkdirat(at, name, 0755))
			fail("mkdirat");
		int below = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (below < 0)
			fail("openat");
		close(at);
		at = below;
	}
}

static void show(const char *path)
{
	char bytes[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
	if (n < 0)
		fail(path);
	write_all(1, bytes, (size_t)n);
	close(fd);
}

static void exchange(const char *directory, const char *one, const char *target)
{
	struct stat before, now;
	int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0 || fstatat(at, one, &before, 0))
		fail(directory);
	dprintf(1, "ready\n");
	do {
		if (fstatat(at, one, &now, 0) || getppid() == 1)
			exit(1);
	} while (!memcmp(&before.st_mtim, &now.st_mtim, sizeof now.st_mtim));
	if (symlinkat(target, at, "made") || syscall(SYS_renameat2, at, one, at, "made", 2 /* RENAME_EXCHANGE */))
		fail("renameat2");
	dprintf(1, "exchanged\n");
	exit(0);
}

static void leave(int number)
{
	_exit(40 + number);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int number = argc > 2 ? atoi(argv[2]) : 0;
	if (!strcmp(what, "serve"))
		serve(number, argc > 3 ? atoi(argv[3]) : 0);
	if (!strcmp(what, "exit"))
		return number;
	if (!strcmp(what, "raise"))
		return raise(number), pause(), 98;
	if (!strcmp(what, "say"))
		return dprintf(1, "out\n") < 0 || dprintf(2, "err\n") < 0;
	if (!strcmp(what, "fds")) {
		for (int fd = 0; fd < 4096; fd++)
			if (fcntl(fd, F_GETFD) >= 0)
				dprintf(1, "%d\n", fd);
		return 0;
	}
	if (!strcmp(what, "reach") && argc > 3)
		return dprintf(1, "%s\n", reach(argv[2], atoi(argv[3]), argc > 4 ? argv[4] : "0.0.0.0")) < 0;
	if (!strcmp(what, "hold") && argc > 4)
		hold(argv[2], atoi(argv[3]), argv + 4);
	if (!strcmp(what, "flood") && argc > 4)
		return flood(argv[2], atoi(argv[3]), atoi(argv[4]));
	if (!strcmp(what, "ask") && argc > 5)
		return ask(argv[2], atoi(argv[3]), argv[4], atoi(argv[5]));
	if (!strcmp(what, "manager") && argc > 3)
		manager(argv[2], atoi(argv[3]));
	if (!strcmp(what, "see")) {
		for (int i = 2; i < argc; i++) {
			int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
			dprintf(1, "%s: %s\n", argv[i], fd >= 0 ? "open" : strerror(errno));
			if (fd >= 0)
				close(fd);
		}
		return 0;
	}
	if (!strcmp(what, "nest") && argc > 3)
		return nest(number, atoi(argv[3])), 0;
	if (!strcmp(what, "relink") && argc > 3)
		return dprintf(1, "%s\n", unlink(argv[2]) || symlink(argv[3], argv[2]) ? strerror(errno) : "linked") < 0;
	if (!strcmp(what, "show")) {
		for (int i = 2; i < argc; i++)
			show(argv[i]);
		return 0;
	}
	if (!strcmp(what, "exchange") && argc > 4)
		exchange(argv[2], argv[3], argv[4]);
	if (!strcmp(what, "stubborn"))
		signal(SIGTERM, SIG_IGN);
	else if (!strcmp(what, "signalled"))
		for (int i = 1; i < 32; i++)
			signal(i, leave);
	else if (strcmp(what, "sleep")) {
		dprintf(2, "unknown: %s\n", what);
		return 99;
	}
	dprintf(1, "ready\n");
	for (;;)
		pause();
}
