#include "rules/catalog/imports/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace fairlead::rules::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{64} * 1024;

struct Free {
  void operator()(archive* opened) const { archive_read_free(opened); }
};
using Reader = std::unique_ptr<archive, Free>;

tl::unexpected<Error> bad_file(std::string context) { return fail(Errc::bad_file, Side::local, std::move(context)); }

tl::unexpected<Error> broken(archive* opened) {
  const char* why = archive_error_string(opened);
  return bad_file(std::string("the list cannot be unpacked: ") + (why == nullptr ? "it is damaged" : why));
}

std::string_view without_packing(std::string_view name) {
  for (const std::string_view ending : {".gz", ".zst", ".xz"}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

Reader new_reader(bool with_tar) {
  Reader reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_read_support_format_empty(reader.get());
  if (with_tar) archive_read_support_format_tar(reader.get());
  return reader;
}

/// Unpacks archives into one sink, under limits that hold for all of them together.
class Unpacker {
 public:
  explicit Unpacker(MemberSink& sink) : sink_(sink) {}

  /// Every member of an archive that is open.
  Result<void> read_archive(archive* opened, std::string_view own_name) {
    for (;;) {
      archive_entry* entry = nullptr;
      const int status = archive_read_next_header(opened, &entry);
      if (status == ARCHIVE_EOF) {
        if (archive_format(opened) == ARCHIVE_FORMAT_EMPTY && sink_.begin_member(own_name)) sink_.end_member();
        return {};
      }
      if (status < ARCHIVE_WARN) return broken(opened);
      const bool is_tar = (archive_format(opened) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
      if (is_tar && archive_entry_filetype(entry) != AE_IFREG) continue;
      const char* name = is_tar ? archive_entry_pathname(entry) : nullptr;
      // A name in no known encoding cannot be asked for.
      if (is_tar && name == nullptr) continue;
      if (auto read = read_member(opened, is_tar ? std::string_view(name) : own_name, is_tar); !read) return read;
    }
  }

  Result<void> read_file(const fs::path& path, std::string_view name) {
    const Reader reader = new_reader(true);
    if (archive_read_open_filename(reader.get(), path.string().c_str(), kPiece) != ARCHIVE_OK)
      return broken(reader.get());
    return read_archive(reader.get(), name);
  }

 private:
  /// A packed file inside an archive, read through a second reader as it comes out of the first.
  struct Packed {
    archive* outer;
    std::array<char, kPiece> piece;

    static la_ssize_t read(archive* /*inner*/, void* self, const void** bytes) {
      auto& packed = *static_cast<Packed*>(self);
      *bytes = packed.piece.data();
      return archive_read_data(packed.outer, packed.piece.data(), packed.piece.size());
    }
  };

  Result<void> read_member(archive* opened, std::string_view name, bool may_be_packed) {
    if (++members_ > kMostMembers)
      return fail(Errc::too_large, Side::local, "the list is an archive of more than 4,096 files");
    const std::string_view plain_name = without_packing(name);
    if (!sink_.begin_member(plain_name)) return {};
    Result<void> read;
    if (may_be_packed && plain_name.size() < name.size()) {
      const auto packed = std::make_unique<Packed>();
      packed->outer = opened;
      const Reader inner = new_reader(false);
      archive_entry* entry = nullptr;
      if (archive_read_open(inner.get(), packed.get(), nullptr, Packed::read, nullptr) != ARCHIVE_OK)
        return broken(inner.get());
      const int status = archive_read_next_header(inner.get(), &entry);
      if (status < ARCHIVE_WARN) return broken(inner.get());
      if (status != ARCHIVE_EOF) read = read_data(inner.get());
    } else {
      read = read_data(opened);
    }
    if (read) sink_.end_member();
    return read;
  }

  Result<void> read_data(archive* opened) {
    for (;;) {
      const la_ssize_t size = archive_read_data(opened, piece_.data(), piece_.size());
      if (size == 0) return {};
      if (size < 0) return broken(opened);
      unpacked_ += static_cast<std::uint64_t>(size);
      if (unpacked_ > kMostUnpacked)
        return fail(Errc::too_large, Side::local, "the list is larger than 1 GiB when unpacked");
      sink_.take_piece(std::string_view(piece_.data(), static_cast<std::size_t>(size)));
    }
  }

  MemberSink& sink_;
  std::vector<char> piece_ = std::vector<char>(kPiece);
  std::uint64_t unpacked_ = 0;
  std::size_t members_ = 0;
};

/// Regular files below a folder, sorted; links are not followed.
Result<std::vector<fs::path>> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::recursive_directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    if (!entry->is_regular_file(code)) continue;
    files.push_back(entry->path());
    if (files.size() > kMostMembers)
      return fail(Errc::too_large, Side::local, "the list is a folder of more than 4,096 files");
  }
  if (code) return bad_file("the folder cannot be read: " + code.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<void> unpack(const fs::path& path, MemberSink& sink) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (!fs::exists(status)) return fail(Errc::not_found, Side::local, "there is no such file or folder");
  Unpacker unpacker(sink);
  if (fs::is_regular_file(status)) {
    const std::string name = path.filename().string();
    return unpacker.read_file(path, name);
  }
  if (!fs::is_directory(status)) return bad_file("this is neither a file nor a folder");
  const auto files = files_below(path);
  if (!files) return tl::unexpected(files.error());
  for (const fs::path& file : *files) {
    const std::string name = file.lexically_relative(path).generic_string();
    if (auto read = unpacker.read_file(file, name); !read) return read;
  }
  return {};
}

Result<void> unpack_bytes(std::string_view bytes, std::string_view name, MemberSink& sink) {
  const Reader reader = new_reader(true);
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return broken(reader.get());
  return Unpacker(sink).read_archive(reader.get(), name);
}

}  // namespace fairlead::rules::catalog
