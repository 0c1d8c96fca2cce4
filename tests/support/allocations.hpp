// SPDX-License-Identifier: Apache-2.0
// Tests: counts heap allocations. Replaces operator new, so include it in exactly one source file
// of a test program.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace p1meter::test {

inline std::atomic<std::size_t> allocations{0};

/// How often operator new is called while `work` runs.
template <class Work>
std::size_t allocations_during(Work&& work) {
  const std::size_t before = allocations;
  work();
  return allocations - before;
}

inline void* counted_allocation(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

}  // namespace p1meter::test

// Not inlined: g++ else takes the pairing of new with free for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  return p1meter::test::counted_allocation(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
  return p1meter::test::counted_allocation(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
