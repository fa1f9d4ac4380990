#pragma once

#include <gtest/gtest.h>

#include <csignal>

#include "base/interrupt.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {

/// Tests of what runs with the program's Interrupt and with SIGPIPE ignored, as in main(). The process is left as it
/// was found.
class Interruptible : public testing::Test {
 protected:
  Interruptible();
  ~Interruptible() override;

  [[nodiscard]] const Interrupt& interrupt() const { return interrupt_; }

  TempTree tree_;

 private:
  void (*pipe_handler_before_)(int);
  sigset_t mask_before_{};
  Interrupt interrupt_;
};

}  // namespace sockscope
