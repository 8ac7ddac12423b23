# The TCP client of a socket tutorial: tcp_client.pl HOST PORT recv|send QUIT (what is first, the word that ends it)
use strict; use warnings; use IO::Socket::IP;
my ($host, $port, $first, $quit_word) = @ARGV;
my $peer = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port) or die "connect: $@\n";
$| = 1; STDERR->autoflush(1);
my $turn = $first;
while (1) {
    if ($turn eq "recv") {
        defined sysread($peer, my $chunk, 1024) or die "recv: $!\n";
        print STDERR "recv ", unpack("H*", $chunk), "\n";
        last if $chunk eq "";
        print "$chunk\n";
        last if $quit_word ne "" && $chunk eq $quit_word;
    } else {
        defined(my $line = <STDIN>) or last;
        chomp $line;
        syswrite($peer, $line) // die "send: $!\n" if $line ne "";
        last if $quit_word ne "" && $line eq $quit_word;
    }
    $turn = $turn eq "recv" ? "send" : "recv";
}
close $peer;
