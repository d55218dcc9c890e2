#include "rules/url/unicode.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uidna.h>
#include <unicode/uspoof.h>

namespace fairlead::rules::url {
namespace {

// A name that needs more room than this is longer than DNS permits (253 bytes) in any form.
constexpr std::size_t kAsciiRoom = 1024;

// The WHATWG URL standard asks for none of these (CheckHyphens and VerifyDnsLength are false); host.cpp checks lengths
// itself.
constexpr std::uint32_t kForgiven = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                    UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                    UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

// U+1E9E, capital sharp s: "ss" up to Unicode 15.0, "ß" since. Browsers of both ages are in use, so no one reading is
// right.
constexpr std::string_view kCapitalSharpS = "\xE1\xBA\x9E";

const UIDNA* idna() {
  static const UIDNA* const handle = [] {
    UErrorCode status = U_ZERO_ERROR;
    return uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, &status);
  }();
  return handle;
}

const USpoofChecker* spoof_checker() {
  static const USpoofChecker* const handle = [] {
    UErrorCode status = U_ZERO_ERROR;
    return uspoof_open(&status);
  }();
  return handle;
}

/// Length of the well-formed character at `at`, or 0.  Source: Unicode 15, table 3-7.
std::size_t character_size(std::string_view text, std::size_t at) {
  const auto byte = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto is_tail = [&byte](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(at);
  const unsigned second = byte(at + 1);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !is_tail(at + 1)) return 0;
  if (lead < 0xE0) return 2;
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;  // overlong; surrogates
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;  // overlong; above U+10FFFF
  if (!is_tail(at + 2)) return 0;
  if (lead < 0xF0) return 3;
  return is_tail(at + 3) ? 4 : 0;
}

/// One of ICU's two ways between A-labels and U-labels; false when a label is not valid.
bool append_converted(decltype(&uidna_nameToASCII_UTF8) convert, std::string_view name, std::string& out) {
  if (idna() == nullptr) return false;
  std::array<char, kAsciiRoom> converted{};
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t size = convert(idna(), name.data(), static_cast<std::int32_t>(name.size()), converted.data(),
                                    static_cast<std::int32_t>(converted.size()), &info, &status);
  if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING || (info.errors & ~kForgiven) != 0) return false;
  out.append(converted.data(), static_cast<std::size_t>(size));
  return true;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = character_size(text, i);
    if (size == 0) return false;
    i += size;
  }
  return true;
}

void mend_utf8(std::string& text) {
  if (is_utf8(text)) return;
  std::string mended;
  mended.reserve(text.size() * 3);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = character_size(text, i);
    if (size == 0) {
      mended += "\xEF\xBF\xBD";
      ++i;
    } else {
      mended.append(text, i, size);
      i += size;
    }
  }
  text = std::move(mended);
}

bool append_domain_to_ascii(std::string_view name, std::string& out) {
  return name.find(kCapitalSharpS) == std::string_view::npos && append_converted(uidna_nameToASCII_UTF8, name, out);
}

bool append_domain_to_unicode(std::string_view name, std::string& out) {
  return append_converted(uidna_nameToUnicodeUTF8, name, out);
}

void append_skeleton(std::string_view text, std::string& out) {
  if (spoof_checker() == nullptr) return;
  std::array<char, kAsciiRoom> skeleton{};
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t size =
      uspoof_getSkeletonUTF8(spoof_checker(), 0, text.data(), static_cast<std::int32_t>(text.size()), skeleton.data(),
                             static_cast<std::int32_t>(skeleton.size()), &status);
  if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING) return;
  out.append(skeleton.data(), static_cast<std::size_t>(size));
}

void fold_case(std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const folder = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status)) return;
  std::string folded;
  icu::StringByteSink<std::string> sink(&folded, static_cast<std::int32_t>(text.size()));
  const icu::StringPiece source(text.data(), static_cast<std::int32_t>(text.size()));
  folder->normalizeUTF8(0, source, sink, nullptr, status);
  if (U_SUCCESS(status)) text = std::move(folded);
}

}  // namespace fairlead::rules::url
