// Files by std::filesystem and streams. C++ cannot bring bytes to the disk: what is written here outlives the process
// and not a loss of power. A lock is known to this process alone.

#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "agent/platform/fake/laptop.hpp"

namespace fairlead::agent::platform {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms kOurs = fs::perms::owner_read | fs::perms::owner_write;

tl::unexpected<Error> failed(const std::string& what, const fs::path& file, std::error_code code) {
  const Errc errc = code == std::errc::no_space_on_device          ? Errc::disk_full
                    : code == std::errc::no_such_file_or_directory ? Errc::not_found
                                                                   : Errc::denied;
  return fail(errc, Side::local, what + " " + file.string() + ": " + code.message());
}

/// A stream does not say why it failed.
std::error_code why_not_written(const fs::path& file, std::size_t size) {
  std::error_code code;
  const fs::path folder = file.parent_path();
  if (!fs::exists(folder, code)) return std::make_error_code(std::errc::no_such_file_or_directory);
  const auto space = fs::space(folder, code);
  return std::make_error_code(!code && space.available < size ? std::errc::no_space_on_device
                                                              : std::errc::permission_denied);
}

Result<void> replace(const fs::path& file, std::string_view bytes, fs::perms access) {
  fs::path aside = file;
  aside += ".new";
  std::error_code code;
  fs::remove(aside, code);  // of a run that was cut short, or a link that leads elsewhere
  std::ofstream out(aside, std::ios::binary);
  fs::permissions(aside, access, code);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  auto done = out && !code ? rename_durably(aside, file)
                           : Result<void>(failed("cannot write", aside, why_not_written(file, bytes.size())));
  if (!done) fs::remove(aside, code);
  return done;
}

/// The files that are held, by the number that a lock has in a descriptor's place.
struct Held {
  std::mutex mutex;
  std::map<int, fs::path> files;
};

Held& held() {
  static Held instance;
  return instance;
}

tl::unexpected<Error> refused(const fs::path& file, const std::string& why) {
  return fail(Errc::denied, Side::local, file.string() + " " + why);
}

}  // namespace

Result<FileLock> FileLock::take(const fs::path& file) {
  if (!std::ofstream(file, std::ios::app)) return failed("cannot open", file, why_not_written(file, 0));
  std::error_code code;
  const fs::path known = fs::canonical(file, code);
  if (code) return failed("cannot open", file, code);
  const std::scoped_lock guard(held().mutex);
  int number = 0;
  for (const auto& [other, path] : held().files) {
    if (path == known) return fail(Errc::denied, Side::local, "another process holds " + file.string());
    number = other + 1;
  }
  held().files.emplace(number, known);
  return FileLock(number);
}

FileLock::~FileLock() {
  if (descriptor_ < 0) return;  // given on, perhaps while the table is being written
  const std::scoped_lock guard(held().mutex);
  held().files.erase(descriptor_);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Result<void> sync_file(const fs::path& file) {
  std::error_code code;
  if (!fs::exists(file, code)) code = std::make_error_code(std::errc::no_such_file_or_directory);
  if (code) return failed("cannot bring to the disk", file, code);
  return {};
}

Result<void> rename_durably(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::rename(from, to, code);
  if (code) return failed("cannot rename", from, code);
  return {};
}

Result<void> replace_file(const fs::path& file, std::string_view bytes) { return replace(file, bytes, kOurs); }

Result<void> replace_shared_file(const fs::path& file, std::string_view bytes) {
  std::error_code code;
  const auto before = fs::status(file, code);
  const fs::perms access =
      fs::exists(before) ? before.permissions() : kOurs | fs::perms::group_read | fs::perms::others_read;
  return replace(file, bytes, access);
}

/// Reads it: the bytes are those of this moment, whatever becomes of the file.
Result<MappedFile> map_file(const fs::path& file) {
  std::error_code code;
  const auto status = fs::status(file, code);
  const auto size = fs::is_regular_file(status) ? fs::file_size(file, code) : 0;
  if (code) return failed("cannot read", file, code);
  if (!fs::is_regular_file(status)) return refused(file, "is no file");
  if (size == 0) return fail(Errc::bad_file, Side::local, file.string() + " is empty");
  const auto bytes = std::make_shared<std::string>(size, '\0');
  if (!std::ifstream(file, std::ios::binary).read(bytes->data(), static_cast<std::streamsize>(size)))
    return refused(file, "cannot be read");
  return MappedFile{std::as_bytes(std::span<const char>(*bytes)), bytes};
}

Result<std::string> read_secret_file(const fs::path& file, std::size_t most) {
  constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;
  std::error_code code;
  const auto status = fs::status(file, code);
  if (code) return refused(file, "cannot be read: " + code.message());
  if (!fs::is_regular_file(status)) return refused(file, "is no file");
  const UserId owner = fake::owner_of(file);
  if (owner != fake::kAdministrator && owner != own_account())
    return refused(file, "belongs to neither the administrator nor this account");
  if ((status.permissions() & kOthers) != fs::perms::none)
    return refused(file, "can be read by others; only its owner may");
  std::ifstream in(file, std::ios::binary);
  std::string bytes(most + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || !in.is_open()) return refused(file, "cannot be read");
  if (bytes.size() > most) return refused(file, "is longer than a secret should be");
  return bytes;
}

}  // namespace fairlead::agent::platform
