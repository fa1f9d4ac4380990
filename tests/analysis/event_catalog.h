#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/tracepoint/catalog.h"

namespace sockscope {

/// What a recording with these events, "system:name", has of formats: the common fields alone.
inline tracepoint::Catalog catalog_of(const std::vector<std::string>& names) {
  std::vector<std::string> texts;
  std::vector<perf_data::FormatSource> sources;
  texts.reserve(names.size());
  for (const std::string& name : names) {
    texts.push_back("name: " + name.substr(name.find(':') + 1) + "\nID: " + std::to_string(texts.size() + 1) +
                    "\nformat:\n"
                    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
                    "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
                    "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
                    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
                    "print fmt: \"\"\n");
    sources.push_back({.system = std::string_view(name).substr(0, name.find(':')), .text = texts.back()});
  }
  return *tracepoint::Catalog::from_format_texts(sources);
}

}  // namespace sockscope
