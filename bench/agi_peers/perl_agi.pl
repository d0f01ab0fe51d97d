#!/usr/bin/perl
# The bench's session on Asterisk::AGI, a process for each connection. The first line printed is the port.
use strict;
use warnings;
use Asterisk::AGI;
use IO::Socket::INET;
use POSIX ':sys_wait_h';

my $SOUND = 'h181/greeting';
my $server = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1024, Proto => 'tcp', ReuseAddr => 1
) or die "cannot listen: $!";
$| = 1;
print $server->sockport, "\n";

# Reaped by hand: only then is the children's CPU counted as ours.
$SIG{CHLD} = sub { 1 while waitpid(-1, WNOHANG) > 0 };

while (1) {
    my $client = $server->accept or next;
    my $child = fork;
    if (!defined $child) { close $client; next }
    if ($child) { close $client; next }
    close $server;
    open STDIN, '<&', $client or die;
    open STDOUT, '>&', $client or die;
    $| = 1;
    my $agi = Asterisk::AGI->new;
    $agi->ReadParse;
    $agi->answer;
    $agi->stream_file($SOUND, '""');
    $agi->get_data($SOUND, 1000, 2);
    $agi->get_full_variable('${H181_DISTRICT}');
    $agi->set_variable('H181_QUEUE', 'district-39');
    $agi->set_variable('H181_DONE', 'bench');
    exit 0;
}
