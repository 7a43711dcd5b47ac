#include "objects/s3/encoded_words.h"

#include <random>

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace dth::objects::s3 {
namespace {

TEST(encoded_words, WhatAwsHandsOut) {
  // The example of AWS's user guide: raw UTF-8 came in and was taken for Latin-1.
  EXPECT_EQ(decode_words("=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?="),
            "\xC3\x83\xC2\x84M\xC3\x83\xC2\x84Z\xC3\x83\xC2\x95\xC3\x83\xC2\x91 S3");
  EXPECT_EQ(decode_words("=?UTF-8?Q?gr=C3=BCn_und_bl=c3=a4u?="), "gr\xC3\xBCn und bl\xC3\xA4u");
  EXPECT_EQ(decode_words("=?utf-8?q?=E4=B8=AD?= \t=?UTF-8?b?5paH?="), "\xE4\xB8\xAD\xE6\x96\x87");
}

TEST(encoded_words, WhatIsNoneStays) {
  for (const char* text :
       {"", "plain", "=?", "=?UTF-8?", "=?UTF-8?B?", "=?UTF-8?B?x",
        "=?UTF-8?B?!!?=", "=?UTF-8?X?YQ==?=", "=?UTF-8?Q?=4?=",
        "=?UTF-8?B?eA==?=",  // no store encodes ASCII
        "=?UTF-8?Q?=C3?=",   // no UTF-8
        "=?ISO-8859-1?Q?=FC?=", "=?UTF-8?Q?=C3=BC?= and more", "gr\xC3\xBCn", "=?UTF-8?Q?=C3=BC"}) {
    EXPECT_EQ(decode_words(text), text);
  }
}

TEST(encoded_words, WhatIsWritten) {
  EXPECT_EQ(encode_words("gr\xC3\xBCn"), "=?UTF-8?B?Z3LDvG4=?=");
  EXPECT_EQ(encode_words(""), "");
  EXPECT_EQ(encode_words("plain"), "plain");
  EXPECT_EQ(encode_words("=?UTF-8?Q?=C3=BC?="), "=?UTF-8?Q?=C3=BC?=") << "it is encoded already";
  EXPECT_EQ(encode_words("Latin-1 \xFC"), "Latin-1 \xFC") << "no UTF-8: nothing says what it is";
}

TEST(encoded_words, AnyTextComesBack) {
  std::mt19937 random(7);
  const std::string letters[] = {
      "a", " ", "?", "=", "_", "\xC3\xBC", "\xE4\xB8\xAD", "\xF0\x9F\x93\x88"};
  for (int round = 0; round < 300; ++round) {
    std::string text = "\xC3\xBC";
    for (std::size_t i = random() % 200; i > 0; --i) text += letters[random() % std::size(letters)];
    const std::string words = encode_words(text);
    EXPECT_EQ(decode_words(words), text);
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      EXPECT_LE(end - begin, 75u);
      std::string word = words.substr(begin, end - begin);
      EXPECT_TRUE(is_valid_utf8(base64_decode(word.substr(10, word.size() - 12)).value_or("\xFF")))
          << "a character was cut";
      begin = end + 1;
    }
  }
}

}  // namespace
}  // namespace dth::objects::s3
