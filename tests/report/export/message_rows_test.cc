#include "report/export/message_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sockscope {
namespace {

/// 300 + 100 + 200 + 200 + 400 + 200 = 1400.
const MessagePath kRequest{.enter_ns = 1000,
                           .queue_ns = 1300,
                           .rx_ns = 1400,
                           .receive_ns = 1600,
                           .ready_ns = 1700,
                           .waking_ns = 1800,
                           .switch_ns = 2200,
                           .exit_ns = 2400};

/// Its receiver did not sleep: 300 + 150 + 200 + 150 + 600 = 1400, from 200 after the request on.
const MessagePath kResponse{.enter_ns = 2600,
                            .queue_ns = 2900,
                            .rx_ns = 3050,
                            .receive_ns = 3250,
                            .ready_ns = 3400,
                            .waking_ns = 0,
                            .switch_ns = 0,
                            .exit_ns = 4000};

const Exchange kRoundTrip{
    .protocol = Protocol::kTcp, .client_tid = 100, .server_tid = 200, .request = kRequest, .response = kResponse};

class Rows {
 public:
  explicit Rows(MessageRows::Style style) : rows_(style) {}

  Rows& header() {
    rows_.header(text_);
    return *this;
  }
  Rows& begin(MessageSource source) {
    rows_.begin(std::move(source));
    return *this;
  }
  Rows& write(const Exchange& exchange) {
    rows_.write(exchange, text_);
    return *this;
  }
  [[nodiscard]] std::string text() const { return std::string(text_.text()); }
  [[nodiscard]] std::uint64_t count() const { return rows_.count(); }

 private:
  MessageRows rows_;
  TextBuffer text_;
};

Rows csv() { return Rows(MessageRows::Style::kCsv); }
Rows json_lines() { return Rows(MessageRows::Style::kJsonLines); }

TEST(MessageRowsOfCsv, HaveAHeader) {
  EXPECT_EQ(
      csv().header().text(),
      "variant,round,exchange,direction,protocol,client_tid,server_tid,send_enter_ns,send_ns,device_ns,backlog_ns,"
      "receive_ns,wake_up_ns,deliver_ns,one_way_ns,turn_around_ns,rtt_ns\n");
}

TEST(MessageRowsOfCsv, AreTheRequestAndTheResponseOfARoundTrip) {
  Rows rows = csv();
  rows.begin({.variant = "a", .round = 3}).write(kRoundTrip);
  EXPECT_EQ(rows.text(),
            "a,3,1,request,tcp,100,200,1000,300,100,200,200,400,200,1400,,\n"
            "a,3,1,response,tcp,100,200,2600,300,150,200,150,,600,1400,200,3000\n");
  EXPECT_EQ(rows.count(), 2U);
}

TEST(MessageRowsOfCsv, SayNothingOfWhatNobodyKnows) {
  const Exchange alone{
      .protocol = Protocol::kUdp, .client_tid = 100, .server_tid = 0, .request = kRequest, .response = std::nullopt};
  EXPECT_EQ(csv().write(alone).text(), ",,1,request,udp,100,,1000,300,100,200,200,400,200,1400,,\n");
}

TEST(MessageRowsOfCsv, HaveNoRoundTripOfAResponseAlone) {
  Exchange alone = kRoundTrip;
  alone.request.reset();
  EXPECT_EQ(csv().write(alone).text(), ",,1,response,tcp,100,200,2600,300,150,200,150,,600,1400,,\n");
}

TEST(MessageRowsOfCsv, CountExchangesInEachRecording) {
  Exchange alone = kRoundTrip;
  alone.response.reset();
  Rows rows = csv();
  rows.begin({.variant = "a", .round = 1}).write(alone).write(alone);
  rows.begin({.variant = "b", .round = 1}).write(alone);
  EXPECT_EQ(rows.text(),
            "a,1,1,request,tcp,100,200,1000,300,100,200,200,400,200,1400,,\n"
            "a,1,2,request,tcp,100,200,1000,300,100,200,200,400,200,1400,,\n"
            "b,1,1,request,tcp,100,200,1000,300,100,200,200,400,200,1400,,\n");
  EXPECT_EQ(rows.count(), 3U);
}

TEST(MessageRowsOfCsv, AreNotBrokenByTheNameOfAVariant) {
  Exchange alone = kRoundTrip;
  alone.response.reset();
  EXPECT_EQ(csv().begin({.variant = "a,\"b\"\n\x1b", .round = 1}).write(alone).text(),
            "\"a,\"\"b\"\"\\x0a\\x1b\",1,1,request,tcp,100,200,1000,300,100,200,200,400,200,1400,,\n");
}

TEST(MessageRowsOfJsonLines, HaveNoHeader) { EXPECT_EQ(json_lines().header().text(), ""); }

TEST(MessageRowsOfJsonLines, HaveAllKeysEachTime) {
  EXPECT_EQ(json_lines().begin({.variant = "tcp", .round = 1}).write(kRoundTrip).text(),
            R"({"variant":"tcp","round":1,"exchange":1,"direction":"request","protocol":"tcp","client_tid":100,)"
            R"("server_tid":200,"send_enter_ns":1000,"send_ns":300,"device_ns":100,"backlog_ns":200,"receive_ns":200,)"
            R"("wake_up_ns":400,"deliver_ns":200,"one_way_ns":1400,"turn_around_ns":null,"rtt_ns":null})"
            "\n"
            R"({"variant":"tcp","round":1,"exchange":1,"direction":"response","protocol":"tcp","client_tid":100,)"
            R"("server_tid":200,"send_enter_ns":2600,"send_ns":300,"device_ns":150,"backlog_ns":200,"receive_ns":150,)"
            R"("wake_up_ns":null,"deliver_ns":600,"one_way_ns":1400,"turn_around_ns":200,"rtt_ns":3000})"
            "\n");
}

TEST(MessageRowsOfJsonLines, AreNotBrokenByTheNameOfAVariant) {
  Exchange alone = kRoundTrip;
  alone.response.reset();
  const std::string text = json_lines().begin({.variant = "a\"\n", .round = 1}).write(alone).text();
  EXPECT_EQ(text.substr(0, text.find(",\"round\"")), R"({"variant":"a\"\u000a")");
}

}  // namespace
}  // namespace sockscope
