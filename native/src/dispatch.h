#pragma once

namespace limen {

// Instruction sets that the inner loops are compiled for, in rising order.
enum class InstructionSet { scalar, avx2, avx512 };

// The best that this processor has, or the lower one that was asked for.
InstructionSet instruction_set();

// Asks for one; what the processor lacks is not granted. For tests and benches, while nothing else runs.
InstructionSet use_instruction_set(InstructionSet wanted);

}  // namespace limen

// Declares an inner loop that `kernels/` holds once for each instruction set, built from the same source to the same bits:
// no sums over lanes but of integers, no contraction to fused operations. `name()` is the one to call.
#define LIMEN_KERNEL(result, name, ...)                         \
  namespace scalar {                                            \
  result name(__VA_ARGS__);                                     \
  }                                                             \
  namespace avx2 {                                              \
  result name(__VA_ARGS__);                                     \
  }                                                             \
  namespace avx512 {                                            \
  result name(__VA_ARGS__);                                     \
  }                                                             \
  inline auto name() {                                          \
    switch (instruction_set()) {                                \
      case InstructionSet::avx512: return &avx512::name;        \
      case InstructionSet::avx2: return &avx2::name;            \
      default: return &scalar::name;                            \
    }                                                           \
  }
