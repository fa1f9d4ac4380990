#include "parsers/function_graph/line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sockscope::function_graph {
namespace {

using Kind = Line::Kind;

/// kind, cpu, pid, depth, name, duration: what a line comes to, in one text.
std::string read(std::string_view text) {
  const Line line = parse_line(text);
  constexpr const char* names[] = {"nothing", "enter", "leaf",   "exit",     "comment", "interrupt", "interrupt end",
                                   "switch",  "lost",  "tracer", "function", "event",   "unreadable"};
  std::string out = names[static_cast<int>(line.kind)];
  if (line.cpu) out += " cpu" + std::to_string(*line.cpu);
  if (line.pid) out += " pid" + std::to_string(*line.pid);
  if (line.kind == Kind::kSwitch) out += " to" + std::to_string(line.next_pid);
  if (line.kind == Kind::kEnter || line.kind == Kind::kLeaf || line.kind == Kind::kExit) {
    out += " depth" + std::to_string(line.depth);
  }
  if (!line.name.empty()) out += " '" + std::string(line.name) + "'";
  if (line.duration_ns) out += " " + std::to_string(*line.duration_ns) + "ns";
  if (line.resolution_ns != 1) out += "/" + std::to_string(line.resolution_ns);
  if (line.kind == Kind::kLost) out += " " + std::to_string(line.lost);
  return out;
}

TEST(FunctionGraphLine, ReadsWhatTheTracerPrintsByDefault) {
  EXPECT_EQ(read(" 0)               |  br_handle_frame [bridge]() {"), "enter cpu0 depth0 'br_handle_frame [bridge]'");
  EXPECT_EQ(read(" 0)   0.274 us    |      br_validate_ipv4.isra.0 [br_netfilter]();"),
            "leaf cpu0 depth2 'br_validate_ipv4.isra.0 [br_netfilter]' 274ns");
  EXPECT_EQ(read(" 0) + 69.734 us   |  }"), "exit cpu0 depth0 69734ns");
  EXPECT_EQ(read(" 11)   0.500 us    |    } /* __ip_rcv */"), "exit cpu11 depth1 '__ip_rcv' 500ns");
}

TEST(FunctionGraphLine, KnowsEveryMarkOfALongCall) {
  for (const char* const mark : {"+", "!", "#", "*", "@", "$"}) {
    EXPECT_EQ(read(std::string(" 0) ") + mark + " 37.580 us   |    }"), "exit cpu0 depth1 37580ns") << mark;
  }
  EXPECT_EQ(read(" 0) $ 11500000 us |  }"), "exit cpu0 depth0 11500000000ns/1000");
}

TEST(FunctionGraphLine, SaysHowExactADurationIs) {
  EXPECT_EQ(read(" 0) # 1234.567 us |  }"), "exit cpu0 depth0 1234567ns");
  EXPECT_EQ(read(" 0) * 12345.67 us |  }"), "exit cpu0 depth0 12345670ns/10");
  EXPECT_EQ(read(" 0) @ 123456.7 us |  }"), "exit cpu0 depth0 123456700ns/100");
  EXPECT_EQ(read(" 0) $ 1234567 us  |  }"), "exit cpu0 depth0 1234567000ns/1000");
}

TEST(FunctionGraphLine, ReadsAnySetOfColumns) {
  EXPECT_EQ(read("   22.123456 |   0)   0.541 us    |  f();"), "leaf cpu0 depth0 'f' 541ns");              // -abstime
  EXPECT_EQ(read(" 0)    sh-4802    |   0.541 us    |    f() {"), "enter cpu0 pid4802 depth1 'f' 541ns");  // -proc
  EXPECT_EQ(read("   22.123456 |   3)    <idle>-0    |  d.h1. |   0.541 us    |  f();"),
            "leaf cpu3 pid0 depth0 'f' 541ns");                         // latency-format
  EXPECT_EQ(read("  0.541 us    |    f();"), "leaf depth1 'f' 541ns");  // nofuncgraph-cpu
  EXPECT_EQ(read("               |  f() {"), "enter depth0 'f'");
  EXPECT_EQ(read(" 0)     f() {"), "enter cpu0 depth2 'f'");  // -duration off
  EXPECT_EQ(read(" 0) }"), "exit cpu0 depth0");
  EXPECT_EQ(read(" 0)   0.541 us    |  f();\r"), "leaf cpu0 depth0 'f' 541ns");
}

TEST(FunctionGraphLine, ReadsArgumentsReturnValuesAndCallers) {
  EXPECT_EQ(read(" 0)               |  ip_rcv(skb=0xffff888 \"){\", dev=0x1) {"), "enter cpu0 depth0 'ip_rcv'");
  EXPECT_EQ(read(" 0)   0.1 us      |  f(a=1); /* g() { ret=0x0 */"), "leaf cpu0 depth0 'f' 100ns/100");
  EXPECT_EQ(read(" 0)               |  f() { /* <-caller+0x10/0x20 */"), "enter cpu0 depth0 'f'");
  EXPECT_EQ(read(" 0)   1.000 us    |  } /* ip_rcv = 0x0 */"), "exit cpu0 depth0 'ip_rcv' 1000ns");
  EXPECT_EQ(read(" 0)   1.000 us    |  } /* ip_rcv ret=0x0 */"), "exit cpu0 depth0 'ip_rcv' 1000ns");
  EXPECT_EQ(read(" 0)   1.000 us    |  } /* = 0x0 */"), "exit cpu0 depth0 1000ns");
  EXPECT_EQ(read(" 0)   1.000 us    |  } /* ret=0x0 */"), "exit cpu0 depth0 1000ns");
  EXPECT_EQ(read(" 0)   1.000 us    |  } /* f [mod] ret=1 */"), "exit cpu0 depth0 'f [mod]' 1000ns");
}

TEST(FunctionGraphLine, ReadsWhatStandsBetweenCalls) {
  EXPECT_EQ(read(" 0)    nc-12831    =>    <idle>-0   "), "switch cpu0 pid12831 to0");
  EXPECT_EQ(read(" 2)  a b-c-7   =>  x=> y-9  "), "switch cpu2 pid7 to9");
  EXPECT_EQ(read(" 2)   a b   =>   y-9"), "unreadable cpu2");
  EXPECT_EQ(read(" ------------------------------------------"), "nothing");
  EXPECT_EQ(read("# CPU  DURATION                  FUNCTION CALLS"), "nothing");
  EXPECT_EQ(read("# tracer: function_graph"), "tracer 'function_graph'");
  EXPECT_EQ(read(""), "nothing");
  EXPECT_EQ(read("##### CPU 1 buffer started ####"), "nothing");
  EXPECT_EQ(read(" 0)   ==========> |"), "interrupt cpu0");
  EXPECT_EQ(read(" 0)   <========== |"), "interrupt end cpu0");
  EXPECT_EQ(read(" 0)               |  /* sched_switch: a | b() { */"), "comment cpu0");
  EXPECT_EQ(read("CPU:1 [LOST 123 EVENTS]"), "lost cpu1 123");
  EXPECT_EQ(read("CPU:1 [LOST EVENTS]"), "lost cpu1 0");
  EXPECT_EQ(read("CPU:0 [7 EVENTS DROPPED]"), "lost cpu0 7");
}

TEST(FunctionGraphLine, ReadsTheReportOfTraceCmd) {
  EXPECT_EQ(read("          <idle>-0     [001]   123.456789: funcgraph_entry:                   |  f() {"),
            "enter cpu1 pid0 depth0 'f'");
  EXPECT_EQ(read("        my-prog-77    [000] d..2  123.456789: funcgraph_entry:        0.541 us   |    g [m]();"),
            "leaf cpu0 pid77 depth1 'g [m]' 541ns");
  EXPECT_EQ(read("        my-prog-77    [000]   123.456789: funcgraph_exit:       + 37.580 us   |  }"),
            "exit cpu0 pid77 depth0 37580ns");
  EXPECT_EQ(read("        my-prog-77    [000]   123.456789: sched_switch: x"), "event cpu0 pid77");
  EXPECT_EQ(read("        my-prog-77    [000] .... 123.456789: f <-g"), "function cpu0 pid77");
}

TEST(FunctionGraphLine, RefusesWhatIsNone) {
  for (const char* const text :
       {"hello", "f();", "0.541 us f();", " 0)   0.541 us    |", " 0)   0.541 us    |  f", " 0)   0.541 us    |  ();",
        " 0)   0.541 us    |  two words();", " 0)   0.541 us    |  f [m] x();", " 0)   x us    |  f();",
        " 99999)   0.541 us    |  f();", " 0)   0.5411 us    |  f();", " 0)   99999999999999 us    |  f();",
        " 0)   0.541 us    |  f() }", "CPU:x [LOST 1 EVENTS]"}) {
    EXPECT_THAT(read(text), testing::StartsWith("unreadable")) << text;
  }
  EXPECT_EQ(read(" 0)   0.541 us    |  " + std::string(2 * 1024, ' ') + "f();"), "leaf cpu0 depth1024 'f' 541ns");
  EXPECT_THAT(read(" 0)   0.541 us    |  " + std::string(2 * 1025, ' ') + "f();"), testing::StartsWith("unreadable"));
}

}  // namespace
}  // namespace sockscope::function_graph
