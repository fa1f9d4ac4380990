#include "analysis/laws.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/topology_stations.h"

namespace sockscope {
namespace {

constexpr double kClockTolerance = 0.03;
constexpr std::uint64_t kMatchedPerMille = 999;

Law law_of(std::string_view variant, std::string_view name, Figures concerns) {
  return {.name = variant.empty() ? std::string(name) : fmt::format("{}: {}", variant, name),
          .holds = false,
          .detail = {},
          .variant = std::string(variant),
          .concerns = concerns};
}

Law messages_law(std::string_view variant, const TracedSummary& traced) {
  Law law = law_of(variant, "messages sent = messages followed", Figures::kStages);
  law.holds = traced.matched * 1000 >= traced.messages * kMatchedPerMille;
  law.detail = fmt::format("{} sent, {} followed", traced.messages, traced.matched);
  return law;
}

Law stages_law(std::string_view variant, const TracedSummary& traced, std::uint64_t unsound) {
  Law law = law_of(variant,
                   traced.rtt.empty() && !traced.stages.empty() ? "stages add up to the one-way time"
                                                                : "stages add up to the round trip",
                   Figures::kStages);
  law.holds = unsound == 0;
  const std::uint64_t one_way = traced.request_one_way.count() + traced.response_one_way.count();
  const std::uint64_t sound = traced.rtt.empty() ? one_way : traced.rtt.count();
  law.detail = fmt::format("{} of {} exactly, none negative", sound, sound + unsound);
  return law;
}

Law clock_law(std::string_view variant, const TracedSummary& traced) {
  Law law = law_of(variant, "trace = workload's clock", Figures::kRoundTripTimes);
  const auto trace = static_cast<double>(traced.period.quantile(0.5));
  const auto workload = static_cast<double>(traced.workload_rtt.quantile(0.5));
  law.holds = std::abs(trace - workload) <= kClockTolerance * workload;
  law.detail = fmt::format(
      "request to request, p50: trace {:.2f} us, workload {:.2f} us ({:+.1f} %); in the kernel {:.2f} us of it",
      trace / 1e3, workload / 1e3, workload > 0 ? 100 * (trace / workload - 1) : 0.0,
      static_cast<double>(traced.rtt.quantile(0.5)) / 1e3);
  return law;
}

Law switches_law(std::string_view variant, std::string_view end, const ThreadSummary& thread) {
  Law law = law_of(variant, fmt::format("context switches of the {}, trace = getrusage", end), Figures::kThreads);
  const SwitchCounts& usage = *thread.getrusage;
  law.holds = agree_within_one_percent(thread.traced.voluntary, usage.voluntary) &&
              agree_within_one_percent(thread.traced.involuntary, usage.involuntary);
  law.detail = fmt::format("voluntary {} = {}, involuntary {} = {}", thread.traced.voluntary, usage.voluntary,
                           thread.traced.involuntary, usage.involuntary);
  return law;
}

/// All data packets of a connection have headers of the same length, which TCP's options decide.
Law bytes_law(std::string_view variant, const SessionTotals& session, const Measurements& measured) {
  constexpr std::uint64_t shortest = 14 + 20 + 20;  // Ethernet, IPv4, TCP
  constexpr std::uint64_t longest = 14 + 40 + 60;   // IPv6, TCP with all options
  Law law = law_of(variant, "bytes in packets = headers + bytes sent", Figures::kCounts);
  const std::uint64_t sent = measured.count("bytes_sent");
  const std::uint64_t headers = session.data_skb_bytes - std::min(session.data_skb_bytes, sent);
  const std::uint64_t header = session.data_skbs == 0 ? 0 : headers / session.data_skbs;
  law.holds = header * session.data_skbs + sent == session.data_skb_bytes && header >= shortest && header <= longest;
  law.detail =
      fmt::format("{} in {} packets, {} sent, headers of {}", session.data_skb_bytes, session.data_skbs, sent, header);
  return law;
}

Law drops_law(std::string_view variant, const SessionTotals& session, const Measurements& measured) {
  Law law = law_of(variant, "datagrams dropped, trace = socket", Figures::kCounts);
  const std::uint64_t dropped = measured.count("dropped_by_the_socket");
  const auto freed = session.drops.find("SOCKET_RCVBUFF");
  const bool has_reasons = !session.drops.contains("NOT_SPECIFIED");  // of a kernel since 5.17
  const std::uint64_t for_want_of_room = freed == session.drops.end() ? 0 : freed->second;
  law.holds = session.receive_queue_drops == dropped && (!has_reasons || for_want_of_room == dropped);
  law.detail = fmt::format("udp_fail_queue_rcv_skb {}, kfree_skb {}, SO_MEMINFO {}, RcvbufErrors {}",
                           session.receive_queue_drops, for_want_of_room, dropped, measured.count("rcvbuf_errors"));
  return law;
}

Law datagrams_law(std::string_view variant, const TracedSummary& traced, std::uint64_t drops) {
  Law law = law_of(variant, "datagrams sent = received + dropped", Figures::kCounts);
  law.holds = traced.messages == traced.matched + drops;
  law.detail = fmt::format("{} sent, {} received, {} dropped", traced.messages, traced.matched, drops);
  return law;
}

}  // namespace

Evidence& Evidence::operator+=(const Evidence& other) {
  if (other.packets) packets = packets.value_or(PacketCounts{}) += *other.packets;
  if (other.topology) topology = other.topology;
  unsound += other.unsound;
  udp_drops += other.udp_drops;
  measured += other.measured;
  recorded &= other.recorded;
  return *this;
}

bool agree_within_one_percent(std::uint64_t one, std::uint64_t other) {
  const std::uint64_t apart = one > other ? one - other : other - one;
  return apart <= std::max<std::uint64_t>(2, std::max(one, other) / 100);
}

Law check_packets(std::string_view variant, const PacketCounts& packets, const RecordedEvents& recorded) {
  Law law = law_of(variant, "skbs queued = transmitted = received", Figures::kCounts);
  const std::uint64_t arrived = packets.queued - packets.in_flight;
  const bool are_transmitted =
      !recorded.transmits || (packets.transmitted >= arrived && packets.transmitted <= packets.queued);
  law.holds = packets.rx == packets.received && packets.received == arrived && are_transmitted;
  law.detail = fmt::format("net_dev_queue {}, net_dev_xmit {}, netif_rx {}, netif_receive_skb {}", packets.queued,
                           recorded.transmits ? std::to_string(packets.transmitted) : "not recorded", packets.rx,
                           packets.received);
  if (packets.in_flight != 0) law.detail += fmt::format(", in flight at the end {}", packets.in_flight);
  if (packets.unannounced != 0) law.detail += fmt::format(", of other programs {}", packets.unannounced);
  return law;
}

Law check_stations(std::string_view variant, Topology topology, const PacketCounts& packets,
                   const RecordedEvents& recorded) {
  Law law = law_of(variant, fmt::format("skbs at the stations of {} = packets sent x stations", name_of(topology)),
                   Figures::kCounts);
  const auto [client, server] = stations_of(topology);
  const auto expected = [&](std::uint64_t StationCounts::* station) {
    return packets.of_client * (client.*station) + packets.of_server * (server.*station);
  };
  const std::uint64_t queued = expected(&StationCounts::queued);
  const std::uint64_t rx = expected(&StationCounts::rx);
  const std::uint64_t received = expected(&StationCounts::received);
  const bool are_transmitted =
      !recorded.transmits || (packets.transmitted >= queued && packets.transmitted <= packets.queued);
  law.holds = packets.queued - packets.unfinished_queued == queued && packets.rx - packets.unfinished_rx == rx &&
              packets.received - packets.unfinished_received == received && are_transmitted;
  law.detail = fmt::format(
      "{} packets of the client, {} of the server; net_dev_queue {} of {}, net_dev_xmit {}, netif_rx {} of {}, "
      "netif_receive_skb {} of {}",
      packets.of_client, packets.of_server, packets.queued, queued,
      recorded.transmits ? std::to_string(packets.transmitted) : "not recorded", packets.rx, rx, packets.received,
      received);
  if (packets.in_flight != 0) law.detail += fmt::format(", in flight at the end {}", packets.in_flight);
  if (packets.unannounced != 0) law.detail += fmt::format(", of other programs {}", packets.unannounced);
  return law;
}

Law check_owners(const std::vector<VariantSummary>& variants, std::uint64_t skbs_of_nobody) {
  Law law = law_of("", "skbs of the programs = of their sockets", Figures::kCounts);
  std::uint64_t skbs = 0;
  for (const VariantSummary& summary : variants) {
    if (summary.traced && summary.traced->session) skbs += summary.traced->session->skbs;
  }
  law.holds = skbs_of_nobody == 0;
  law.detail = fmt::format("{} queued or received, {} of a TCP or UDP socket", skbs + skbs_of_nobody, skbs);
  return law;
}

std::vector<Law> check_laws(const VariantSummary& summary, const Evidence& evidence) {
  if (!summary.traced) return {};
  const std::string& variant = summary.variant.key;
  const TracedSummary& traced = *summary.traced;
  std::vector<Law> laws;
  const Topology topology = evidence.topology.value_or(Topology::kLoopback);
  // NAT puts the fragments of a datagram together, and what leaves it are other packets.
  const bool are_the_same = topology != Topology::kBridgeNat || !evidence.packets || evidence.packets->fragments == 0;
  if (evidence.packets && topology == Topology::kLoopback) {
    laws.push_back(check_packets(variant, *evidence.packets, evidence.recorded));
  } else if (evidence.packets && are_the_same) {
    laws.push_back(check_stations(variant, topology, *evidence.packets, evidence.recorded));
  }
  if (traced.is_followed) {
    laws.push_back(messages_law(variant, traced));
    laws.push_back(stages_law(variant, traced, evidence.unsound));
  }
  // Only of a closed loop is the time between two requests a round trip.
  if (traced.is_followed && !traced.workload_rtt.empty() && !traced.session) laws.push_back(clock_law(variant, traced));
  if (traced.client.getrusage && evidence.recorded.switches)
    laws.push_back(switches_law(variant, "client", traced.client));
  if (traced.server.getrusage && evidence.recorded.switches)
    laws.push_back(switches_law(variant, "server", traced.server));
  if (summary.variant.protocol == Protocol::kUdp && traced.is_followed && evidence.recorded.udp_drops) {
    laws.push_back(datagrams_law(variant, traced, evidence.udp_drops));
  }
  if (!traced.session) return laws;
  const Measurements& measured = evidence.measured;
  // A segment that was sent twice is in the packets twice.
  const bool sends_once = measured.has_count("retransmits") && measured.count("retransmits") == 0;
  if (sends_once && measured.has_count("bytes_sent")) laws.push_back(bytes_law(variant, *traced.session, measured));
  if (measured.has_count("dropped_by_the_socket")) laws.push_back(drops_law(variant, *traced.session, measured));
  return laws;
}

}  // namespace sockscope
