"""The shell, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_functions_of_a_script_and_of_what_it_sources():
    linked = link_sources(
        {
            "bin/run.sh": """
                . "$(cd "$(dirname "$0")" && pwd)/../lib/log.sh"
                source "${HERE}/conf.sh"
                start() { log::info "x"; inner() { echo; }; stop; }
                stop() { inner; grep x | sort; }
                trap stop EXIT
                sudo -u www start
                ./tools/fix.sh now
                """,
            "bin/conf.sh": "NAME=x\n",
            "bin/tools/fix.sh": "echo\n",
            "lib/log.sh": "log::info() { printf x; colour; usage; }\n. colours.sh\n",
            "lib/colours.sh": "colour() { tput; }\n",
            "other/conf.sh": "unused() { :; }\n",
            "other/main.sh": ". ../lib/log.sh\nusage() { exit 1; }\n",
        }
    )
    found = calls(linked)
    assert found["bin.run"] == [
        "<builtin>.cd",
        "<builtin>.pwd",
        "<builtin>.trap",
        "bin.run.start",
        "bin.run.stop",
        "dirname",
        "sudo",
    ]
    assert found["bin.run.start"] == ["bin.run.stop", "lib.log.log::info"]
    assert found["bin.run.stop"] == ["bin.run.start.inner", "grep", "sort"]
    assert found["lib.log.log::info"] == ["<builtin>.printf", "lib.colours.colour", "other.main.usage"]
    assert confidence(linked, "bin.run.start", "lib.log.log::info") is Confidence.EXACT
    assert confidence(linked, "lib.log.log::info", "other.main.usage") is Confidence.INFERRED
    assert confidence(linked, "bin.run.stop", "grep") is Confidence.EXACT
    imports = edges(linked, EdgeKind.IMPORTS)
    assert {("bin.run", "lib.log"), ("bin.run", "bin.conf"), ("bin.run", "bin.tools.fix")} <= imports


def test_tests_of_bats_are_functions():
    linked = link_sources(
        {
            "test/deploy.bats": '@test "it deploys" {\n  load helper\n  run prepare x\n}\n\n@test "again" { :; \n}\n',
            "test/helper.bash": "prepare() { unknown; }\n",
        }
    )
    found = calls(linked)
    assert found["test.deploy.it deploys"] == ["run", "test.helper.prepare"]
    assert found["test.helper.prepare"] == ["unknown"]


def test_what_an_unknown_file_may_define_is_a_guess():
    linked = link_sources({"init.sh": ". /lib/lsb/init-functions\nlog_daemon_msg x\n. $1\n"})
    assert calls(linked)["init"] == ["log_daemon_msg"]
    assert confidence(linked, "init", "log_daemon_msg") is Confidence.INFERRED
    assert edges(linked, EdgeKind.IMPORTS) == {("init", "/lib/lsb/init-functions")}
