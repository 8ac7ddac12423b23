# The one-shot UDP client of a socket tutorial: udp_once.pl HOST PORT TEXT
use strict; use warnings; use IO::Socket::IP; use Socket qw(SOCK_DGRAM);
my ($host, $port, $text) = @ARGV;
my $peer = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port, Type => SOCK_DGRAM) or die "socket: $@\n";
$| = 1; STDERR->autoflush(1);
defined $peer->send($text) or die "sendto: $!\n";
defined $peer->recv(my $payload, 1024) or die "recvfrom: $!\n";
print STDERR "recv ", unpack("H*", $payload), "\n";
print "$payload\n";
close $peer;
