#include "analysis/socket_calls.h"

#include <algorithm>
#include <array>

namespace sockscope {
namespace {

struct KnownCall {
  SocketOperation operation;
  std::int64_t x86_64;   // arch/x86/entry/syscalls/syscall_64.tbl
  std::int64_t generic;  // include/uapi/asm-generic/unistd.h: aarch64, riscv64, loongarch64
};

constexpr std::int64_t kNowhere = -1;

constexpr std::array kKnown = std::to_array<KnownCall>({
    {SocketOperation::kSocket, 41, 198},      {SocketOperation::kConnect, 42, 203},
    {SocketOperation::kAccept, 43, 202},      {SocketOperation::kAccept4, 288, 242},
    {SocketOperation::kBind, 49, 200},        {SocketOperation::kListen, 50, 201},
    {SocketOperation::kShutdown, 48, 210},    {SocketOperation::kDup, 32, 23},
    {SocketOperation::kDup2, 33, kNowhere},   {SocketOperation::kDup3, 292, 24},
    {SocketOperation::kFcntl, 72, 25},        {SocketOperation::kClose, 3, 57},
    {SocketOperation::kCloseRange, 436, 436}, {SocketOperation::kExec, 59, 221},
    {SocketOperation::kExec, 322, 281},                                                // execveat
    {SocketOperation::kExitGroup, 231, 94},   {SocketOperation::kTransfer, 307, 269},  // sendmmsg
    {SocketOperation::kTransfer, 299, 243},                                            // recvmmsg
    {SocketOperation::kTransfer, 40, 71},                                              // sendfile
    {SocketOperation::kTransfer, 54, 208},  // setsockopt: TCP_NODELAY and TCP_CORK push what was held back
});

template <class Number>
std::optional<SocketOperation> operation_where(Number number_of, std::int64_t number) {
  const auto* const found = std::ranges::find(kKnown, number, number_of);
  return found == kKnown.end() || number == kNowhere ? std::nullopt : std::optional(found->operation);
}

}  // namespace

std::optional<SocketOperation> socket_operation(std::string_view arch, std::int64_t number) {
  if (arch == "x86_64") return operation_where(&KnownCall::x86_64, number);
  const bool generic = arch == "aarch64" || arch == "riscv64" || arch == "loongarch64";
  return generic ? operation_where(&KnownCall::generic, number) : std::nullopt;
}

}  // namespace sockscope
