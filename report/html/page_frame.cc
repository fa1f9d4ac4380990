#include "report/html/page_frame.h"

#include <array>

#include "report/html/assets.h"
#include "report/html/template.h"

namespace sockscope {

std::string render_page(PageContent content, const PageScripts& scripts, std::string_view version) {
  content.data["program"] = {{"name", "sockscope"}, {"version", version}};
  const std::string title = html_text(content.title);
  const std::string text = html_text(content.text);
  const std::string data =
      script_json(content.data.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace));
  const std::string licence = html_text(scripts.licence);
  const std::array replacements{Replacement{"title", title},
                                Replacement{"style", html_assets::kStyle},
                                Replacement{"text", text},
                                Replacement{"licence", licence},
                                Replacement{"data", data},
                                Replacement{"chart_library", scripts.library},
                                Replacement{"script", scripts.script}};
  return fill_template(html_assets::kPage, replacements);
}

}  // namespace sockscope
