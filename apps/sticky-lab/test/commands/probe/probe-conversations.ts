/** The example of each server that people use, and what is given on the command line with it. */
export const CONVERSATIONS: Readonly<Record<string, { readonly file: string; readonly args: readonly string[] }>> = {
  'redis-server': { file: 'redis.json', args: [] },
  memcached: { file: 'memcached.json', args: [] },
  nginx: { file: 'http.json', args: [] },
  postgres: { file: 'postgres.json', args: ['--mask', String.raw`K\x00\x00\x00\x0c[\s\S]{8}`] },
};
