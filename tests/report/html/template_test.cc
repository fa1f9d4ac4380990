#include "report/html/template.h"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

namespace sockscope {
namespace {

TEST(Template, IsFilledInOneGo) {
  const std::array replacements{Replacement{"a", "{{b}}"}, Replacement{"b", "2"}};
  EXPECT_EQ(fill_template("<{{a}}{{b}}|{{c}}>", replacements), "<{{b}}2|>");
  EXPECT_EQ(fill_template("nothing", replacements), "nothing");
  EXPECT_EQ(fill_template("an open {{a", replacements), "an open {{a");
}

TEST(HtmlText, IsNoMarkup) {
  EXPECT_EQ(html_text(R"(<b a="1" c='2'>&)"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
}

TEST(ScriptJson, EndsNoElementAndMeansTheSame) {
  const nlohmann::json json{{"a", "</script><!--<script>"}};
  const std::string text = script_json(json.dump());
  EXPECT_EQ(text, R"({"a":"\u003c/script>\u003c!--\u003cscript>"})");
  EXPECT_EQ(nlohmann::json::parse(text), json);
}

}  // namespace
}  // namespace sockscope
