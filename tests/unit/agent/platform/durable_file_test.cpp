#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

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
