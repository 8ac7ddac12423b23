import { ofDebian, ofNpm, ofPython } from './target.mjs';

const DOVECOT = (protocol, port) => `protocols = ${protocol}
base_dir = {place}/run
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
service ${protocol}-login {
  inet_listener ${protocol} {
    port = {port}
  }
  inet_listener ${port} {
    port = 0
  }
  service_count = 0
  process_min_avail = 1
  client_limit = 500
  chroot =
}
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home={place}/home
}
mail_location = maildir:{place}/mail
`;
const dovecot = (id, name, protocol, tls) =>
  ofDebian(id, name, `dovecot-${protocol}d`, protocol, ['dovecot', '-F', '-c', '{place}/dovecot.conf'], {
    with: ['dovecot-core'],
    needsRoot: true,
    files: { 'dovecot.conf': DOVECOT(protocol, tls) },
  });

const EXIM = `primary_hostname = mail.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
spool_directory = {place}/spool
log_file_path = {place}/log/%s
pid_file_path = {place}/pid
host_lookup =
smtp_accept_max = 500
smtp_accept_queue = 0
rfc1413_query_timeout = 0s
smtp_banner = mail.example ESMTP Exim
acl_smtp_rcpt = deny
begin acl
deny:
  deny
`;

const vsftpd = `listen=YES
listen_address=127.0.0.1
listen_port={port}
background=NO
max_clients=0
max_per_ip=0
run_as_launching_user=YES
seccomp_sandbox=NO
secure_chroot_dir={place}
anonymous_enable=YES
local_enable=NO
`;
const proftpd = `ServerName findings
ServerType standalone
Port {port}
DefaultAddress 127.0.0.1
User nobody
Group nogroup
UseIPv6 off
PidFile {place}/pid
ScoreboardFile none
DelayTable none
MaxInstances 500
`;

export const mail = [
  ofPython('aiosmtpd', 'aiosmtpd', 'python3-aiosmtpd', 'smtp'),
  ofPython('python-smtpd', 'smtpd', 'python3', 'smtp'),
  ofNpm('smtp-server', 'smtp-server@3.21.6', 'smtp'),
  ofDebian('opensmtpd', 'OpenSMTPD', 'opensmtpd', 'smtp', ['smtpd', '-d', '-f', '{place}/smtpd.conf'], {
    needsRoot: true,
    files: { 'smtpd.conf': 'listen on 127.0.0.1 port {port}\naction "a" maildir "{place}/mail"\nmatch from any for any action "a"\n' },
    masks: ['Hello client\\.example [^\\r\\n]*', '[\\da-f]{16}'],
  }),
  ofDebian('exim', 'Exim', 'exim4-daemon-light', 'smtp', ['exim4', '-bdf', '-C', '{place}/exim.conf'], {
    needsRoot: true,
    files: { 'exim.conf': EXIM },
  }),
  dovecot('dovecot-imap', 'Dovecot, IMAP', 'imap', 'imaps'),
  dovecot('dovecot-pop3', 'Dovecot, POP3', 'pop3', 'pop3s'),
  ofNpm('hoodiecrow', 'hoodiecrow-imap@2.1.0', 'imap'),
  ofPython('twisted-imap', 'Twisted, IMAP', 'python3-twisted', 'imap'),
  ofPython('twisted-pop3', 'Twisted, POP3', 'python3-twisted', 'pop3'),
  ofPython('twisted-smtp', 'Twisted, SMTP', 'python3-twisted', 'smtp'),
  ofDebian('vsftpd', 'vsftpd', 'vsftpd', 'ftp', ['vsftpd', '{place}/vsftpd.conf'], { files: { 'vsftpd.conf': vsftpd } }),
  ofDebian('proftpd', 'ProFTPD', 'proftpd-core', 'ftp', ['proftpd', '-n', '-q', '-c', '{place}/proftpd.conf'], {
    needsRoot: true,
    files: { 'proftpd.conf': proftpd },
  }),
  ofPython('pyftpdlib', 'pyftpdlib', 'python3-pyftpdlib', 'ftp'),
  ofNpm('ftp-srv', 'ftp-srv@4.6.3', 'ftp', { expected: 'fail' }),
];
