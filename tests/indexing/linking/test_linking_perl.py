"""Perl, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_packages_methods_and_ancestors():
    linked = link_sources(
        {
            "lib/Shop/Base.pm": """
                package Shop::Base;
                sub new { my ($class, %args) = @_; my $self = bless {}, $class; $self->init; return $self }
                sub init { }
                sub save { my $self = shift; $self->check; helper() }
                sub helper { die "no" }
                1;
                """,
            "lib/Shop/Disk.pm": """
                package Shop::Disk;
                use parent 'Shop::Base';
                use LWP::UserAgent;
                sub new {
                    my $class = shift;
                    my $self = $class->SUPER::new(@_);
                    $self->{store} = Shop::Store->new;
                    $self->{agent} = LWP::UserAgent->new;
                    return $self;
                }
                sub check { my ($self) = @_; $self->{store}->put(1); $self->{agent}->get('x'); __PACKAGE__->init }
                package Shop::Store;
                sub new { return bless {}, shift }
                sub put { }
                """,
            "main.pl": """
                use Shop::Disk;
                my $disk = Shop::Disk->new(a => 1);
                $disk->save;
                $disk->check;
                Shop::Base::helper();
                """,
        }
    )
    found = calls(linked)
    disk, base = "lib.Shop.Disk.Shop::Disk", "lib.Shop.Base.Shop::Base"
    assert found["main"] == [f"{base}.helper", f"{base}.save", f"{disk}.check", f"{disk}.new"]
    assert f"{base}.init" in found[f"{base}.new"]
    assert found[f"{base}.save"] == [f"{base}.helper", f"{disk}.check"]
    assert confidence(linked, f"{base}.save", f"{disk}.check") is Confidence.INFERRED
    assert found[f"{disk}.new"] == ["LWP::UserAgent.new", f"{base}.new", "lib.Shop.Disk.Shop::Store.new"]
    assert found[f"{disk}.check"] == ["LWP::UserAgent.get", f"{base}.init", "lib.Shop.Disk.Shop::Store.put"]
    assert confidence(linked, f"{disk}.check", "lib.Shop.Disk.Shop::Store.put") is Confidence.EXACT
    assert edges(linked, EdgeKind.INHERITS) == {(disk, base)}
    assert ("main", "lib.Shop.Disk") in edges(linked, EdgeKind.IMPORTS)


def test_imported_functions_files_and_references():
    linked = link_sources(
        {
            "lib/Tools.pm": "package Tools;\nsub fix { }\nsub mend { }\nsub hidden { }\n1;\n",
            "lib/old.pl": "sub ancient { }\n",
            "main.pl": """
                use Tools qw(fix);
                use Tools;
                use List::Util qw(first);
                require "lib/old.pl";
                sub each_of { my ($code, $x) = @_; $code->($x) }
                sub shown { mend() }
                fix(1); first { $_ } 1; ancient(); print "x";
                each_of(\\&shown, 2);
                my %table = (run => \\&shown);
                my $table = { run => \\&fix };
                $table->{run}->(1);
                undefined_here();
                """,
        }
    )
    found = calls(linked)
    assert found["main"] == [
        "<builtin>.print",
        "List::Util.first",
        "lib.Tools.Tools.fix",
        "lib.old.ancient",
        "main.each_of",
    ]
    assert found["main.each_of"] == ["main.shown"]
    assert found["main.shown"] == ["lib.Tools.Tools.mend"]
    assert confidence(linked, "main", "List::Util.first") is Confidence.EXACT
    assert ("main", "lib.Tools.Tools.fix") in edges(linked, EdgeKind.IMPORTS)
    assert ("main", "main.shown") in edges(linked, EdgeKind.REFERENCES)
