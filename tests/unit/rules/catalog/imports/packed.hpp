#pragma once
// Packs texts as lists come: gzip, zstd, xz, tar. For tests only.

#include <archive.h>
#include <archive_entry.h>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlead::rules::catalog {

enum class Packing : std::uint8_t { none, gzip, zstd, xz };
using Members = std::vector<std::pair<std::string, std::string>>;

namespace detail {

inline la_ssize_t append(archive* /*writer*/, void* to, const void* bytes, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

inline archive* open_writer(Packing packing, bool as_tar, std::string& to) {
  archive* writer = archive_write_new();
  if (packing == Packing::gzip) archive_write_add_filter_gzip(writer);
  if (packing == Packing::zstd) archive_write_add_filter_zstd(writer);
  if (packing == Packing::xz) archive_write_add_filter_xz(writer);
  as_tar ? archive_write_set_format_pax_restricted(writer) : archive_write_set_format_raw(writer);
  archive_write_set_bytes_in_last_block(writer, 1);  // no padding behind the packed bytes
  REQUIRE(archive_write_open(writer, &to, nullptr, append, nullptr) == ARCHIVE_OK);
  return writer;
}

inline void add(archive* writer, const std::string& name, std::string_view text) {
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, name.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
  REQUIRE(archive_write_header(writer, entry) == ARCHIVE_OK);
  REQUIRE(archive_write_data(writer, text.data(), text.size()) == static_cast<la_ssize_t>(text.size()));
  archive_entry_free(entry);
}

}  // namespace detail

[[nodiscard]] inline std::string packed(std::string_view text, Packing packing) {
  std::string to;
  archive* writer = detail::open_writer(packing, false, to);
  detail::add(writer, "text", text);
  archive_write_free(writer);
  return to;
}

[[nodiscard]] inline std::string tar_of(const Members& members, Packing packing) {
  std::string to;
  archive* writer = detail::open_writer(packing, true, to);
  for (const auto& [name, text] : members) detail::add(writer, name, text);
  archive_write_free(writer);
  return to;
}

}  // namespace fairlead::rules::catalog
