// The minimal cost of a relay: one buffer, one read and one write for each event. With a number: in pieces of that size.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[65536];
static int other[65536];

static int set(int socket) {
  int one = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return socket;
}

static void finish(int peer) {
  close(other[peer]);
  close(peer);
}

static void pass(int peer, ssize_t piece) {
  ssize_t left = read(peer, buffer, sizeof buffer);
  if (left <= 0) {
    finish(peer);
    return;
  }
  for (char *from = buffer; left > 0;) {
    ssize_t sent = write(other[peer], from, left < piece ? left : piece);
    if (sent <= 0) {
      finish(peer);
      return;
    }
    from += sent;
    left -= sent;
  }
}

// relay PORT [PIECE]
int main(int count, char **arguments) {
  int server = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
  ssize_t piece = count > 2 ? atol(arguments[2]) : (ssize_t)sizeof buffer;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(atoi(arguments[1]))};
  socklen_t length = sizeof address;
  bind(server, (struct sockaddr *)&address, sizeof address);
  listen(server, 511);
  getsockname(server, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = server}, events[1024];
  epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event);
  for (;;) {
    int ready = epoll_wait(epoll, events, 1024, -1);
    for (int index = 0; index < ready; index++) {
      int peer = events[index].data.fd;
      if (peer != server) {
        pass(peer, piece);
        continue;
      }
      peer = set(accept(server, NULL, NULL));
      int onward = set(socket(AF_INET, SOCK_STREAM, 0));
      connect(onward, (struct sockaddr *)&target, sizeof target);
      other[peer] = onward;
      other[onward] = peer;
      event = (struct epoll_event){.events = EPOLLIN, .data.fd = peer};
      epoll_ctl(epoll, EPOLL_CTL_ADD, peer, &event);
      event.data.fd = onward;
      epoll_ctl(epoll, EPOLL_CTL_ADD, onward, &event);
    }
  }
}
