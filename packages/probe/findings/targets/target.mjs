// What the declarations of targets have in common.

/** A server that is a package of Debian. `run` is its command; {port} and {place}, its own folder, are filled in, in `files` too. */
export const ofDebian = (id, name, packageName, protocol, run, more = {}) => ({
  id,
  name,
  of: 'Debian',
  debian: [packageName, ...(more.with ?? [])],
  protocol,
  run,
  ...more,
});

/** A server that is a package of npm, started by `servers/<id>.mjs`. */
export const ofNpm = (id, npm, protocol, more = {}) => ({
  id,
  name: npm.slice(0, npm.lastIndexOf('@')),
  of: 'npm',
  npm,
  protocol,
  run: ['node', '{servers}/npm.mjs', '{folder}', more.which ?? id, '{port}'],
  ...more,
});

/** A server of Python, started by `servers/python.py`; its package is Debian's. */
export const ofPython = (id, name, packageName, protocol, more = {}) => ({
  id,
  name,
  of: 'Debian (Python)',
  debian: [packageName, ...(more.with ?? [])],
  protocol,
  run: ['/usr/bin/python3', '{servers}/python.py', id, '{port}'],
  ...more,
});

/** Of HTTP/1.1, for servers that close after each answer. */
export const ONE_REQUEST = {
  name: 'HTTP/1.1: one request, then the server closes',
  steps: [{ send: { text: 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Word: grüße\r\nConnection: close\r\n\r\n' } }, { expect: 'close' }],
};
