#include "report/slow_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "report/numbers.h"
#include "report/page.h"
#include "report/slow_words.h"

namespace sockscope {
namespace {

/// Nanoseconds as microseconds, to the nanosecond: "1,234.567".
std::string exact_us(std::uint64_t ns) {
  std::string whole = std::to_string(ns / 1000);
  for (std::size_t at = whole.size(); at > 3; at -= 3) whole.insert(at - 3, 1, ',');
  return fmt::format("{}.{:03}", whole, ns % 1000);
}

/// Of the recording's clock, as `sockscope events` has it.
std::string seconds(std::uint64_t ns) { return fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000); }

std::string_view kind_words(const Exchange& exchange) {
  if (exchange.is_round_trip()) return "round trip";
  return exchange.request ? "request without a response" : "message that answers nothing";
}

const ExchangeGroup* group_of(const SlowestExchanges& found, const ExchangeStory& story) {
  const auto group = std::ranges::find_if(found.groups, [&story](const ExchangeGroup& one) {
    return one.variant == story.variant && one.are_round_trips == story.exchange.is_round_trip();
  });
  return group == found.groups.end() ? nullptr : &*group;
}

void add_groups(Page& page, const SlowestExchanges& found) {
  for (const ExchangeGroup& group : found.groups) {
    page.text(fmt::format("{}: {} {}, median {} us, slowest {} us", upper_case(group.variant),
                          format_count(group.durations.count()),
                          group.are_round_trips ? "round trips" : "messages without an answer",
                          format_us(static_cast<double>(group.durations.quantile(0.5))),
                          format_us(static_cast<double>(group.durations.max()))),
              "  ", "    ");
  }
}

/// What held a message up while its own thread ran, no event of these says.
std::string_view rest_of(const PathSegment& segment) {
  return segment.cause == PathCause::kRunning
             ? "; what took it so long the trace does not say: its own work, an interrupt, a page fault, the hypervisor"
             : "";
}

/// The segments of one stage with the same cause, together.
struct Loss {
  const PathSegment* longest = nullptr;  ///< Of the task that took most.
  std::uint64_t ns = 0;
  std::map<std::int32_t, std::uint64_t> by_task;
};

bool are_alike(const PathSegment& a, const PathSegment& b) {
  return a.direction == b.direction && a.stage == b.stage && a.cause == b.cause;
}

void choose_longest(Loss& loss, const ExchangeStory& story) {
  const auto most = std::ranges::max_element(loss.by_task, {}, [](const auto& task) { return task.second; });
  const auto weight = [&](const PathSegment& segment) {
    return are_alike(*loss.longest, segment) && segment.who == most->first ? segment.duration_ns() : 0;
  };
  loss.longest = &*std::ranges::max_element(story.segments, {}, weight);
}

std::vector<Loss> losses_of(const ExchangeStory& story) {
  std::vector<Loss> losses;
  for (const PathSegment& segment : story.segments) {
    auto loss = std::ranges::find_if(losses, [&](const Loss& one) { return are_alike(*one.longest, segment); });
    if (loss == losses.end()) loss = losses.insert(losses.end(), Loss{.longest = &segment, .ns = 0, .by_task = {}});
    loss->ns += segment.duration_ns();
    loss->by_task[segment.who] += segment.duration_ns();
  }
  for (Loss& loss : losses) choose_longest(loss, story);
  return losses;
}

/// If there were several, by whom: the one that took most is named with the cause.
std::string loss_words(const ExchangeStory& story, const Loss& loss) {
  std::string words = cause_words(story, *loss.longest);
  if (loss.by_task.size() < 2) return words;
  constexpr std::size_t shown = 3;
  std::vector<std::pair<std::int32_t, std::uint64_t>> tasks(loss.by_task.begin(), loss.by_task.end());
  std::ranges::stable_sort(tasks, std::ranges::greater(), [](const auto& task) { return task.second; });
  words += fmt::format(" for {} us", exact_us(tasks.front().second));
  for (std::size_t i = 1; i < std::min(shown, tasks.size()); ++i) {
    words += fmt::format(", {} for {} us", task_words(story, tasks[i].first), exact_us(tasks[i].second));
  }
  if (tasks.size() > shown) words += fmt::format(", and {} more", tasks.size() - shown);
  return words;
}

/// What is one per cent of the whole at least, in the order of the path; and the rest in one line.
void add_path(Page& page, const ExchangeStory& story, const std::vector<Loss>& losses) {
  constexpr std::uint64_t per_cent = 100;
  const auto line = [&page](std::string_view part, std::uint64_t ns, std::string_view words) {
    std::string text = fmt::format("{:<22}{:>16}", part, exact_us(ns));
    if (!words.empty()) text += fmt::format("  {}", words);
    page.text(text, "    ", std::string(44, ' '));
  };
  std::uint64_t rest = 0;
  std::size_t others = 0;
  for (const Loss& loss : losses) {
    if (loss.ns >= story.duration_ns() / per_cent) {
      line(part_words(*loss.longest), loss.ns, loss_words(story, loss));
    } else {
      rest += loss.ns;
      ++others;
    }
  }
  if (others != 0) line(others == 1 ? "another part" : fmt::format("{} other parts", others), rest, "");
  line("together", story.duration_ns(), "");
}

void add_story(Page& page, std::size_t number, const ExchangeStory& story, const ExchangeGroup* group) {
  const std::string round = story.round == 0 ? "" : fmt::format(", in round {}", story.round);
  page.heading(
      fmt::format("{}. {} {}", number, upper_case(story.variant), upper_case(std::string(kind_words(story.exchange)))),
      fmt::format("{} us from {} s on{}", exact_us(story.duration_ns()), seconds(story.exchange.begin_ns()), round));
  if (story.segments.empty()) return;
  const PathSegment& culprit = story.segments[story.culprit];
  const std::vector<Loss> losses = losses_of(story);
  const Loss& loss = *std::ranges::find_if(losses, [&](const Loss& one) { return are_alike(*one.longest, culprit); });
  std::string usual;
  if (group != nullptr) {
    std::uint64_t ns = 0;
    for (const PathSegment& segment : group->median.segments) {
      if (segment.direction == culprit.direction && segment.stage == culprit.stage) ns += segment.duration_ns();
    }
    usual = fmt::format(" (the whole stage takes {} us in the median one)", exact_us(ns));
  }
  page.text(fmt::format("{}, {} us{}: {}{}.", part_words(culprit), exact_us(loss.ns), usual, loss_words(story, loss),
                        rest_of(culprit)),
            "  ", "    ");
  if (story.events_left_out != 0) {
    page.warning(fmt::format("it has more events than are kept: {} in its middle were not looked at",
                             format_count(story.events_left_out)));
  }
  add_path(page, story, losses);
}

void add_losses(Page& page, const SlowestExchanges& found) {
  if (found.losses == 0) return;
  constexpr std::size_t shown = 5;
  page.heading("LOST", fmt::format("{} datagrams: the receiver's buffer was full (udp:udp_fail_queue_rcv_skb)",
                                   format_count(found.losses)));
  for (std::size_t i = 0; i < std::min(shown, found.lost.size()); ++i) {
    const LostMessage& lost = found.lost[i];
    const std::string to = lost.receiver_tid == 0 ? "a receiver that had not received anything yet"
                                                  : fmt::format("tid {}", lost.receiver_tid);
    page.text(fmt::format("dropped at {} s, {} us after its send call began: from tid {} to {}", seconds(lost.drop_ns),
                          exact_us(lost.drop_ns - lost.enter_ns), lost.sender_tid, to),
              "  ", "    ");
  }
  if (found.losses > shown) page.text(fmt::format("and {} more", format_count(found.losses - shown)), "  ");
}

void add_limits(Page& page, const SlowestExchanges& found) {
  const auto limits = limit_words(found);
  if (limits.empty()) return;
  page.heading("WHAT THE TRACE DOES NOT KNOW");
  for (const std::string& limit : limits) page.text(limit, "  ", "  ");
}

}  // namespace

std::string render_slow_table(const SlowReport& report, const TableOptions& options) {
  Page page(options);
  const SlowestExchanges& found = report.found;
  page.text(fmt::format("sockscope slow: {}", report.path), "", "  ");
  add_groups(page, found);
  if (found.groups.empty()) {
    page.text(
        "no message over TCP or UDP loopback was followed in it; a recording that has some: sockscope record --proto "
        "tcp DIR",
        "  ", "  ");
  } else if (found.slowest.empty()) {
    page.text(fmt::format("none took {} us or longer", exact_us(report.over_ns)), "  ");
  } else if (report.over_ns != 0) {
    page.text(fmt::format("{} took {} us or longer", format_count(found.over), exact_us(report.over_ns)), "  ");
  }
  for (std::size_t i = 0; i < found.slowest.size(); ++i) {
    add_story(page, i + 1, found.slowest[i], group_of(found, found.slowest[i]));
  }
  add_losses(page, found);
  if (!found.groups.empty() || found.losses != 0) add_limits(page, found);
  return page.str();
}

}  // namespace sockscope
