"""What the languages of this package are told by, so that a file's language is known without loading what reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A language, the module of this package that offers it, and what tells it; all in lower case."""

    name: str
    module: str
    extensions: tuple[str, ...]
    """With their dot."""
    file_names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    """Programs that a `#!` line may name, without version."""
    signed: tuple[str, ...] = ()
    """Extensions that others use as well (the empty one: none), for which the language has `signs`."""


GRAMMARS = (
    Named(
        "bash",
        "bash",
        (".sh", ".bash", ".zsh", ".ksh", ".bats", ".ebuild", ".eclass"),
        file_names=(".bashrc", ".bash_profile", ".bash_aliases", ".profile", ".zshrc", ".zprofile", "pkgbuild"),
        interpreters=("ash", "bash", "bats", "dash", "ksh", "sh", "zsh"),
    ),
    Named("c", "c", (".c", ".h"), interpreters=("tcc",)),
    Named(
        "cpp",
        "cpp",
        (".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".inl", ".ipp", ".tpp", ".ino", ".cu", ".cuh"),
    ),
    Named("csharp", "csharp", (".cs", ".csx")),
    Named("elixir", "elixir", (".ex", ".exs"), interpreters=("elixir",)),
    Named("go", "go", (".go",), interpreters=("gorun",)),
    Named("haskell", "haskell", (".hs", ".hsc", ".hs-boot"), interpreters=("runghc", "runhaskell", "stack")),
    Named("java", "java", (".java",), interpreters=("java", "jbang")),
    Named(
        "javascript",
        "javascript",
        (".js", ".jsx", ".mjs", ".cjs", ".es6"),
        file_names=("jakefile",),
        interpreters=("node", "nodejs", "deno", "bun"),
    ),
    Named("kotlin", "kotlin", (".kt", ".kts"), interpreters=("kotlin",)),
    Named("lua", "lua", (".lua", ".rockspec"), interpreters=("lua", "luajit", "texlua")),
    Named("objective-c", "objc", (".m", ".mm")),
    Named(
        "perl", "perl", (".pl", ".pm", ".t", ".pod", ".psgi"), file_names=("cpanfile", "makefile.pl"), interpreters=("perl",)
    ),
    Named("php", "php", (".php", ".phtml", ".php3", ".php4", ".php5", ".inc"), interpreters=("php",)),
    Named(
        "python",
        "python",
        (".py", ".pyi", ".pyw", ".wsgi"),
        file_names=("sconstruct", "sconscript", "wscript"),
        interpreters=("python", "pypy"),
    ),
    Named(
        "ruby",
        "ruby",
        (".rb", ".rake", ".gemspec", ".ru", ".thor", ".jbuilder", ".podspec", ".rbw"),
        file_names=("gemfile", "rakefile", "podfile", "vagrantfile", "brewfile", "guardfile", "capfile", "fastfile"),
        interpreters=("ruby", "jruby"),
    ),
    Named("rust", "rust", (".rs",), interpreters=("rust-script",)),
    Named("scala", "scala", (".scala", ".sc", ".sbt", ".mill"), interpreters=("scala", "scala-cli", "amm")),
    Named("swift", "swift", (".swift",), interpreters=("swift",)),
    Named("typescript", "typescript", (".ts", ".mts", ".cts"), interpreters=("ts-node", "tsx")),
    Named("tsx", "typescript", (".tsx",)),
    Named("zig", "zig", (".zig",)),
)
"""Languages with a grammar."""

SCANNERS = (
    Named(
        "cobol",
        "cobol",
        (".cbl", ".cob", ".cobol", ".cpy", ".copy", ".ccp", ".pco", ".sqb", ".pcb", ".cblle"),
        signed=("", ".txt", ".src"),
    ),
    Named("fortran", "fortran", (".f", ".for", ".ftn", ".f77", ".f90", ".f95", ".f03", ".f08", ".f18", ".fpp", ".fypp")),
    Named("jcl", "jcl", (".jcl", ".jclp", ".proclib"), signed=("", ".prc", ".txt")),
    Named("pascal", "pascal", (".pas", ".dpr", ".dpk", ".lpr"), signed=(".pp", ".inc")),
    Named(
        "sql",
        "sql",
        (
            ".sql",
            ".ddl",
            ".dml",
            ".pks",
            ".pkb",
            ".pck",
            ".pkg",
            ".plsql",
            ".pls",
            ".plb",
            ".spc",
            ".bdy",
            ".fnc",
            ".tps",
            ".tpb",
            ".vw",
            ".tsql",
            ".psql",
            ".pgsql",
        ),
        signed=(".prc", ".typ", ".tab", ".trg"),
    ),
    Named("vb", "visual_basic", (".vb", ".bas", ".frm", ".vbs", ".ctl", ".dsr"), signed=(".cls",)),
)
"""Languages that a scanner reads."""
