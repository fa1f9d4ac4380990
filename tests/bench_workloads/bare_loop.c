// The least that a ping-pong can be, to measure the echo workload against (`make -f Makefile.perf bench-workloads`): two
// processes, one blocking send and one blocking receive a side, one reading of the clock a round trip. Nothing is
// checked that the loop could do without.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char message[65536];

static void must(int succeeded, const char* what) {
  if (succeeded) return;
  perror(what);
  exit(3);
}

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static void run_on(size_t cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  must(sched_setaffinity(0, sizeof set, &set) == 0, "sched_setaffinity");
}

static int receive(int fd, size_t size) {
  for (size_t got = 0; got < size;) {
    const ssize_t count = recv(fd, message + got, size - got, 0);
    if (count <= 0) return 0;
    got += (size_t)count;
  }
  return 1;
}

static int by_value(const void* left, const void* right) {
  const uint64_t a = *(const uint64_t*)left;
  const uint64_t b = *(const uint64_t*)right;
  return (a > b) - (a < b);
}

// The loop itself, and what it took: "p50 mean min", nanoseconds.
static void ping(int fd, size_t size, size_t count) {
  uint64_t* const taken = malloc(count * sizeof *taken);
  must(taken != NULL, "malloc");
  memset(taken, 0, count * sizeof *taken);
  const size_t warm_up = count / 10;
  uint64_t before = now_ns();
  for (size_t i = 0; i < warm_up + count; ++i) {
    must(send(fd, message, size, 0) == (ssize_t)size, "send");
    must(receive(fd, size), "recv");
    const uint64_t now = now_ns();
    if (i >= warm_up) taken[i - warm_up] = now - before;
    before = now;
  }
  uint64_t sum = 0;
  for (size_t i = 0; i < count; ++i) sum += taken[i];
  qsort(taken, count, sizeof *taken, by_value);
  printf("%llu %llu %llu\n", (unsigned long long)taken[count / 2], (unsigned long long)(sum / count),
         (unsigned long long)taken[0]);
  free(taken);
}

static void pong(int fd, size_t size) {
  while (receive(fd, size)) {
    if (send(fd, message, size, MSG_NOSIGNAL) != (ssize_t)size) return;
  }
}

static int bound(int type) {
  const int fd = socket(AF_INET, type, 0);
  struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  must(fd >= 0 && bind(fd, (struct sockaddr*)&any, sizeof any) == 0, "bind");
  return fd;
}

static void connect_to(int fd, int other) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  must(getsockname(other, (struct sockaddr*)&address, &length) == 0, "getsockname");
  must(connect(fd, (struct sockaddr*)&address, length) == 0, "connect");
}

static void never_delay(int fd) {
  const int on = 1;
  must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
}

// Two connected sockets, made before there are two processes.
static void connect_pair(int is_tcp, int ends[2]) {
  ends[0] = bound(is_tcp ? SOCK_STREAM : SOCK_DGRAM);
  ends[1] = bound(is_tcp ? SOCK_STREAM : SOCK_DGRAM);
  if (!is_tcp) {
    connect_to(ends[0], ends[1]);
    connect_to(ends[1], ends[0]);
    return;
  }
  const int listener = ends[1];
  must(listen(listener, 1) == 0, "listen");
  connect_to(ends[0], listener);
  ends[1] = accept(listener, NULL, NULL);
  must(ends[1] >= 0, "accept");
  close(listener);
  never_delay(ends[0]);
  never_delay(ends[1]);
}

// bare_loop tcp|udp BYTES COUNT CLIENT_CPU SERVER_CPU
int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const size_t size = strtoul(argv[2], NULL, 10);
  if (size == 0 || size > sizeof message) return 2;
  int ends[2];
  connect_pair(strcmp(argv[1], "tcp") == 0, ends);
  const pid_t server = fork();
  must(server >= 0, "fork");
  if (server == 0) {
    close(ends[0]);
    run_on(strtoul(argv[5], NULL, 10));
    pong(ends[1], size);
    _exit(0);
  }
  close(ends[1]);
  run_on(strtoul(argv[4], NULL, 10));
  ping(ends[0], size, strtoul(argv[3], NULL, 10));
  // The end of a datagram socket is an empty datagram.
  if (send(ends[0], message, 0, 0) != 0 || shutdown(ends[0], SHUT_WR) != 0) close(ends[0]);
  return waitpid(server, NULL, 0) == server ? 0 : 3;
}
