#include "report/export/kernel_symbols.h"

#include <gtest/gtest.h>

#include <optional>

namespace sockscope {
namespace {

constexpr const char* kKallsyms =
    "0000000000000000 A fixed_percpu_data\n"
    "ffffffff81000000 T _stext\n"
    "ffffffff81000000 T _text\n"
    "ffffffff81000100 t do_it\n"
    "ffffffff81000180 D some_data\n"
    "ffffffffc0000000 t read_it\t[module]\n"
    "ffffffff81000200 W weak_one\n"
    "no line\n"
    "ffffffff81000300 T";

TEST(KernelSymbols, NameTheFunctionThatAnAddressIsIn) {
  const KernelSymbols symbols(kKallsyms);
  EXPECT_EQ(symbols.name_at(0xffffffff81000100), "do_it");
  EXPECT_EQ(symbols.name_at(0xffffffff810001ff), "do_it") << "data is no function";
  EXPECT_EQ(symbols.name_at(0xffffffff81000200), "weak_one");
  EXPECT_EQ(symbols.name_at(0xffffffffc0000010), "read_it");
}

TEST(KernelSymbols, TakeTheFirstOfSeveralNames) {
  EXPECT_EQ(KernelSymbols(kKallsyms).name_at(0xffffffff81000010), "_stext");
}

TEST(KernelSymbols, NameNothingBeforeTheFirst) { EXPECT_EQ(KernelSymbols(kKallsyms).name_at(0xffffffff80ffffff), ""); }

TEST(KernelSymbols, KnowWhereAFunctionIs) {
  const KernelSymbols symbols(kKallsyms);
  EXPECT_EQ(symbols.address_of("_text"), 0xffffffff81000000);
  EXPECT_EQ(symbols.address_of("some_data"), std::nullopt);
}

TEST(KernelSymbols, AreNoneWhereTheAddressesAreHidden) {
  EXPECT_TRUE(KernelSymbols("0000000000000000 T _text\n0000000000000000 t do_it\n").empty());
  EXPECT_TRUE(KernelSymbols().empty());
  EXPECT_EQ(KernelSymbols().name_at(0xffffffff81000100), "");
}

TEST(FunctionsOfKallsyms, AreItsLinesOfFunctions) {
  EXPECT_EQ(functions_of_kallsyms(kKallsyms),
            "ffffffff81000000 T _stext\n"
            "ffffffff81000000 T _text\n"
            "ffffffff81000100 t do_it\n"
            "ffffffffc0000000 t read_it\t[module]\n"
            "ffffffff81000200 W weak_one\n");
}

TEST(UnitedFunctions, HaveWhatCameAndWhatWent) {
  EXPECT_EQ(united_functions("1 t a\n2 t went\n3 t b\n", "1 t a\n3 t b\n4 t came\n"),
            "1 t a\n3 t b\n4 t came\n2 t went\n");
  EXPECT_EQ(united_functions("", "1 t a\n"), "1 t a\n");
  EXPECT_EQ(united_functions("1 t a\n", ""), "1 t a\n");
}

}  // namespace
}  // namespace sockscope
