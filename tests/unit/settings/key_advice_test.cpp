// SPDX-License-Identifier: Apache-2.0
// What users are told about the keys of meters that encrypt.
#include "settings/key_advice.hpp"

#include <gtest/gtest.h>

namespace p1meter::settings {
namespace {

TEST(KeyAdvice, names_the_key_as_the_reader_gives_it) {
  const KeyNames in_file{"'decryption_key'", "'authentication_key'"};
  const KeyNames as_option{"--key", "--auth-key"};
  EXPECT_TRUE(key_advice(ProblemCode::key_missing, in_file).ends_with(" as 'decryption_key'"));
  EXPECT_TRUE(key_advice(ProblemCode::key_missing, as_option).ends_with(" as --key"));
  EXPECT_NE(key_advice(ProblemCode::key_wrong, as_option).find("compare --key with"),
            std::string::npos);
  EXPECT_TRUE(key_advice(ProblemCode::tag_mismatch, in_file).ends_with(" as 'authentication_key'"));
  EXPECT_TRUE(key_advice(ProblemCode::tag_mismatch, as_option).ends_with(" as --auth-key"));
}

}  // namespace
}  // namespace p1meter::settings
