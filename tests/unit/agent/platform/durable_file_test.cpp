#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "agent/platform/platform.hpp"

namespace fs = std::filesystem;
namespace platform = fairlead::agent::platform;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("fairlead-files-" + std::to_string(platform::process_id()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("replace_file: a link where the new bytes are prepared leads nowhere") {
  const Folder folder;
  std::ofstream(folder.path / "precious") << "precious";
  fs::create_symlink(folder.path / "precious", folder.path / "record.new");
  REQUIRE(platform::replace_file(folder.path / "record", "new"));
  CHECK(text_of(folder.path / "precious") == "precious");
  CHECK(text_of(folder.path / "record") == "new");
  CHECK_FALSE(fs::is_symlink(folder.path / "record"));
  CHECK_FALSE(fs::exists(folder.path / "record.new"));
}

TEST_CASE("replace_file: what a run that was cut short has left is no part of the new file") {
  const Folder folder;
  std::ofstream(folder.path / "record.new") << "something much longer";
  REQUIRE(platform::replace_file(folder.path / "record", "new"));
  CHECK(text_of(folder.path / "record") == "new");
}

TEST_CASE("replace_shared_file: permissions stay") {
  const Folder folder;
  std::ofstream(folder.path / "policy") << "old";
  fs::permissions(folder.path / "policy", fs::perms(0640));
  REQUIRE(platform::replace_shared_file(folder.path / "policy", "new"));
  CHECK(text_of(folder.path / "policy") == "new");
  CHECK((fs::status(folder.path / "policy").permissions() & fs::perms::mask) == fs::perms(0640));
}

TEST_CASE("act_as_owner_of: a folder that is not there changes nothing") {
  const platform::UserId before = platform::own_account();
  REQUIRE(platform::act_as_owner_of("/nowhere/at/all"));
  CHECK(platform::own_account() == before);
}

TEST_CASE("FileLock: one holder at a time, by whatever path it came, until the last of its objects goes") {
  const Folder folder;
  {
    auto first = platform::FileLock::take(folder.path / "lock");
    REQUIRE(first);
    const platform::FileLock moved = std::move(*first);
    const auto second = platform::FileLock::take(folder.path / "." / "lock");
    REQUIRE_FALSE(second);
    CHECK(second.error().code == fairlead::Errc::denied);
    CHECK(platform::FileLock::take(folder.path / "other"));
  }
  CHECK(platform::FileLock::take(folder.path / "lock"));
  CHECK(platform::FileLock::take(folder.path / "nowhere" / "lock").error().code == fairlead::Errc::not_found);
}

TEST_CASE("rename_durably, sync_file: a new name takes the old one's place; what is not there is told") {
  const Folder folder;
  std::ofstream(folder.path / "new") << "new";
  std::ofstream(folder.path / "old") << "old";
  CHECK(platform::sync_file(folder.path / "new"));
  CHECK(platform::rename_durably(folder.path / "new", folder.path / "old"));
  CHECK(text_of(folder.path / "old") == "new");
  CHECK(platform::sync_file(folder.path / "new").error().code == fairlead::Errc::not_found);
  CHECK(platform::rename_durably(folder.path / "new", folder.path / "old").error().code == fairlead::Errc::not_found);
}

TEST_CASE("map_file: what was mapped stays when another file takes its place") {
  const Folder folder;
  REQUIRE(platform::replace_file(folder.path / "rules", "the old rules"));
  const auto mapped = platform::map_file(folder.path / "rules");
  REQUIRE(mapped);
  REQUIRE(platform::replace_file(folder.path / "rules", "other"));
  CHECK(std::string(reinterpret_cast<const char*>(mapped->bytes.data()), mapped->bytes.size()) == "the old rules");
  CHECK(platform::map_file(folder.path / "none").error().code == fairlead::Errc::not_found);
  CHECK_FALSE(platform::map_file(folder.path));
  std::ofstream(folder.path / "empty") << "";
  CHECK(platform::map_file(folder.path / "empty").error().code == fairlead::Errc::bad_file);
}

TEST_CASE("read_secret_file: nobody else may read it, and it is no longer than a secret") {
  const Folder folder;
  REQUIRE(platform::replace_file(folder.path / "key", "secret"));
  CHECK(platform::read_secret_file(folder.path / "key", 6).value() == "secret");
  CHECK_FALSE(platform::read_secret_file(folder.path / "key", 5));
  for (const auto others : {fs::perms::group_read, fs::perms::others_read, fs::perms::others_write}) {
    fs::permissions(folder.path / "key", fs::perms::owner_read | others);
    const auto read = platform::read_secret_file(folder.path / "key", 6);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == fairlead::Errc::denied);
    CHECK(read.error().context.find((folder.path / "key").string()) == 0);
  }
  CHECK_FALSE(platform::read_secret_file(folder.path, 6));
  CHECK_FALSE(platform::read_secret_file(folder.path / "none", 6));
}
