"""C, C++ and Objective-C, from the parser to the edges."""

from __future__ import annotations

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources

HEADER = """
    #pragma once
    #include <memory>
    #include <vector>
    namespace net {
    class Base {
     public:
      virtual void open() = 0;
      void close() { release(); }
     protected:
      void release();
    };
    class Socket : public Base {
     public:
      explicit Socket(int port);
      void open() override;
      std::unique_ptr<Socket> peer_;
      std::vector<Socket> all;
      static Socket make(int port) { return Socket(port); }
    };
    int parse(int text);
    }
    """


def test_methods_outside_of_their_class_belong_to_it() -> None:
    linked = link_sources(
        {
            "include/net/socket.hpp": HEADER,
            "src/socket.cpp": """
                #include "net/socket.hpp"
                namespace net {
                Socket::Socket(int port) : Base(), port_(port) { open(); }
                void Socket::open() { this->release(); peer_->open(); helper(); all[0].close(); }
                void Base::release() {}
                static void helper() {}
                }
                """,
            "src/main.cpp": """
                #include "net/socket.hpp"
                using namespace net;
                int main() {
                  Socket one(1);
                  one.open();
                  auto two = std::make_unique<Socket>(2);
                  two->close();
                  net::Socket::make(3).close();
                  for (auto& each : one.all) each.open();
                  std::sort(one.all);
                }
                """,
        }
    )
    found = calls(linked)
    assert found["src.socket.net.Socket.Socket"] == ["include.net.socket.net.Base", "src.socket.net.Socket.open"]
    assert found["src.socket.net.Socket.open"] == [
        "include.net.socket.net.Base.close",
        "src.socket.net.Base.release",
        "src.socket.net.Socket.open",
        "src.socket.net.helper",
    ]
    assert found["include.net.socket.net.Base.close"] == ["src.socket.net.Base.release"]
    assert found["src.main.main"] == [
        "include.net.socket.net.Base.close",
        "include.net.socket.net.Socket.make",
        "src.socket.net.Socket.Socket",
        "src.socket.net.Socket.open",
        "std.sort",
    ]
    assert confidence(linked, "src.socket.net.Socket.open", "src.socket.net.helper") is Confidence.EXACT
    assert ("include.net.socket.net.Socket", "include.net.socket.net.Base") in edges(linked, EdgeKind.INHERITS)
    assert ("src.socket.net.Socket.open", "include.net.socket.net.Base.open") in edges(linked, EdgeKind.OVERRIDES)


def test_names_of_namespaces_over_files_and_overloads() -> None:
    linked = link_sources(
        {
            "a.hpp": "namespace app::io { inline void put(int x) {} struct Sink { void flush() {} }; }",
            "b.hpp": "namespace app::io { inline void put(char x) {} }",
            "far.cpp": "namespace app::io { void only_here() {} static void hidden() {} }",
            "main.cpp": """
                #include "a.hpp"
                #include "b.hpp"
                namespace io = app::io;
                using app::io::Sink;
                namespace app {
                void run() { io::put(1); io::only_here(); io::hidden(); io::nowhere(); Sink sink; sink.flush(); }
                }
                void alias() { io::put(2); }
                """,
        }
    )
    found = calls(linked)
    assert found["main.app.run"] == ["a.app.io.Sink.flush", "a.app.io.put", "b.app.io.put", "far.app.io.only_here"]
    assert found["main.alias"] == ["a.app.io.put", "b.app.io.put"]
    assert confidence(linked, "main.app.run", "a.app.io.put") is Confidence.INFERRED
    assert confidence(linked, "main.app.run", "far.app.io.only_here") is Confidence.EXACT  # by its full name
    assert confidence(linked, "main.app.run", "a.app.io.Sink.flush") is Confidence.EXACT


def test_a_field_that_a_method_sets_stays_a_field() -> None:
    linked = link_sources(
        {
            "job.h": "struct Tool { void run(); };\nclass Job { public: void start(); void stop(); Tool *tool_; };",
            "job.cpp": """
                #include "job.h"
                void Job::start() { tool_ = pick(); tool_->run(); }
                void Job::stop() { auto later = [this] { tool_->run(); }; later(); }
                void Tool::run() {}
                """,
        }
    )
    found = calls(linked)
    assert found["job.cpp.Job.start" if "job.cpp.Job.start" in found else "job.Job.start"] == ["job.Tool.run"]
    assert "job.Tool.run" in found["job.Job.stop.<lambda1>"]


def test_c_calls_what_cpp_defines_and_globals_are_shared() -> None:
    linked = link_sources(
        {
            "hook.c": """
                #include <stdio.h>
                static void (*hook)(void);
                static void on_call(void) { puts("x"); }
                void set(void) { hook = on_call; }
                void run(void) { hook(); from_cpp(); }
                """,
            "impl.cpp": 'extern "C" { void from_cpp(void) {} }\n',
        }
    )
    found = calls(linked)
    assert found["hook.run"] == ["hook.on_call", "impl.from_cpp"]
    assert found["hook.on_call"] == ["puts"]
    assert confidence(linked, "hook.run", "impl.from_cpp") is Confidence.INFERRED


def test_objective_c_classes_protocols_and_categories() -> None:
    linked = link_sources(
        {
            "Shape.h": """
                #import <Foundation/Foundation.h>
                @protocol Drawing
                - (void)drawAt:(int)x in:(id)store;
                @end
                @interface Shape : NSObject <Drawing>
                @property Shape *next;
                + (Shape *)shared;
                @end
                @interface Square : Shape
                @end
                """,
            "Shape.m": """
                #import "Shape.h"
                @implementation Shape
                + (Shape *)shared { return [[self alloc] init]; }
                - (void)drawAt:(int)x in:(id)store { [self.next drawAt:x in:store]; helper(); }
                @end
                @implementation Square
                - (void)drawAt:(int)x in:(id)store { [super drawAt:x in:store]; }
                @end
                static void helper(void) {}
                """,
            "Shape+More.m": """
                #import "Shape.h"
                @implementation Shape (More)
                - (void)more { [[Shape shared] drawAt:1 in:nil]; [[[Square alloc] init] drawAt:1 in:nil]; }
                @end
                void use(id<Drawing> one) { [one drawAt:1 in:nil]; [[Shape shared] more]; }
                """,
        }
    )
    found = calls(linked)
    assert found["Shape.Shape.drawAt:in:"] == ["Shape.Shape.drawAt:in:", "Shape.helper"]
    assert found["Shape.Square.drawAt:in:"] == ["Shape.Shape.drawAt:in:"]
    more = found["Shape+More.Shape.more"]
    assert {"Shape.Shape.shared", "Shape.Shape.drawAt:in:", "Shape.Square.drawAt:in:"} <= set(more)
    assert found["Shape+More.use"] == ["Shape+More.Shape.more", "Shape.Drawing.drawAt:in:", "Shape.Shape.shared"]
    assert ("Shape.Square", "Shape.Shape") in edges(linked, EdgeKind.INHERITS)
    assert ("Shape.Shape", "Shape.Drawing") in edges(linked, EdgeKind.IMPLEMENTS)
