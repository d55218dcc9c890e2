#include "agent/bundles/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::bundles {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{64} * 1024, kLongestName = 200;
constexpr std::string_view kAlsoInNames = "._-+ @";

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Reader = std::unique_ptr<archive, Freed<&archive_read_free>>;
using Writer = std::unique_ptr<archive, Freed<&archive_write_free>>;
using Entry = std::unique_ptr<archive_entry, Freed<&archive_entry_free>>;

la_ssize_t hand_on(archive* /*writer*/, void* to, const void* bytes, std::size_t size) {
  auto& out = *static_cast<std::ofstream*>(to);
  out.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  return out ? static_cast<la_ssize_t>(size) : -1;
}

tl::unexpected<Error> bad_file(std::string what) { return fail(Errc::bad_file, Side::upstream, std::move(what)); }
tl::unexpected<Error> too_large() {
  return fail(Errc::too_large, Side::upstream, "the bundle is larger than 512 MiB, or of more than 8,192 files");
}
tl::unexpected<Error> not_written(const fs::path& what) {
  return fail(Errc::disk_full, Side::local, what.string() + " cannot be written: is the disk full?");
}

Result<void> begin_entry(archive* writer, const std::string& name, std::uint64_t size) {
  const Entry entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), 0, 0);
  if (archive_write_header(writer, entry.get()) == ARCHIVE_OK) return {};
  const char* why = archive_error_string(writer);
  return bad_file(name + " cannot be put into a bundle" + (why == nullptr ? "" : std::string(": ") + why));
}

Result<void> add_member(archive* writer, const Member& member, std::uint64_t& all) {
  const auto write = [&](const char* bytes, std::size_t size) {
    return archive_write_data(writer, bytes, size) == static_cast<la_ssize_t>(size);
  };
  std::error_code failed;
  const std::uint64_t size = member.file.empty() ? member.text.size() : fs::file_size(member.file, failed);
  if (failed) return fail(Errc::not_found, Side::local, "cannot read " + member.file.string());
  all += size;
  if (all > kMostBundle) return too_large();
  if (auto begun = begin_entry(writer, member.name, size); !begun) return begun;
  if (member.file.empty())
    return write(member.text.data(), member.text.size()) ? Result<void>() : not_written(member.name);
  std::ifstream in(member.file, std::ios::binary);
  std::vector<char> piece(kPiece);
  std::uint64_t left = size;
  while (left > 0) {
    in.read(piece.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, piece.size())));
    const auto got = static_cast<std::size_t>(in.gcount());
    if (got == 0) return fail(Errc::not_found, Side::local, "cannot read " + member.file.string() + " to its end");
    if (!write(piece.data(), got)) return not_written(member.name);
    left -= got;
  }
  return {};
}

/// What has to be on the disk, and the folders that lead there.
Result<void> sync_all(const fs::path& folder, const std::set<fs::path>& paths) {
  std::set<fs::path> folders{folder};
  for (const fs::path& path : paths) {
    if (auto done = platform::sync_file(path); !done) return done;
    for (fs::path parent = path.parent_path(); parent != folder; parent = parent.parent_path()) folders.insert(parent);
  }
  for (const fs::path& one : folders)
    if (auto done = platform::sync_file(one); !done) return done;
  return {};
}

Result<void> read_member(archive* reader, const fs::path& to, std::uint64_t& all) {
  std::error_code failed;
  fs::create_directories(to.parent_path(), failed);
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  if (failed || !out) return not_written(to);
  std::array<char, kPiece> piece{};
  for (;;) {
    const la_ssize_t size = archive_read_data(reader, piece.data(), piece.size());
    if (size == 0) break;
    if (size < 0) return bad_file("the bundle is damaged");
    all += static_cast<std::uint64_t>(size);
    if (all > kMostBundle) return too_large();
    out.write(piece.data(), size);
  }
  out.close();
  return out ? Result<void>() : not_written(to);
}

}  // namespace

bool is_member_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return false;
  for (;;) {
    const std::string_view part = name.substr(0, name.find('/'));
    if (part.empty() || part.front() == '.') return false;
    for (const char c : part)
      if (!text::is_alnum(c) && kAlsoInNames.find(c) == std::string_view::npos) return false;
    if (part.size() == name.size()) return true;
    name.remove_prefix(part.size() + 1);
  }
}

Result<void> write_archive(std::vector<Member> members, const fs::path& to) {
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.name < b.name; });
  if (members.size() > kMostFiles) return too_large();
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!is_member_name(members[i].name))
      return bad_file("no file of a bundle may be called '" + members[i].name + "'");
    if (i > 0 && members[i].name == members[i - 1].name) return bad_file("two files are called " + members[i].name);
  }
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  const Writer writer(archive_write_new());
  archive_write_set_format_ustar(writer.get());
  if (archive_write_open(writer.get(), &out, nullptr, &hand_on, nullptr) != ARCHIVE_OK)
    return fail(Errc::internal, Side::local, "no archive can be written");
  std::uint64_t all = 0;
  for (const Member& member : members)
    if (auto added = add_member(writer.get(), member, all); !added) return added;
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return not_written(to);
  out.close();
  return out ? Result<void>() : not_written(to);
}

Result<void> read_archive(const fs::path& from, const fs::path& folder) {
  const Reader reader(archive_read_new());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_filename(reader.get(), from.string().c_str(), kPiece) != ARCHIVE_OK)
    return bad_file("the bundle is no tar archive");
  std::set<fs::path> written;
  std::uint64_t all = 0;
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK) return bad_file("the bundle is damaged, or no tar archive");
    if (archive_format(reader.get()) != ARCHIVE_FORMAT_TAR_USTAR)
      return bad_file("the bundle is a tar archive of another kind");
    const char* told = archive_entry_pathname(entry);
    const std::string name = told == nullptr ? "" : told;
    if (!is_member_name(name)) return bad_file("the bundle holds a file of a name that may not be");
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
      return bad_file("the bundle holds " + name + ", which is no regular file");
    if (written.size() >= kMostFiles) return too_large();
    const fs::path to = folder / name;
    if (!written.insert(to).second) return bad_file("the bundle holds " + name + " twice");
    if (auto read = read_member(reader.get(), to, all); !read) return read;
  }
  if (written.empty()) return bad_file("the bundle is empty");
  return sync_all(folder, written);
}

}  // namespace fairlead::agent::bundles
