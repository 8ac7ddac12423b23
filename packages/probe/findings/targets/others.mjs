import { ofDebian, ofNpm, ofPython } from './target.mjs';

const call = (id, method, params) => JSON.stringify({ jsonrpc: '2.0', id, method, params });

/** JSON-RPC on a socket, one call after the other; objects end where their braces do, or at a newline. */
const jsonRpc = (end) => ({
  name: 'JSON-RPC: two calls in one write, a third',
  ...(end === '\n' ? { framing: 'line' } : {}),
  steps: [
    { send: { text: `${call(1, 'add', [1, 2])}${end}${call(2, 'add', [3, 4])}${end}` } },
    { expect: 'control' },
    { send: { text: `${call(3, 'echo', ['grüße'])}${end}` } },
    { expect: 'control' },
  ],
});

export const others = [
  ofPython('pymodbus', 'pymodbus', 'python3-pymodbus', 'modbus', {
    with: ['python3-serial', 'python3-serial-asyncio'],
    expected: 'fail',
  }),
  ofNpm('jsmodbus', 'jsmodbus@5.0.0', 'modbus', { expected: 'fail' }),
  ofNpm('modbus-serial', 'modbus-serial@8.0.25', 'modbus'),
  ofNpm('node-hl7-server', 'node-hl7-server@2.5.0', 'hl7', { expected: 'fail' }),
  ofNpm('vscode-jsonrpc', 'vscode-jsonrpc@10.0.0', 'lsp'),
  ofNpm('jayson', 'jayson@5.0.0', undefined, { conversation: jsonRpc('\n') }),
  ofNpm('json-rpc2', 'json-rpc2@2.0.0', undefined, { conversation: jsonRpc('') }),
  ofNpm('thrift', 'thrift@0.24.0', undefined, {
    conversation: {
      name: 'Thrift, framed: two calls in one write',
      framing: 'i32be',
      steps: [
        { send: { hex: '00000011 80010001 00000004 70696e67 00000001 00  00000011 80010001 00000004 70696e67 00000002 00' } },
        { expect: 'control' },
      ],
    },
  }),
  ofDebian('rsync', 'rsync', 'rsync', undefined, ['rsync', '--daemon', '--no-detach', '--config={place}/rsyncd.conf', '--port={port}'], {
    files: {
      'rsyncd.conf': 'address = 127.0.0.1\nuse chroot = no\nmotd file =\npid file =\nmax connections = 0\n[files]\npath = {place}\n',
    },
    conversation: {
      name: 'rsync: versions, the list of modules',
      framing: 'line',
      steps: [{ expect: 'frames:1' }, { send: { text: '@RSYNCD: 31.0 sha512 sha256 sha1 md5 md4\n#list\n' } }, { expect: 'close' }],
    },
  }),
  ofDebian(
    'git-daemon',
    'git daemon',
    'git',
    undefined,
    [
      '/usr/lib/git-core/git-daemon',
      '--reuseaddr',
      '--listen=127.0.0.1',
      '--port={port}',
      '--export-all',
      '--base-path={place}',
      '--max-connections=0',
      '{place}',
    ],
    {
      prepare: [['git', 'init', '-q', '{place}/r']],
      options: { concurrency: 8 },
      conversation: {
        name: 'git: the references of a repository, in version 2, done',
        steps: [
          { send: { text: '0031git-upload-pack /r\u0000host=localhost\u0000\u0000version=2\u0000' } },
          { expect: 'control' },
          { send: { text: '0014command=ls-refs\n00000000' } },
          { expect: 'close' },
        ],
      },
    },
  ),
  ofDebian('mpd', 'Music Player Daemon', 'mpd', undefined, ['mpd', '--no-daemon', '--stderr', '{place}/mpd.conf'], {
    files: {
      'mpd.conf':
        'bind_to_address "127.0.0.1"\nport "{port}"\nmusic_directory "{place}"\ndb_file "{place}/db"\nmax_connections "500"\naudio_output {\n type "null"\n name "null"\n}\n',
    },
    conversation: {
      name: 'MPD: greeting, a list of commands and a ping in one write, close',
      framing: 'line',
      steps: [
        { expect: 'frames:1' },
        { send: { text: 'command_list_begin\nping\nurlhandlers\ncommand_list_end\nping\n' } },
        { expect: 'control' },
        { send: { text: 'close\n' } },
        { expect: 'close' },
      ],
    },
  }),
];
