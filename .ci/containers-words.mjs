// What the keys of a service in compose.yaml are as words of `podman run`.

// podman's own limits are higher than what a machine may be allowed to give.
const FILE_LIMIT = ['--ulimit', 'nofile=1024:1024'];
const PROCESS_LIMIT = ['--ulimit', 'nproc=4096:4096'];

/** The limits that every container and every build has here. */
export const LIMITS = [...FILE_LIMIT, ...PROCESS_LIMIT];

const none = () => [];
const each = (flag) => (values) => values.flatMap((value) => [flag, value]);
const one = (flag) => (value) => [flag, String(value)];

/** By key: the words for a value of it. `container` gives the name of a service's container. */
const WORDS = {
  // Who starts, builds and stops the services does what these say.
  image: none,
  build: none,
  command: none,
  profiles: none,
  depends_on: none,
  restart: none,
  stop_grace_period: none,
  networks: none,

  mem_limit: one('--memory'),
  cpus: one('--cpus'),
  pids_limit: one('--pids-limit'),
  user: one('--user'),
  tmpfs: each('--tmpfs'),
  cap_drop: each('--cap-drop'),
  ports: each('--publish'),
  environment: (value) => Object.entries(value).flatMap(([name, text]) => ['--env', `${name}=${text}`]),
  // podman would put a writable /tmp and /run there, docker does not.
  read_only: (value) => (value ? ['--read-only', '--read-only-tmpfs=false'] : []),
  security_opt: (value) => value.flatMap((text) => ['--security-opt', text.replace(/:true$/, '')]),
  ulimits: (value) => Object.entries(value).flatMap(([name, { soft, hard }]) => ['--ulimit', `${name}=${soft}:${hard}`]),
  pid: (value, container) => ['--pid', `container:${container(value.replace(/^service:/, ''))}`],
  // Asked when it matters: podman's own timer needs systemd.
  healthcheck: (value) => ['--health-cmd', JSON.stringify(value.test.slice(1)), '--health-interval', 'disable'],
};

/**
 * The words for a service.
 * @throws Error for a key that is not known here: it would be left out without a word.
 */
export function wordsOf(service, container) {
  const words = Object.entries(service).flatMap(([key, value]) => {
    const make = WORDS[key];
    if (make === undefined) throw new Error(`compose.yaml: the key ${key} is not known here; known are ${Object.keys(WORDS).join(', ')}`);
    return make(value, container);
  });
  return [...(service.ulimits === undefined ? FILE_LIMIT : []), ...PROCESS_LIMIT, ...words];
}
