/*
 * backend PORT: the application behind nginx in the throughput rows. Answers every request on a connection with the same 1 KiB,
 * a thread a connection; requests have no body and come one after the other.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY = 1024, ROOM = 16384 };
static char response[ROOM];
static size_t size;

static void *serve(void *argument)
{
	int fd = (int)(long)argument;
	char buffer[ROOM];
	size_t have = 0;
	ssize_t n;
	while ((n = read(fd, buffer + have, ROOM - 1 - have)) > 0) {
		have += (size_t)n;
		buffer[have] = 0;
		if (have >= 4 && !memcmp(buffer + have - 4, "\r\n\r\n", 4)) {
			have = 0;
			if (write(fd, response, size) != (ssize_t)size)
				break;
		}
	}
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	int one = 1;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)(argc > 1 ? atoi(argv[1]) : 8080))};
	signal(SIGPIPE, SIG_IGN);
	size = (size_t)snprintf(response, ROOM, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n", BODY);
	memset(response + size, 'x', BODY);
	size += BODY;
	if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
	    bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 512)) {
		perror("listen");
		return 1;
	}
	for (;;) {
		pthread_t thread;
		int fd = accept(listener, NULL, NULL);
		if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) ||
		    pthread_create(&thread, NULL, serve, (void *)(long)fd)) {
			perror("accept");
			return 1;
		}
		pthread_detach(thread);
	}
}
