// The minimal cost of an echo: one buffer, one read and one write for each event.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[65536];

static void echo(int peer) {
  ssize_t left = read(peer, buffer, sizeof buffer);
  if (left <= 0) {
    close(peer);
    return;
  }
  for (char *from = buffer; left > 0;) {
    ssize_t sent = write(peer, from, left);
    if (sent <= 0) {
      close(peer);
      return;
    }
    from += sent;
    left -= sent;
  }
}

int main(void) {
  int one = 1, server = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  bind(server, (struct sockaddr *)&address, sizeof address);
  listen(server, 511);
  getsockname(server, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = server}, events[1024];
  epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event);
  for (;;) {
    int count = epoll_wait(epoll, events, 1024, -1);
    for (int index = 0; index < count; index++) {
      int peer = events[index].data.fd;
      if (peer != server) {
        echo(peer);
        continue;
      }
      peer = accept(server, NULL, NULL);
      setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      event = (struct epoll_event){.events = EPOLLIN, .data.fd = peer};
      epoll_ctl(epoll, EPOLL_CTL_ADD, peer, &event);
    }
  }
}
