#pragma once

namespace sockscope {

/// How `sockscope events` prints: for people, as JSON Lines, for spreadsheets.
enum class EventStyle { kText, kJson, kCsv };

}  // namespace sockscope
