import { ofDebian, ofNpm, ONE_REQUEST } from './target.mjs';

const DANTE = `logoutput: stderr
internal: 127.0.0.1 port = {port}
external: 127.0.0.1
clientmethod: none
socksmethod: none
client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
`;
const TOR =
  'SocksPort 127.0.0.1:{port}\nDisableNetwork 0\nUseBridges 0\nReachableAddresses 127.0.0.1:1\nDataDirectory {place}/tor\nLog err stderr\n';

/** A proxy is asked for what it refuses by itself: nobody else is needed. */
export const proxies = [
  ofDebian('danted', 'Dante', 'dante-server', 'socks5', ['danted', '-f', '{place}/danted.conf', '-p', '{place}/pid'], {
    files: { 'danted.conf': DANTE },
  }),
  ofDebian('microsocks', 'microsocks', 'microsocks', 'socks5', ['microsocks', '-i', '127.0.0.1', '-p', '{port}'], { expected: 'fail' }),
  ofDebian('tor', 'Tor', 'tor', 'socks5', ['tor', '-f', '{place}/torrc'], { files: { torrc: TOR } }),
  ofNpm('socksv5', 'socksv5@0.0.6', 'socks5'),
  ofNpm('simple-socks', 'simple-socks@3.6.0', 'socks5', { expected: 'fail' }),
  ofNpm('socks5-server', '@pondwader/socks5-server@1.0.10', 'socks5'),
  ofDebian('squid', 'Squid', 'squid', undefined, ['squid', '-N', '-d', '1', '-f', '{place}/squid.conf'], {
    files: {
      'squid.conf':
        'http_port 127.0.0.1:{port}\nhttp_access deny all\nvisible_hostname findings\npid_filename {place}/pid\naccess_log none\ncache_log {place}/log\nlogfile_rotate 0\ncache deny all\ncoredump_dir {place}\n',
    },
    conversation: ONE_REQUEST,
    needsRoot: true,
    masks: ['Generated [^<]*'],
  }),
  ofDebian('tinyproxy', 'Tinyproxy', 'tinyproxy-bin', undefined, ['tinyproxy', '-d', '-c', '{place}/tinyproxy.conf'], {
    files: { 'tinyproxy.conf': 'Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 200\nAllow 127.0.0.1\nStatHost "localhost"\n' },
    conversation: ONE_REQUEST,
    masks: ['(?<=Number of[^:]*: )\\d+'],
  }),
  ofDebian('privoxy', 'Privoxy', 'privoxy', undefined, ['privoxy', '--no-daemon', '{place}/config'], {
    conversation: ONE_REQUEST,
    files: { config: 'listen-address 127.0.0.1:{port}\nconfdir /etc/privoxy\ntempldir /etc/privoxy/templates\n' },
  }),
];
