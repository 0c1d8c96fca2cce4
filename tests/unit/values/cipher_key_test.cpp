// SPDX-License-Identifier: Apache-2.0
// Values: keys are read as operators print them, and leave no trace.
#include "p1meter/values/cipher_key.hpp"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <new>
#include <ostream>
#include <type_traits>
#include <utility>
#include <vector>

namespace p1meter {
namespace {

using Octets = std::vector<unsigned char>;

constexpr std::string_view digits = "36C66639E48A8CA4D6BC8B282A793BBB";
const Octets octets{0x36, 0xC6, 0x66, 0x39, 0xE4, 0x8A, 0x8C, 0xA4,
                    0xD6, 0xBC, 0x8B, 0x28, 0x2A, 0x79, 0x3B, 0xBB};

Octets octets_of(const CipherKey& key) { return {key.octets().begin(), key.octets().end()}; }

Octets octets_of(const void* memory, std::size_t size) {
  Octets copy(size);
  std::memcpy(copy.data(), memory, size);
  return copy;
}

template <class T>
concept Printable = requires(std::ostream& out, const T& it) {
  out << it;
};
static_assert(!Printable<CipherKey> && !Printable<DecipherKeys>);
static_assert(!std::is_convertible_v<CipherKey, std::string>);
static_assert(!std::is_convertible_v<CipherKey, std::string_view>);
static_assert(std::is_nothrow_move_constructible_v<DecipherKeys>);

TEST(ACipherKey, is_read_in_every_spelling) {
  for (const std::string_view text :
       {digits, std::string_view{"36c66639e48a8ca4d6bc8b282a793bbb"},
        std::string_view{"0x36c66639e48a8ca4d6bc8b282a793bbb"},
        std::string_view{"0X36C66639E48A8CA4D6BC8B282A793BBB"},
        std::string_view{"36 C6 66 39 E4 8A 8C A4 D6 BC 8B 28 2A 79 3B BB"},
        std::string_view{"36:c6:66:39:e4:8a:8c:a4:d6:bc:8b:28:2a:79:3b:bb"},
        std::string_view{"0x36 0xC6 0x66 0x39 0xE4 0x8A 0x8C 0xA4 0xD6 0xBC 0x8B 0x28 0x2A 0x79 "
                         "0x3B 0xBB"},
        std::string_view{"\xEF\xBB\xBF"
                         "36C66639E48A8CA4D6BC8B282A793BBB\n"},
        std::string_view{"36C66639-E48A8CA4-D6BC8B28-2A793BBB"},
        std::string_view{" \t36C66639E48A8CA4D6BC8B282A793BBB\r\n"}}) {
    const auto key = parse_cipher_key(text);
    ASSERT_TRUE(key) << text << ": " << key.error();
    EXPECT_EQ(octets_of(*key), octets) << text;
  }
}

TEST(ACipherKey, may_be_sixteen_ascii_characters) {
  for (const std::string_view text : {"Ab3-xY:z 0123456", " Ab3-xY:z 0123456\n"}) {
    const auto key = parse_cipher_key(text);
    ASSERT_TRUE(key);
    EXPECT_EQ(octets_of(*key), octets_of("Ab3-xY:z 0123456", 16));
  }
}

TEST(ACipherKey, of_another_form_is_refused_without_being_shown) {
  const std::pair<std::string, std::string> refused[] = {
      {"", "32 hex digits, not 0"},
      {" \n", "32 hex digits, not 0"},
      {"0x", "32 hex digits, not 0"},
      {"\xEF\xBB\xBF\n", "32 hex digits, not 0"},
      {"0x3 0x6C66639E48A8CA4D6BC8B282A793BBB",
       "32 hex digits or 16 ASCII characters, not 37 characters of another kind"},
      {"36C666390xE48A8CA4D6BC8B282A793BBB", ""},
      {"36C66639E48A8CA4D6BC8B282A793BB", "32 hex digits, not 31"},
      {"36C66639E48A8CA4D6BC8B282A793BBB0", "32 hex digits, not 33"},
      {std::string(digits) + std::string(digits), "32 hex digits, not 64"},
      {"36C66639E48A8CA4D6BC8B282A793BBG",
       "32 hex digits or 16 ASCII characters, not 32 characters of another kind"},
      {"36C66639E48A8CA4D6BC8B282A793B\nB\n", ""},
      {"Ab3-xY:z 012345",
       "32 hex digits or 16 ASCII characters, not 15 characters of another kind"},
      {"Ab3-xY:z 01234\x01"
       "6",
       ""},
      {"Ab3-xY:z 0123\xC3\xA9"
       "6",
       ""},
      {std::string(16, '\0'), ""},
      {"36C66639/E48A8CA4/D6BC8B28/2A793BBB", ""},
  };
  for (const auto& [text, message] : refused) {
    const auto key = parse_cipher_key(text);
    ASSERT_FALSE(key) << text;
    EXPECT_TRUE(message.empty() || key.error() == message) << text << ": " << key.error();
    EXPECT_EQ(key.error().find("36C6"), std::string::npos);
    EXPECT_EQ(key.error().find("Ab3"), std::string::npos);
  }
}

TEST(ACipherKey, equals_one_with_the_same_octets_only) {
  const auto key = parse_cipher_key(digits);
  for (std::size_t bit = 0; bit < 128; ++bit) {
    Octets changed = octets;
    changed[bit / 8] = static_cast<unsigned char>(changed[bit / 8] ^ (1U << bit % 8));
    EXPECT_FALSE(*key == CipherKey(std::span<const unsigned char, 16>{changed}));
  }
  EXPECT_TRUE(*key == *parse_cipher_key("36 c66639e48a8ca4d6bc8b282a793bbb"));
}

TEST(ACipherKey, is_wiped_when_it_is_destroyed) {
  alignas(DecipherKeys) unsigned char storage[sizeof(DecipherKeys)]{};
  auto* keys = new (storage) DecipherKeys{.encryption = *parse_cipher_key(digits),
                                          .authentication = *parse_cipher_key(digits)};
  const auto holds = [&storage] {
    const auto memory = octets_of(storage, sizeof storage);
    return std::search(memory.begin(), memory.end(), octets.begin() + 4, octets.end()) !=
           memory.end();
  };
  ASSERT_TRUE(holds());

  keys->authentication.reset();
  ASSERT_TRUE(holds());
  std::destroy_at(keys);

  EXPECT_FALSE(holds());
}

TEST(ACipherKey, is_wiped_when_an_optional_one_is_reset) {
  alignas(std::optional<CipherKey>) unsigned char storage[sizeof(std::optional<CipherKey>)]{};
  auto* key = new (storage) std::optional<CipherKey>{*parse_cipher_key(digits)};
  ASSERT_EQ(octets_of(storage, 16), octets);

  key->reset();

  EXPECT_EQ(octets_of(storage, 16), Octets(16));
}

TEST(ACipherKey, is_wiped_when_it_is_moved_from) {
  auto first = *parse_cipher_key(digits);
  const CipherKey second{std::move(first)};
  EXPECT_EQ(octets_of(&first, sizeof first), Octets(16));
  EXPECT_EQ(octets_of(second), octets);

  auto third = *parse_cipher_key(digits);
  auto fourth = *parse_cipher_key("00000000000000000000000000000001");
  fourth = std::move(third);
  EXPECT_EQ(octets_of(&third, sizeof third), Octets(16));
  EXPECT_EQ(octets_of(fourth), octets);
}

TEST(ACipherKey, that_is_replaced_leaves_nothing_of_the_former) {
  auto key = *parse_cipher_key(digits);
  const auto next = *parse_cipher_key("000102030405060708090A0B0C0D0E0F");
  key = next;
  EXPECT_EQ(octets_of(&key, sizeof key), octets_of(next));
}

}  // namespace
}  // namespace p1meter
