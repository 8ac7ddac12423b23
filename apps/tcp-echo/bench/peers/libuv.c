// A fast echo on libuv: one buffer for all reads, and a write without a request where the kernel takes it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static char buffer[65536];

struct pending {
  uv_write_t request;
  char bytes[];
};

static void give_buffer(uv_handle_t *peer, size_t suggested, uv_buf_t *memory) { *memory = uv_buf_init(buffer, sizeof buffer); }

static void free_handle(uv_handle_t *handle) { free(handle); }

static void sent(uv_write_t *request, int status) { free(request); }

static void echo(uv_stream_t *peer, ssize_t length, const uv_buf_t *memory) {
  if (length < 0) uv_close((uv_handle_t *)peer, free_handle);
  if (length <= 0) return;
  uv_buf_t reply = uv_buf_init(memory->base, length);
  int taken = uv_try_write(peer, &reply, 1);
  if (taken == length) return;
  if (taken < 0) taken = 0;
  struct pending *rest = malloc(sizeof *rest + length - taken);
  memcpy(rest->bytes, memory->base + taken, length - taken);
  reply = uv_buf_init(rest->bytes, length - taken);
  uv_write(&rest->request, peer, &reply, 1, sent);
}

static void accepted(uv_stream_t *server, int status) {
  uv_tcp_t *peer = malloc(sizeof *peer);
  uv_tcp_init(server->loop, peer);
  if (uv_accept(server, (uv_stream_t *)peer) != 0) {
    uv_close((uv_handle_t *)peer, free_handle);
    return;
  }
  uv_tcp_nodelay(peer, 1);
  uv_read_start((uv_stream_t *)peer, give_buffer, echo);
}

int main(void) {
  uv_tcp_t server;
  struct sockaddr_in address;
  int length = sizeof address;
  uv_tcp_init(uv_default_loop(), &server);
  uv_ip4_addr("127.0.0.1", 0, &address);
  uv_tcp_bind(&server, (struct sockaddr *)&address, 0);
  uv_listen((uv_stream_t *)&server, 511, accepted);
  uv_tcp_getsockname(&server, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
