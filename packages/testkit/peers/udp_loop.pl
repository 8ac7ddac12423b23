# The UDP client in a loop of a socket tutorial: udp_loop.pl HOST PORT QUIT (the word that ends it)
use strict; use warnings; use IO::Socket::IP; use Socket qw(SOCK_DGRAM);
my ($host, $port, $quit_word) = @ARGV;
my $peer = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port, Type => SOCK_DGRAM) or die "socket: $@\n";
$| = 1; STDERR->autoflush(1);
while (defined(my $text = <STDIN>)) {
    chomp $text;
    defined $peer->send($text) or die "sendto: $!\n";
    last if $quit_word ne "" && $text eq $quit_word;
    defined $peer->recv(my $payload, 1024) or die "recvfrom: $!\n";
    print STDERR "recv ", unpack("H*", $payload), "\n";
    print "$payload\n";
    last if $quit_word ne "" && $payload eq $quit_word;
}
close $peer;
