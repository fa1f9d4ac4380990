#include "parsers/tracepoint/constant_expression.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "parsers/tracepoint/print_fmt.h"

namespace sockscope::tracepoint {
namespace {

using Value = std::optional<std::uint64_t>;

struct Operator {
  std::string_view text;
  int level;  // binds tighter the higher
};

// Longer spellings first. "<", ">" and "=" are not here: what compares is not a constant of interest.
constexpr std::array<Operator, 10> kOperators{
    {{"<<", 4}, {">>", 4}, {"|", 1}, {"^", 2}, {"&", 3}, {"+", 5}, {"-", 5}, {"*", 6}, {"/", 6}, {"%", 6}}};
constexpr int kLowestLevel = 1;
constexpr int kMaxDepth = 64;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

Value apply(std::string_view op, std::uint64_t left, std::uint64_t right) noexcept {
  constexpr std::uint64_t bits = 64;
  if (op == "<<") return right < bits ? Value(left << right) : std::nullopt;
  if (op == ">>") return right < bits ? Value(left >> right) : std::nullopt;
  if (op == "/") return right != 0 ? Value(left / right) : std::nullopt;
  if (op == "%") return right != 0 ? Value(left % right) : std::nullopt;
  if (op == "|") return left | right;
  if (op == "^") return left ^ right;
  if (op == "&") return left & right;
  if (op == "+") return left + right;
  if (op == "-") return left - right;
  return left * right;
}

// Precedence climbing over the text itself. It recurses as deep as the expression nests, which kMaxDepth bounds.
// NOLINTBEGIN(misc-no-recursion)
class Evaluator {
 public:
  explicit Evaluator(std::string_view text) noexcept : rest_(text) {}

  Value whole() noexcept {
    const Value value = binary(kLowestLevel);
    skip_space();
    return rest_.empty() ? value : std::nullopt;
  }

 private:
  Value binary(int lowest_level) noexcept {
    Value left = unary();
    while (left) {
      skip_space();
      const Operator* const op = peek_operator();
      if (op == nullptr || op->level < lowest_level) break;
      rest_.remove_prefix(op->text.size());
      const Value right = binary(op->level + 1);
      left = right ? apply(op->text, *left, *right) : std::nullopt;
    }
    return left;
  }

  Value unary() noexcept {
    skip_space();
    if (rest_.empty() || depth_ == kMaxDepth) return std::nullopt;
    ++depth_;
    const Value value = prefixed();
    --depth_;
    return value;
  }

  Value prefixed() noexcept {
    const char first = rest_.front();
    if (is_digit(first)) return literal();
    rest_.remove_prefix(1);
    if (first == '(') {
      if (take_cast()) return unary();
      const Value value = binary(kLowestLevel);
      skip_space();
      if (!rest_.starts_with(')')) return std::nullopt;
      rest_.remove_prefix(1);
      return value;
    }
    if (first != '~' && first != '-' && first != '+' && first != '!') return std::nullopt;
    const Value value = unary();
    if (!value) return std::nullopt;
    if (first == '~') return ~*value;
    if (first == '-') return 0 - *value;
    if (first == '!') return *value == 0 ? 1 : 0;
    return value;
  }

  // The rest of `(type)` if an operand follows that only a cast can have before it: `(NAME) - 1` subtracts.
  bool take_cast() noexcept {
    const std::size_t close = rest_.find(')');
    if (close == std::string_view::npos) return false;
    const std::string_view type = rest_.substr(0, close);
    const std::size_t start = type.find_first_not_of(' ');
    if (start == std::string_view::npos || is_digit(type[start])) return false;
    if (!std::ranges::all_of(type, [](char c) { return c == ' ' || is_identifier_char(c); })) return false;
    const std::size_t operand = rest_.find_first_not_of(' ', close + 1);
    if (operand == std::string_view::npos) return false;
    if (const char next = rest_[operand]; next != '(' && next != '~' && !is_digit(next)) return false;
    rest_.remove_prefix(operand);
    return true;
  }

  Value literal() noexcept {
    int base = 10;
    if (rest_.starts_with("0x") || rest_.starts_with("0X")) {
      base = 16;
      rest_.remove_prefix(2);
    } else if (rest_.starts_with('0')) {
      base = 8;
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value, base);
    if (error != std::errc{}) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    while (!rest_.empty() && std::string_view("uUlL").contains(rest_.front())) rest_.remove_prefix(1);
    return value;
  }

  [[nodiscard]] const Operator* peek_operator() const noexcept {
    for (const Operator& op : kOperators) {
      if (rest_.starts_with(op.text)) return &op;
    }
    return nullptr;
  }

  void skip_space() noexcept {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  int depth_ = 0;
};
// NOLINTEND(misc-no-recursion)

}  // namespace

std::optional<std::uint64_t> evaluate_constant(std::string_view expression) noexcept {
  return Evaluator(expression).whole();
}

}  // namespace sockscope::tracepoint
