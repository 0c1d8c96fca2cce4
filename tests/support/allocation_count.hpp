// SPDX-License-Identifier: Apache-2.0
// Tests: how often the program asked for memory. Include in ONE source file of a test executable:
// it replaces the global operator new.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace p1meter::test {

inline std::size_t allocations = 0;

/// Allocations since its construction.
class AllocationCount {
 public:
  [[nodiscard]] std::size_t value() const noexcept { return allocations - before_; }

 private:
  std::size_t before_{allocations};
};

inline void* counted_allocation(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}

}  // namespace p1meter::test

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
