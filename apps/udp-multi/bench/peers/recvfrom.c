// The minimal cost of an echo: one buffer, one recvfrom and one sendto for each datagram.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static char buffer[65536];

int main(void) {
  int server = socket(AF_INET, SOCK_DGRAM, 0), receive_buffer = 4 << 20;
  setsockopt(server, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, peer;
  socklen_t length = sizeof address;
  bind(server, (struct sockaddr *)&address, sizeof address);
  getsockname(server, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    length = sizeof peer;
    ssize_t count = recvfrom(server, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &length);
    if (count >= 0) sendto(server, buffer, count, 0, (struct sockaddr *)&peer, length);
  }
}
