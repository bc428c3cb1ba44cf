/* The HTTP server of tool.c. */
#define _GNU_SOURCE
#include "tool.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int write_all(int fd, const void *data, size_t size)
{
	const char *at = data;
	while (size > 0) {
		ssize_t n = write(fd, at, size);
		if (n <= 0)
			return -1;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static int answer(int fd, const char *body, size_t size)
{
	char head[128];
	int n = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
	return write_all(fd, head, (size_t)n) || write_all(fd, body, size);
}

static void echo(int fd, const char *early, size_t size)
{
	static const char head[] =
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n";
	char buffer[4096];
	ssize_t n;
	if (write_all(fd, head, sizeof head - 1) || write_all(fd, early, size))
		return;
	while ((n = read(fd, buffer, sizeof buffer)) > 0)
		if (write_all(fd, buffer, (size_t)n))
			return;
}

static long long header_number(const char *head, const char *name)
{
	const char *found = strcasestr(head, name);
	return found ? strtoll(found + strlen(name), NULL, 10) : 0;
}

/* Serves one request; 0 to go on with the same connection. The buffer keeps what was read beyond the request. */
static int serve_request(int fd, char *buffer, size_t room, size_t *have)
{
	char text[65536 + 64];
	char *end;
	buffer[*have] = 0;
	while (!(end = strstr(buffer, "\r\n\r\n"))) {
		ssize_t n = *have < room - 1 ? read(fd, buffer + *have, room - 1 - *have) : 0;
		if (n <= 0)
			return -1;
		*have += (size_t)n;
		buffer[*have] = 0;
	}
	size_t head = (size_t)(end + 4 - buffer);
	char *request = strndup(buffer, head);
	memmove(buffer, buffer + head, *have -= head);
	if (!request)
		return -1;
	/* Whatever protocol it is asked for it speaks, and it is always this one. */
	if (strcasestr(request, "\r\nUpgrade: ") && strncmp(request, "GET /headers ", 13)) {
		echo(fd, buffer, *have);
		free(request);
		return -1;
	}
	long long body = header_number(request, "\r\nContent-Length:");
	for (long long left = body; left > 0;) {
		if (*have > 0) {
			size_t take = (long long)*have < left ? *have : (size_t)left;
			memmove(buffer, buffer + take, *have -= take);
			left -= (long long)take;
			continue;
		}
		ssize_t n = read(fd, buffer, room - 1);
		if (n <= 0) {
			free(request);
			return -1;
		}
		*have = (size_t)n;
	}
	int failed;
	if (!strncmp(request, "GET /headers ", 13)) {
		failed = answer(fd, request, head);
	} else if (!strncmp(request, "GET /quit ", 10)) {
		answer(fd, "bye\n", 4);
		_exit(7);
	} else if (!strncmp(request, "GET /events ", 12)) {
		static const char event[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n";
		char rest[64];
		if (!write_all(fd, event, sizeof event - 1))
			while (read(fd, rest, sizeof rest) > 0)
				;
		failed = -1;
	} else if (!strncmp(request, "GET /json ", 10)) {
		int n = snprintf(text, sizeof text,
			"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n\"%01998d\"", 0);
		failed = write_all(fd, text, (size_t)n);
	} else if (!strncmp(request, "GET /status/", 12)) {
		int n = snprintf(text, sizeof text,
			"HTTP/1.1 %d Whatever\r\nLocation: /\r\nContent-Length: 13\r\n\r\nout of order\n", atoi(request + 12));
		failed = write_all(fd, text, (size_t)n);
	} else if (!strncmp(request, "GET /health ", 12)) {
		int ill = access("/app/ill", F_OK) == 0;
		int n = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: 5\r\n\r\n%s",
			ill ? "503 Ill" : "200 OK", ill ? "ill!\n" : "well\n");
		failed = write_all(fd, text, (size_t)n);
	} else if (!strncmp(request, "GET /late/", 10)) {
		usleep((useconds_t)atoi(request + 10) * 1000);
		failed = answer(fd, "late\n", 5);
	} else if (!strncmp(request, "GET /stream/", 12)) {
		static const char start[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
			"Connection: close\r\n\r\n";
		write_all(fd, start, sizeof start - 1);
		for (int left = atoi(request + 12); left > 0 && write_all(fd, "data: x\n\n", 9) == 0; left -= 50)
			usleep(50000);
		write_all(fd, "data: end\n\n", 11);
		failed = -1;
	} else {
		char host[256] = "";
		gethostname(host, sizeof host - 1);
		if (!strncmp(request, "GET /slow ", 10) || !strncmp(request, "POST /slow ", 11))
			usleep(50000);
		int n = snprintf(text, sizeof text, "%s %lld\n", host, body);
		failed = answer(fd, text, (size_t)n);
	}
	free(request);
	return failed;
}

static void *serve_connection(void *argument)
{
	enum { ROOM = 65536 };
	int fd = (int)(long)argument;
	size_t have = 0;
	char *buffer = malloc(ROOM);
	while (buffer && serve_request(fd, buffer, ROOM, &have) == 0)
		;
	free(buffer);
	close(fd);
	return NULL;
}

_Noreturn void serve(int port, int delay_millis)
{
	signal(SIGPIPE, SIG_IGN);
	usleep((useconds_t)delay_millis * 1000);
	int one = 1;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
	    bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 512))
		fail("listen");
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		pthread_t thread;
		if (fd < 0 || pthread_create(&thread, NULL, serve_connection, (void *)(long)fd))
			fail("accept");
		pthread_detach(thread);
	}
}
