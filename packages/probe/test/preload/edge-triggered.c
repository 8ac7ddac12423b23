/* A right server of lines, edge-triggered: a short read is the end of what has come, as epoll(7) allows. */
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct client { int fd; size_t have; char line[4096]; };

int main(int argc, char **argv) {
  int server = socket(AF_INET, SOCK_STREAM, 0), one = 1, poll = epoll_create1(0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[argc - 1])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(server, (struct sockaddr *)&at, sizeof at) != 0 || listen(server, 128) != 0) return 1;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poll, EPOLL_CTL_ADD, server, &event);
  while (epoll_wait(poll, &event, 1, -1) == 1) {
    struct client *client = event.data.ptr;
    if (client == NULL) {
      client = calloc(1, sizeof *client);
      client->fd = accept4(server, NULL, NULL, SOCK_NONBLOCK);
      event = (struct epoll_event){.events = EPOLLIN | EPOLLET, .data.ptr = client};
      epoll_ctl(poll, EPOLL_CTL_ADD, client->fd, &event);
      continue;
    }
    size_t room;
    ssize_t got;
    do {
      room = sizeof client->line - client->have;
      got = recv(client->fd, client->line + client->have, room, 0);
      if (got > 0) client->have += got;
    } while (got == (ssize_t)room);
    char *end;
    while ((end = memchr(client->line, '\n', client->have)) != NULL) {
      size_t size = end + 1 - client->line;
      if (write(client->fd, client->line, size) < 0) break;
      memmove(client->line, end + 1, client->have -= size);
    }
    if (got == 0) close(client->fd), free(client);
  }
}
