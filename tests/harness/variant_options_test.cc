#include "harness/variant_options.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

std::string error_of(const std::string& a, const std::string& b = "udp") {
  const auto variants = of_descriptions({}, a, b);
  if (variants) return "no error";
  EXPECT_EQ(variants.error().kind, ErrorKind::kUsage);
  return variants.error().message;
}

TEST(OfProtocols, IsTheSameOverEach) {
  const auto variants = of_protocols({.size = 7}, kProtocols);
  ASSERT_EQ(variants.size(), 2U);
  EXPECT_EQ(variants[0].variant, variant_of(Protocol::kTcp));
  EXPECT_EQ(variants[1].variant, variant_of(Protocol::kUdp));
  EXPECT_EQ(variants[1].measure.size, 7U);
}

TEST(OfDescriptions, DepartFromWhatIsCommonToBoth) {
  const auto variants = of_descriptions({.size = 7, .count = 12}, "tcp --no-nodelay", "udp --size 1400 --cpus 0,1");
  ASSERT_TRUE(variants) << variants.error().message;
  ASSERT_EQ(variants->size(), 2U);
  const VariantOptions& a = variants->at(0);
  EXPECT_EQ(a.variant, (Variant{.key = "a", .label = "A", .description = "tcp --no-nodelay"}));
  EXPECT_FALSE(a.measure.socket.nodelay);
  EXPECT_EQ(a.measure.size, 7U);
  EXPECT_EQ(a.measure.count, 12U);
  const VariantOptions& b = variants->at(1);
  EXPECT_EQ(
      b.variant,
      (Variant{.key = "b", .label = "B", .description = "udp --size 1400 --cpus 0,1", .protocol = Protocol::kUdp}));
  EXPECT_TRUE(b.measure.socket.nodelay);
  EXPECT_EQ(b.measure.size, 1'400U);
  EXPECT_EQ(b.measure.cpus, "0,1");
}

TEST(OfDescriptions, MayBeTheSameTwice) {
  const auto variants = of_descriptions({}, "tcp", "tcp");
  ASSERT_TRUE(variants);
  EXPECT_EQ(variants->at(0).variant.key, "a");
  EXPECT_EQ(variants->at(1).variant.key, "b");
}

TEST(OfDescriptions, RefusesWhatItCannotRead) {
  EXPECT_EQ(error_of(""), R"(--a "": begin with the protocol, as in --a 'tcp --size 1400')");
  EXPECT_EQ(error_of("sctp"), R"(--a "sctp": begin with the protocol, as in --a 'tcp --size 1400')");
  EXPECT_EQ(error_of("tcp", "--size 3"), R"(--b "--size 3": begin with the protocol, as in --b 'tcp --size 1400')");
  EXPECT_EQ(
      error_of("tcp --sise 3"),
      R"(--a "tcp --sise 3": The following arguments were not expected: 3 --sise (see sockscope compare --help))");
  EXPECT_EQ(error_of("tcp --size 1,2"),
            R"(--a "tcp --size 1,2": one --size, since a list of them makes a comparison each)");
  EXPECT_EQ(error_of("tcp --workload stream"),
            "--a and --b measure different workloads, whose figures have nothing in common");
}

}  // namespace
}  // namespace sockscope
