// The server behind the relays: its cost is the same for all of them.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[65536];
static long long taken[65536];

// echo [sink]: a sink answers nothing, and prints how many bytes a connection carried when its peer ends.
int main(int count, char **arguments) {
  int one = 1, isSink = count > 1 && strcmp(arguments[1], "sink") == 0;
  int server = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
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
    int ready = epoll_wait(epoll, events, 1024, -1);
    for (int index = 0; index < ready; index++) {
      int peer = events[index].data.fd;
      if (peer == server) {
        peer = accept(server, NULL, NULL);
        taken[peer] = 0;
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        event = (struct epoll_event){.events = EPOLLIN, .data.fd = peer};
        epoll_ctl(epoll, EPOLL_CTL_ADD, peer, &event);
        continue;
      }
      ssize_t left = read(peer, buffer, sizeof buffer);
      if (left > 0) taken[peer] += left;
      if (left <= 0) close(peer);
      if (left <= 0 && isSink) {
        printf("%lld\n", taken[peer]);
        fflush(stdout);
      }
      for (char *from = buffer; left > 0 && !isSink;) {
        ssize_t sent = write(peer, from, left);
        if (sent <= 0) break;
        from += sent;
        left -= sent;
      }
    }
  }
}
