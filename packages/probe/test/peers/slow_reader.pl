use strict;
use warnings;
use IO::Socket::INET;

# A tutorial's server that has something to do after each read.
$| = 1;
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1) or die $!;
print $listener->sockport, "\n";
my $connection = $listener->accept or die $!;
my @reads;
while (sysread($connection, my $chunk, 4096)) {
    push @reads, length($chunk);
    select(undef, undef, undef, $ARGV[0]);
}
print "reads @reads\n";
