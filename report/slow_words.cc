#include "report/slow_words.h"

#include <fmt/format.h>

#include "report/numbers.h"

namespace sockscope {
namespace {

std::string cpu_words(const PathSegment& segment) {
  return segment.cpu ? fmt::format("CPU {}", *segment.cpu) : std::string("the CPU");
}

std::string plain_words(const ExchangeStory& story, const PathSegment& segment) {
  const std::string task = task_words(story, segment.task);
  const std::string who = task_words(story, segment.who);
  const std::string cpu = cpu_words(segment);
  switch (segment.cause) {
    case PathCause::kRunning:
      return segment.who == segment.task ? fmt::format("{} ran", who)
                                         : fmt::format("a softirq carried it, which interrupted {}", who);
    case PathCause::kOtherTask:
      return fmt::format("{} was woken, but {} had {}", task, who, cpu);
    case PathCause::kPreempted:
      return fmt::format("{} was preempted: {} had {}", task, who, cpu);
    case PathCause::kIdleCpu:
      return fmt::format("{} was woken; {} was idle and took so long to wake up", task, cpu);
    case PathCause::kUnknownTask:
      return fmt::format("{} could run and did not; who had the CPU is not in the recording", task);
    case PathCause::kBlocked:
      return fmt::format("{} slept, and for something else than this message", task);
    case PathCause::kSendBufferFull:
      return fmt::format("{} slept in its send call: the socket's send buffer was full", task);
    case PathCause::kReceiverAway:
      return fmt::format("the message lay in the socket while {} ran something else than a receive call", task);
    case PathCause::kSoftirqDelayed:
      return fmt::format("the packet lay in the backlog of {} until the softirq began", cpu);
    case PathCause::kKsoftirqd:
      return fmt::format("the softirq was left to {}", who);
    case PathCause::kSocketInUse:
      return fmt::format("the socket was in use: the segment waited for {}", task);
    case PathCause::kDelayedAck:
      return fmt::format(
          "Nagle's algorithm held the small segment back until an acknowledgement came, which {} delayed (delayed ACK)",
          who);
    case PathCause::kNagle:
      return fmt::format("Nagle's algorithm held the small segment back until the acknowledgement of {} had come", who);
    case PathCause::kWindow:
      return "the segment waited for acknowledgements of those before it: the window was full";
    case PathCause::kRetransmit:
      return "a segment was lost and sent again (tcp:tcp_retransmit_skb)";
  }
  return {};
}

std::string doubt_words(const PathSegment& segment) {
  switch (segment.cause) {
    case PathCause::kDelayedAck:
    case PathCause::kNagle:
      return "; so its time says, the acknowledgement is not in the recording";
    case PathCause::kUnknownTask:
      return {};
    default:
      return "; at least at the end, since when is not in the recording";
  }
}

}  // namespace

std::string task_words(const ExchangeStory& story, std::int32_t tid) {
  const auto found = story.names.find(tid);
  const std::string comm = found == story.names.end() ? "" : found->second;
  const Exchange& exchange = story.exchange;
  if (tid == exchange.client_tid || tid == exchange.server_tid) {
    return fmt::format("the {} ({}{}tid {})", tid == exchange.client_tid ? "client" : "server", comm,
                       comm.empty() ? "" : ", ", tid);
  }
  if (tid == 0) return "the idle task";
  return comm.empty() ? fmt::format("tid {}", tid) : fmt::format("{} (tid {})", comm, tid);
}

std::string part_words(const PathSegment& segment) {
  return fmt::format("{} {}", name_of(segment.direction), name_of(segment.stage));
}

std::string cause_words(const ExchangeStory& story, const PathSegment& segment) {
  std::string words = plain_words(story, segment);
  if (!segment.is_certain) words += doubt_words(segment);
  if (segment.is_migrated) words += fmt::format("; {} was moved to another CPU", task_words(story, segment.task));
  return words;
}

std::vector<std::string> limit_words(const SlowestExchanges& found) {
  std::vector<std::string> limits;
  if (found.is_filtered) {
    limits.emplace_back(
        "It was recorded for the measured threads: of other tasks it has only when they had a CPU, not what for.");
  }
  if (found.lacks_switches) {
    limits.emplace_back(
        "Not every switch between other tasks was recorded: of several that had the CPU one after the other only the "
        "last is named. All of them are in recordings with --events lab and in those of programs (record -- CMD).");
  }
  for (const std::string& event : found.lacks) limits.push_back(fmt::format("{} was not recorded.", event));
  if (found.unmatched != 0) {
    limits.push_back(fmt::format("{} messages could not be followed: any of them may have been slower.",
                                 format_count(found.unmatched)));
  }
  if (found.lost_events != 0) {
    limits.push_back(fmt::format("{} events were lost while it was recorded: what they would have said is missing.",
                                 format_count(found.lost_events)));
  }
  if (found.retransmits != 0) {
    limits.push_back(
        fmt::format("segments sent again in all: {}. The event does not say of which connection: of several at once "
                    "any may be meant.",
                    format_count(found.retransmits)));
  }
  return limits;
}

}  // namespace sockscope
