/* C, as in tutorials: recv for the header, recv for the payload, without checking how much was received. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int digit(char hex) { return hex <= '9' ? hex - '0' : (hex | 32) - 'a' + 10; }

/* What a server does when poll reports that data is available. */
static void handle(int socket) {
  uint32_t length = 0;
  static unsigned char payload[1 << 23];
  while (recv(socket, &length, 4, MSG_DONTWAIT) > 0) {
    length = ntohl(length);
    ssize_t received = length == 0 || length > sizeof payload ? 0 : recv(socket, payload, length, MSG_DONTWAIT);
    printf("payload ");
    for (ssize_t at = 0; at < received; at++) printf("%02x", payload[at]);
    printf("\n");
  }
}

int main(void) {
  char *line = NULL;
  int pair[2] = {-1, -1}, room = 1 << 23;
  for (size_t size = 0; getline(&line, &size, stdin) > 0; fflush(stdout)) {
    if (line[0] == 'n') {
      if (pair[0] >= 0) close(pair[0]), close(pair[1]);
      if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 1;
      setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    } else if (line[0] == 'c') {
      size_t bytes = 0;
      for (char *hex = line + 6; hex[0] > ' '; hex += 2) line[bytes++] = digit(hex[0]) << 4 | digit(hex[1]);
      for (size_t sent = 0; sent < bytes;) {
        ssize_t now = send(pair[1], line + sent, bytes - sent, MSG_DONTWAIT);
        if (now > 0) sent += now;
        else handle(pair[0]);
      }
      handle(pair[0]);
    }
    printf("ok\n");
  }
}
