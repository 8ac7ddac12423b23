/**
 * A library for LD_PRELOAD, in C. It changes nothing of what a program reads: after each read from a connection of the wanted port it adds
 * the bytes to a counter in a table that the probe reads, too. Reads are not shortened, as that would break right programs: whoever uses
 * edge-triggered epoll may take a short read for the end of what has come (epoll(7)), and gets no other event for bytes held back.
 *
 * The table has 64-bit words: the port to look at, the number of processes with this library, of connections accepted, of bytes counted; then from
 * word 8 on one for each port of a peer, `connection number << 40 | bytes`. Numbers tell connections apart that had the same port.
 */
export const LIBRARY_SOURCE: string = String.raw`
#define _DEFAULT_SOURCE
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1l)
#endif

enum { PORT, LOADS, ACCEPTED, TOTAL, ENTRIES = 8, WORDS = ENTRIES + 65536, MAX_FDS = 65536 };
#define COUNT_BITS 40

static uint64_t *table;
/* The number of the connection that each descriptor was accepted as; 0 when it came another way, as by dup(). */
static uint64_t accepted_as[MAX_FDS];

__attribute__((constructor)) static void attach(void) {
  int saved = errno;
  const char *path = getenv("SOCKLAB_READS");
  struct stat info;
  int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (fd >= 0 && fstat(fd, &info) == 0 && info.st_size == WORDS * (off_t)sizeof *table) {
    void *mapped = mmap(NULL, WORDS * sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) {
      table = mapped;
      __atomic_fetch_add(&table[LOADS], 1, __ATOMIC_RELAXED);
    }
  }
  if (fd >= 0) close(fd);
  errno = saved;
}

static unsigned port_of(const struct sockaddr_storage *address) {
  if (address->ss_family == AF_INET) return ntohs(((const struct sockaddr_in *)address)->sin_port);
  if (address->ss_family == AF_INET6) return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
  return 0;
}

/* The counter of a connection of the wanted port; NULL for everything else. */
static uint64_t *entry_of(int fd) {
  struct sockaddr_storage own = {0}, peer = {0};
  socklen_t own_size = sizeof own, peer_size = sizeof peer, type_size = sizeof(int);
  int saved = errno, type = 0;
  uint64_t *entry = NULL;
  if (table != NULL && getsockname(fd, (struct sockaddr *)&own, &own_size) == 0 && port_of(&own) != 0 && port_of(&own) == table[PORT] &&
      getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_size) == 0 && type == SOCK_STREAM &&
      getpeername(fd, (struct sockaddr *)&peer, &peer_size) == 0 && port_of(&peer) != 0)
    entry = &table[ENTRIES + port_of(&peer)];
  errno = saved;
  return entry;
}

static int accepted(int fd) {
  uint64_t *entry = fd < 0 ? NULL : entry_of(fd);
  if (fd >= 0 && fd < MAX_FDS) accepted_as[fd] = 0;
  if (entry == NULL) return fd;
  uint64_t number = __atomic_add_fetch(&table[ACCEPTED], 1, __ATOMIC_RELAXED) & ((1 << 24) - 1);
  if (fd < MAX_FDS) accepted_as[fd] = number;
  __atomic_store_n(entry, number << COUNT_BITS, __ATOMIC_RELEASE);
  return fd;
}

static void count(uint64_t *entry, uint64_t number, ssize_t bytes) {
  uint64_t old = __atomic_load_n(entry, __ATOMIC_ACQUIRE);
  do {
    /* Another connection has this port by now. */
    if (number != 0 && old >> COUNT_BITS != number) return;
  } while (!__atomic_compare_exchange_n(entry, &old, old + (uint64_t)bytes, 0, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE));
  __atomic_fetch_add(&table[TOTAL], (uint64_t)bytes, __ATOMIC_RELEASE);
}

#define REAL(name, type) ((type)real(&name##_real, #name))
static void *real(void **known, const char *name) {
  void *found = __atomic_load_n(known, __ATOMIC_RELAXED);
  if (found == NULL) __atomic_store_n(known, found = dlsym(RTLD_NEXT, name), __ATOMIC_RELAXED);
  return found;
}

/* The connection is looked up before: afterwards another thread may have closed it, and its number be another's. */
#define COUNTED(name, parameters, flags, arguments)                                                  \
  static void *name##_real;                                                                          \
  ssize_t name parameters {                                                                          \
    uint64_t *entry = (flags) & MSG_PEEK ? NULL : entry_of(fd);                                      \
    uint64_t number = entry == NULL || fd >= MAX_FDS ? 0 : accepted_as[fd];                          \
    ssize_t bytes = REAL(name, ssize_t(*) parameters) arguments;                                     \
    if (entry != NULL && bytes > 0) count(entry, number, bytes);                                     \
    return bytes;                                                                                    \
  }

COUNTED(read, (int fd, void *to, size_t size), 0, (fd, to, size))
COUNTED(readv, (int fd, const struct iovec *to, int parts), 0, (fd, to, parts))
COUNTED(recv, (int fd, void *to, size_t size, int flags), flags, (fd, to, size, flags))
COUNTED(recvfrom, (int fd, void *restrict to, size_t size, int flags, struct sockaddr *restrict from, socklen_t *restrict length), flags,
        (fd, to, size, flags, from, length))
COUNTED(recvmsg, (int fd, struct msghdr *to, int flags), flags, (fd, to, flags))
COUNTED(__read_chk, (int fd, void *to, size_t size, size_t room), 0, (fd, to, size, room))
COUNTED(__recv_chk, (int fd, void *to, size_t size, size_t room, int flags), flags, (fd, to, size, room, flags))
COUNTED(__recvfrom_chk,
        (int fd, void *to, size_t size, size_t room, int flags, struct sockaddr *from, socklen_t *length), flags,
        (fd, to, size, room, flags, from, length))

static void *close_real, *dup2_real, *dup3_real;
int close(int fd) {
  if (fd >= 0 && fd < MAX_FDS) accepted_as[fd] = 0;
  return REAL(close, int (*)(int))(fd);
}

/* Before the call: another thread may read at once after it. */
static void renumber(int fd, int as) {
  if (as >= 0 && as < MAX_FDS && as != fd) accepted_as[as] = fd >= 0 && fd < MAX_FDS ? accepted_as[fd] : 0;
}
int dup2(int fd, int as) {
  renumber(fd, as);
  return REAL(dup2, int (*)(int, int))(fd, as);
}
int dup3(int fd, int as, int flags) {
  renumber(fd, as);
  return REAL(dup3, int (*)(int, int, int))(fd, as, flags);
}

static void *accept_real, *accept4_real;
int accept(int fd, struct sockaddr *restrict from, socklen_t *restrict length) {
  return accepted(REAL(accept, int (*)(int, struct sockaddr *, socklen_t *))(fd, from, length));
}
int accept4(int fd, struct sockaddr *restrict from, socklen_t *restrict length, int flags) {
  return accepted(REAL(accept4, int (*)(int, struct sockaddr *, socklen_t *, int))(fd, from, length, flags));
}
`;
