#pragma once

#include <string_view>

/// The files that a page is made of, put into the program when it is built (cmake/EmbedTexts.cmake): it needs none of
/// them where it runs.
namespace sockscope::html_assets {

extern const std::string_view kPage;          ///< report/html/page.html, with {{name}} where something is put in
extern const std::string_view kStyle;         ///< report/html/page.css
extern const std::string_view kScript;        ///< report/html/*.js, one after another
extern const std::string_view kChartLibrary;  ///< Chart.js, as the distribution has it
extern const std::string_view kChartLicence;  ///< and its licence.

/// Of the page of functions: its script, D3 and d3-flame-graph as npm has them, and their licences.
extern const std::string_view kFunctionsScript;
extern const std::string_view kFlameLibrary;
extern const std::string_view kFlameLicences;

}  // namespace sockscope::html_assets
