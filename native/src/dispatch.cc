#include "dispatch.h"

#include <algorithm>
#include <atomic>

namespace limen {
namespace {

InstructionSet best() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") &&
                      __builtin_cpu_supports("avx512vpopcntdq");
  if (avx512) return InstructionSet::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) return InstructionSet::avx2;
#endif
  return InstructionSet::scalar;
}

std::atomic<InstructionSet>& current() {
  static std::atomic<InstructionSet> set{best()};
  return set;
}

}  // namespace

InstructionSet instruction_set() { return current().load(std::memory_order_relaxed); }

InstructionSet use_instruction_set(InstructionSet wanted) {
  const InstructionSet granted = std::min(wanted, best());
  current().store(granted, std::memory_order_relaxed);
  return granted;
}

}  // namespace limen
