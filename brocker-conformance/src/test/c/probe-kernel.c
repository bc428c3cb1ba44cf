/* Attempts at the kernel: calls that change or watch it, and other processes. */
#define _GNU_SOURCE
#include "probe.h"
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The program is linked to a fixed address, so it lies at the same one in a `probe hold`. */
static const char MARK[] = "the memory of a probe";

static pid_t victim(int count, char **arguments)
{
	return (pid_t)atoi(argument(count, arguments, 0, "1"));
}

static int send_signal(int count, char **arguments)
{
	return refusal(kill(victim(count, arguments), 0));
}

static int trace(int count, char **arguments)
{
	return refusal(ptrace(PTRACE_SEIZE, victim(count, arguments), NULL, NULL));
}

static int read_memory(int count, char **arguments)
{
	char copy[sizeof MARK] = "";
	struct iovec here = {copy, sizeof copy}, there = {(void *)(uintptr_t)MARK, sizeof MARK};
	if (process_vm_readv(victim(count, arguments), &here, 1, &there, 1, 0) < 0)
		return errno;
	return strcmp(copy, MARK) ? EIO : 0;
}

/* BPF_MAP_CREATE of an array. */
static int bpf(int count, char **arguments)
{
	uint32_t attributes[18] = {2, 4, 4, 1};
	(void)count, (void)arguments;
	return refusal(syscall(SYS_bpf, 0, attributes, sizeof attributes));
}

/* Unknown flags, which the kernel looks at after the capability: EINVAL is the answer to one who may. */
static int kexec(int count, char **arguments)
{
	(void)count, (void)arguments;
	int error = refusal(syscall(SYS_kexec_load, 0L, 0L, NULL, -1L));
	return error == EINVAL ? 0 : error;
}

/* No module at all: ENOEXEC or EFAULT is the answer to one who may. */
static int init_module(int count, char **arguments)
{
	(void)count, (void)arguments;
	int error = refusal(syscall(SYS_init_module, NULL, 0L, ""));
	return error == ENOEXEC || error == EFAULT ? 0 : error;
}

static int user_fault(int count, char **arguments)
{
	(void)count, (void)arguments;
	return refusal(syscall(SYS_userfaultfd, 0L));
}

/* KEYCTL_GET_KEYRING_ID of the session's. */
static int keyring(int count, char **arguments)
{
	(void)count, (void)arguments;
	return refusal(syscall(SYS_keyctl, 0L, -3L, 0L));
}

/* PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, of this process, kernel included. */
static int perf(int count, char **arguments)
{
	uint32_t attributes[16] = {1, sizeof attributes};
	(void)count, (void)arguments;
	return refusal(syscall(SYS_perf_event_open, attributes, 0L, -1L, -1L, 0L));
}

static int io_uring(int count, char **arguments)
{
	char parameters[120] = {0};
	(void)count, (void)arguments;
	return refusal(syscall(SYS_io_uring_setup, 1L, parameters));
}

static int unshare_user(int count, char **arguments)
{
	(void)count, (void)arguments;
	return refusal(unshare(CLONE_NEWUSER));
}

static int born(long child)
{
	if (child == 0)
		_exit(0);
	return child < 0 ? errno : refusal(waitpid((pid_t)child, NULL, 0));
}

static int clone_user(int count, char **arguments)
{
	(void)count, (void)arguments;
	return born(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0L, 0L, 0L, 0L));
}

static int clone3_user(int count, char **arguments)
{
	uint64_t clone_args[8] = {CLONE_NEWUSER, [4] = SIGCHLD};
	(void)count, (void)arguments;
	return born(syscall(SYS_clone3, clone_args, sizeof clone_args));
}

/* A UDP datagram, empty, that says it comes from an address. */
static void datagram(uint8_t packet[28], const char *from, const char *to)
{
	static const uint8_t head[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, [20] = 0, 9, 0, 9, 0, 8, 0, 0};
	uint32_t sum = 0;
	memcpy(packet, head, sizeof head);
	inet_pton(AF_INET, from, packet + 12);
	inet_pton(AF_INET, to, packet + 16);
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)packet[i] << 8 | packet[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16)) & 0xffff;
	packet[10] = (uint8_t)(sum >> 8);
	packet[11] = (uint8_t)sum;
}

/* raw-packet INTERFACE FROM TO: below IP, packet(7). */
static int raw_packet(int count, char **arguments)
{
	struct { uint16_t family, protocol; int32_t index; uint16_t type; uint8_t packet, length, address[8]; } link = {
		.family = AF_PACKET, .protocol = htons(0x0800), .length = 6, .address = {255, 255, 255, 255, 255, 255}};
	uint8_t packet[28];
	datagram(packet, argument(count, arguments, 1, "10.9.9.9"), argument(count, arguments, 2, "10.9.9.1"));
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(0x0800));
	if (fd < 0)
		return errno;
	link.index = (int32_t)if_nametoindex(argument(count, arguments, 0, "lo"));
	return refusal(sendto(fd, packet, sizeof packet, 0, (struct sockaddr *)&link, sizeof link));
}

/* raw-ip FROM TO: with a header of one's own, raw(7). */
static int raw_ip(int count, char **arguments)
{
	uint8_t packet[28];
	const char *to = argument(count, arguments, 1, "127.0.0.1");
	struct sockaddr_in peer = {.sin_family = AF_INET};
	datagram(packet, argument(count, arguments, 0, "10.9.9.9"), to);
	inet_pton(AF_INET, to, &peer.sin_addr);
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	return fd < 0 ? errno : refusal(sendto(fd, packet, sizeof packet, 0, (struct sockaddr *)&peer, sizeof peer));
}

/* connect ADDRESS PORT, given up after two seconds. */
static int reach(int count, char **arguments)
{
	struct timeval patience = {2, 0};
	struct sockaddr_in peer = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argument(count, arguments, 1, "3000")))};
	inet_pton(AF_INET, argument(count, arguments, 0, "127.0.0.1"), &peer.sin_addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience))
		return errno;
	return refusal(connect(fd, (struct sockaddr *)&peer, sizeof peer));
}

const struct named KERNEL_ATTEMPTS[] = {
	{"kill", send_signal}, {"ptrace", trace}, {"process_vm_readv", read_memory},
	{"bpf", bpf}, {"kexec_load", kexec}, {"init_module", init_module}, {"userfaultfd", user_fault},
	{"keyctl", keyring}, {"perf_event_open", perf}, {"io_uring_setup", io_uring},
	{"unshare", unshare_user}, {"clone", clone_user}, {"clone3", clone3_user},
	{"raw-packet", raw_packet}, {"raw-ip", raw_ip}, {"connect", reach}, {NULL, NULL},
};
