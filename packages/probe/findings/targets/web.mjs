import { spawnSync } from 'node:child_process';
import { ofDebian, ofNpm, ofPython, ONE_REQUEST } from './target.mjs';

/** For servers of files, which close after a POST. */
const READS = {
  name: 'HTTP/1.1: two requests in one write, then the last',
  steps: [
    { send: { text: 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n' } },
    { expect: 'control' },
    { send: { text: 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' } },
    { expect: 'close' },
  ],
};
const goVersion = () => /go(\d[\d.]*)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout)?.[1];

const page = { 'index.html': '<!doctype html><title>seen</title>\n' };
const node = (id, name, protocol) => ({
  id,
  name,
  of: 'Node.js',
  version: () => process.versions.node,
  protocol,
  run: ['node', '{servers}/node.mjs', id.slice('node-'.length), '{port}'],
});

/** A server with one answer to everything, without a Date where it can be had. */
const NGINX = `daemon off; master_process off; pid {place}/pid; error_log stderr notice;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path {place}/a; proxy_temp_path {place}/b; fastcgi_temp_path {place}/c; uwsgi_temp_path {place}/d; scgi_temp_path {place}/e;
  server { listen 127.0.0.1:{port} LISTEN; location / { return 200 "seen\\n"; } }
}
`;
const nginx = (id, name, protocol, listen) =>
  ofDebian(id, name, 'nginx-light', protocol, ['nginx', '-e', 'stderr', '-p', '{place}', '-c', '{place}/nginx.conf'], {
    files: { 'nginx.conf': NGINX.replace('LISTEN', listen) },
  });

const APACHE = (protocols) => `ServerName localhost
Listen 127.0.0.1:{port}
PidFile {place}/pid
ErrorLog {place}/log
DocumentRoot {place}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so
Protocols ${protocols}
FileETag None
Timeout 60
KeepAliveTimeout 60
`;
const apache = (id, name, protocol, protocols) =>
  ofDebian(id, name, 'apache2', protocol, ['apache2', '-X', '-d', '{place}', '-f', '{place}/apache.conf'], {
    with: ['apache2-bin'],
    files: { ...page, 'apache.conf': APACHE(protocols) },
  });

const H2O = `listen: { host: 127.0.0.1, port: {port} }
num-threads: 1
hosts: { default: { paths: { /: { file.dir: "{place}" } } } }
`;

const HAPROXY = `global
  stats timeout 5s
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
frontend f
  bind 127.0.0.1:{port}PROTO
  option http-buffer-request
  http-request return status 200 content-type text/plain string seen
`;
const haproxy = (id, name, protocol, proto) =>
  ofDebian(id, name, 'haproxy', protocol, ['haproxy', '-db', '-f', '{place}/haproxy.cfg'], {
    files: { 'haproxy.cfg': HAPROXY.replace('PROTO', proto) },
  });

const LIGHTTPD = 'server.document-root = "{place}"\nserver.port = {port}\nserver.bind = "127.0.0.1"\nindex-file.names = ("index.html")\n';
const LIGHTTPD_FILES = { ...page, 'lighttpd.conf': LIGHTTPD };

const VARNISH = `vcl 4.1;
backend none none;
sub vcl_recv { return (synth(200)); }
sub vcl_synth { unset resp.http.X-Varnish; set resp.body = "seen"; return (deliver); }
`;

const CADDY =
  '{\n  admin off\n  auto_https off\n}\nhttp://127.0.0.1:{port} {\n  respond "seen"\n}\nhttp://localhost:{port} {\n  respond "seen"\n}\n';

export const web = [
  nginx('nginx', 'nginx', 'http', ''),
  nginx('nginx-http2', 'nginx, HTTP/2', 'http2', 'http2'),
  apache('apache', 'Apache httpd', 'http', 'http/1.1'),
  { ...apache('apache-http2', 'Apache httpd, HTTP/2', 'http2', 'h2c http/1.1'), expected: 'fail' },
  ofDebian('lighttpd', 'lighttpd', 'lighttpd', undefined, ['lighttpd', '-D', '-f', '{place}/lighttpd.conf'], {
    conversation: READS,
    files: LIGHTTPD_FILES,
  }),
  ofDebian('lighttpd-http2', 'lighttpd, HTTP/2', 'lighttpd', 'http2', ['lighttpd', '-D', '-f', '{place}/lighttpd.conf'], {
    files: LIGHTTPD_FILES,
    expected: 'fail',
  }),
  ofDebian('h2o', 'H2O', 'h2o', 'http', ['h2o', '-c', '{place}/h2o.conf'], { files: { ...page, 'h2o.conf': H2O } }),
  ofDebian('h2o-http2', 'H2O, HTTP/2', 'h2o', 'http2', ['h2o', '-c', '{place}/h2o.conf'], { files: { ...page, 'h2o.conf': H2O } }),
  ofDebian('nghttpd', 'nghttpd', 'nghttp2-server', 'http2', ['nghttpd', '--no-tls', '-a', '127.0.0.1', '-d', '{place}', '{port}'], {
    files: page,
    expected: 'fail',
  }),
  haproxy('haproxy', 'HAProxy', 'http', ''),
  haproxy('haproxy-http2', 'HAProxy, HTTP/2', 'http2', ' proto h2'),
  ofDebian(
    'varnish',
    'Varnish',
    'varnish',
    'http',
    ['varnishd', '-F', '-a', '127.0.0.1:{port}', '-f', '{place}/default.vcl', '-n', '{place}/v'],
    {
      files: { 'default.vcl': VARNISH },
    },
  ),
  ofDebian('caddy', 'Caddy', 'caddy', 'http', ['caddy', 'run', '--config', '{place}/Caddyfile', '--adapter', 'caddyfile'], {
    files: { Caddyfile: CADDY },
  }),
  node('node-http', 'node:http', 'http'),
  node('node-http2', 'node:http2', 'http2'),
  {
    id: 'go-http',
    name: 'Go net/http',
    of: 'Go',
    program: 'go',
    version: goVersion,
    protocol: 'http',
    run: ['go', 'run', '{servers}/http.go', '{port}'],
    env: { GOCACHE: '{place}/go', GO111MODULE: 'off' },
  },
  ofNpm('express', 'express@5.3.0', 'http'),
  ofNpm('fastify', 'fastify@5.12.8', 'http'),
  ofNpm('hapi', '@hapi/hapi@21.4.10', 'http'),
  ofNpm('koa', 'koa@3.3.0', 'http'),
  ofNpm('ws', 'ws@8.23.0', 'websocket'),
  ofNpm('websocket', 'websocket@1.0.35', 'websocket'),
  ofNpm('faye-websocket', 'faye-websocket@0.11.4', 'websocket'),
  ofNpm('grpc-js', '@grpc/grpc-js@1.14.7', 'http2'),
  ofPython('python-http-server', 'http.server', 'python3', 'http'),
  ofPython('aiohttp', 'aiohttp', 'python3-aiohttp', 'http'),
  ofPython('aiohttp-websocket', 'aiohttp, WebSocket', 'python3-aiohttp', 'websocket'),
  ofPython('tornado', 'Tornado', 'python3-tornado', 'http'),
  ofPython('tornado-websocket', 'Tornado, WebSocket', 'python3-tornado', 'websocket'),
  ofPython('twisted-web', 'Twisted Web', 'python3-twisted', 'http'),
  ofPython('waitress', 'Waitress', 'python3-waitress', 'http'),
  ofPython('cheroot', 'Cheroot', 'python3-cheroot', 'http'),
  ofDebian('gunicorn', 'Gunicorn', 'gunicorn', undefined, ['gunicorn', '-b', '127.0.0.1:{port}', 'app:app'], {
    conversation: ONE_REQUEST,
    files: {
      'app.py': "def app(environ, start_response):\n    start_response('200 OK', [('Content-Length', '5')])\n    return [b'seen\\n']\n",
    },
  }),
  ofDebian('uvicorn', 'Uvicorn', 'uvicorn', 'http', ['uvicorn', '--port', '{port}', 'app:app'], {
    with: ['python3-uvicorn'],
    files: {
      'app.py': `async def app(scope, receive, send):
    if scope['type'] != 'http':
        return
    while (await receive()).get('more_body'):
        pass
    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'5')]})
    await send({'type': 'http.response.body', 'body': b'seen\\n'})
`,
    },
  }),
];
