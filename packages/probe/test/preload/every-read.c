/* A right server of lines, a child process for each connection, which reads by each function of libc in turn. */
#define _DEFAULT_SOURCE
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* What a compiler makes of read, recv and recvfrom where it knows the size of the buffer. */
ssize_t __read_chk(int, void *, size_t, size_t);
ssize_t __recv_chk(int, void *, size_t, size_t, int);
ssize_t __recvfrom_chk(int, void *, size_t, size_t, int, struct sockaddr *, socklen_t *);

static ssize_t receive(int turn, int fd, char *to, size_t size) {
  struct iovec part = {to, size};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  /* Bytes that are looked at were not read. */
  recv(fd, to, size, MSG_PEEK);
  switch (turn % 8) {
    case 0: return read(fd, to, size);
    case 1: return readv(fd, &part, 1);
    case 2: return recv(fd, to, size, 0);
    case 3: return recvfrom(fd, to, size, 0, NULL, NULL);
    case 4: return recvmsg(fd, &message, 0);
    case 5: return __read_chk(fd, to, size, size);
    case 6: return __recv_chk(fd, to, size, size, 0);
    default: return __recvfrom_chk(fd, to, size, size, 0, NULL, NULL);
  }
}

static void serve(int fd) {
  char line[4096];
  size_t have = 0;
  for (int turn = 0;; turn++) {
    ssize_t got = receive(turn, fd, line + have, sizeof line - have);
    if (got <= 0) exit(0);
    have += got;
    for (char *end; (end = memchr(line, '\n', have)) != NULL;) {
      size_t size = end + 1 - line;
      if (write(fd, line, size) < 0) exit(1);
      memmove(line, end + 1, have -= size);
    }
  }
}

int main(int argc, char **argv) {
  int server = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[argc - 1])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  signal(SIGCHLD, SIG_IGN);
  if (bind(server, (struct sockaddr *)&at, sizeof at) != 0 || listen(server, 128) != 0) return 1;
  for (int fd; (fd = accept(server, NULL, NULL)) >= 0; close(fd))
    if (fork() == 0) serve(fd);
  return 1;
}
