// Sends so many bytes in pieces of a size, one send() each, and waits for the peer's end: feed PORT PIECE BYTES
// Prints the nanoseconds of wall-clock and of processor time that it took.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char buffer[65536];

static long long now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
  if (count < 4) return 2;
  int one = 1, peer = socket(AF_INET, SOCK_STREAM, 0);
  size_t piece = atol(arguments[2]);
  long long left = atoll(arguments[3]);
  struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(atoi(arguments[1]))};
  setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect(peer, (struct sockaddr *)&target, sizeof target) != 0) return 1;
  long long wall = now(CLOCK_MONOTONIC), processor = now(CLOCK_PROCESS_CPUTIME_ID);
  while (left > 0) {
    ssize_t sent = send(peer, buffer, left < (long long)piece ? (size_t)left : piece, 0);
    if (sent <= 0) return 1;
    left -= sent;
  }
  processor = now(CLOCK_PROCESS_CPUTIME_ID) - processor;
  shutdown(peer, SHUT_WR);
  while (read(peer, buffer, sizeof buffer) > 0);
  printf("%lld %lld\n", now(CLOCK_MONOTONIC) - wall, processor);
  return 0;
}
