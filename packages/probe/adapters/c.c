/* The torture suite, spoken in C: put your decoder in the place of this one. Build it with `cc -O2 -o decoder c.c`. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void give_payload(const unsigned char *payload, size_t length);

static unsigned char *waiting;
static size_t waiting_bytes, limit;

static void decoder_new(size_t most) { limit = most, waiting_bytes = 0; }

static const char *decoder_feed(const unsigned char *chunk, size_t length, give_payload *give) {
  waiting = realloc(waiting, waiting_bytes + length + 1);
  memcpy(waiting + waiting_bytes, chunk, length);
  waiting_bytes += length;
  while (waiting_bytes >= 4) {
    size_t declared = (size_t)waiting[0] << 24 | waiting[1] << 16 | waiting[2] << 8 | waiting[3];
    if (declared > limit) return "a payload over the limit";
    if (waiting_bytes - 4 < declared) break;
    give(waiting + 4, declared);
    waiting_bytes -= 4 + declared;
    memmove(waiting, waiting + 4 + declared, waiting_bytes);
  }
  return NULL;
}

static const char *decoder_end(void) { return waiting_bytes > 0 ? "bytes are left" : NULL; }

static int digit(char hex) { return hex <= '9' ? hex - '0' : (hex | 32) - 'a' + 10; }

static void print_payload(const unsigned char *payload, size_t length) {
  printf("payload ");
  for (size_t at = 0; at < length; at++) printf("%02x", payload[at]);
  printf("\n");
}

/* adapter */
int main(void) {
  char *line = NULL;
  for (size_t room = 0, bytes; getline(&line, &room, stdin) > 0; fflush(stdout)) {
    const char *error = NULL;
    if (line[0] == 'n') {
      decoder_new(strtoul(line + 4, NULL, 10));
    } else if (line[0] == 'c') {
      bytes = 0;
      for (char *hex = line + 6; hex[0] > ' '; hex += 2) line[bytes++] = digit(hex[0]) << 4 | digit(hex[1]);
      error = decoder_feed((unsigned char *)line, bytes, print_payload);
    } else {
      error = decoder_end();
    }
    if (error != NULL) printf("error %s\n", error);
    printf("ok\n");
  }
}
