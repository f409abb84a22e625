#!/usr/bin/perl -w
# Shop::Disk - stores things on disk.
package Shop::Disk;

use strict;
use warnings;
use parent -norequire, 'Shop::Base', "Exporter";
use base qw(Shop::Other);
use List::Util qw(first sum);
use POSIX ();
use Shop::Util;
require Shop::Log;
require "lib/old.pl";
our @ISA = ('Shop::Third');
our @EXPORT_OK = qw(run);
our $VERSION = '1.2';
my $count = 0;
my ($one, @two, %three);
use constant MAX => 10;
use constant { LOW => 1, HIGH => 2 };

=head1 NAME

Shop::Disk - more

=cut

# Makes a disk.
sub new {
    my ($class, %args) = @_;
    my $self = $class->SUPER::new(%args);
    $self->{store} = Shop::Store->new(size => MAX);
    return bless $self, $class;
}

sub save {
    my $self = shift;
    my ($item, $how) = @_;
    $self->check($item) or die "no";
    $self->{store}->put($item);
    helper($item, \&callback);
    Shop::Util::log("x");
    &old_style;
    &{$how}($item);
    $how->($item);
    my $name = "check"; $self->$name();
    for my $x (sort { by_name($a, $b) } @{ $self->{items} }) { print STDERR $x->title, "\n"; }
    my $code = sub { my $y = shift; inner($y) };
    push @list, first { $_->ok } @two;
    new Shop::Thing(1);
    return wantarray ? @list : $self->count;
}

sub helper($$) { return lc shift }

package Shop::Inner { sub go { Shop::Disk->new->save(1) } }

package main;
my $disk = Shop::Disk->new;
$disk->save(3);
BEGIN { run(); }
sub AUTOLOAD { our $AUTOLOAD; }
__END__
junk
