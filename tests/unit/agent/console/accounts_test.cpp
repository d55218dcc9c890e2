#include "agent/console/accounts.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "agent/console/password.hpp"
#include "agent/events/database.hpp"
#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
using std::chrono::minutes;

namespace {

struct AccountsFile {
  Folder folder;
  std::filesystem::path file = folder.path / "accounts.db";
  std::string place = "sqlite:" + file.string();
  Accounts accounts{place};
  SignInResult sign_in(std::string_view name, std::string_view password, Moment now = kNow,
                       std::string_view peer = "127.0.0.1") {
    return accounts.sign_in(name, password, peer, now).result;
  }
};

}  // namespace

TEST_CASE_FIXTURE(AccountsFile, "accounts: one is added, signs in, gets a new password and goes") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  const SignIn in = accounts.sign_in("mira", kPassword, "127.0.0.1", kNow);
  CHECK(in.result == SignInResult::done);
  CHECK(in.account.role == Role::lead);
  CHECK(sign_in("mira", "another long password") == SignInResult::wrong);
  REQUIRE(accounts.set_password("mira", "another long password"));
  CHECK(sign_in("mira", kPassword) == SignInResult::wrong);
  CHECK(sign_in("mira", "another long password") == SignInResult::done);
  CHECK(accounts.find("mira")->generation != in.account.generation);
  REQUIRE(accounts.remove("mira"));
  CHECK(sign_in("mira", "another long password") == SignInResult::wrong);
  CHECK(accounts.remove("mira").error().code == Errc::not_found);
  CHECK(accounts.set_password("mira", kPassword).error().code == Errc::not_found);
}

TEST_CASE_FIXTURE(AccountsFile, "accounts: one sees the sites that it was made with, all where none was said") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow, {"York", "Leeds", "York"}));
  REQUIRE(accounts.add("kim", Role::lead, kPassword, kNow));
  const std::vector<std::string> both = {"Leeds", "York"};
  CHECK(accounts.find("mira")->sites == both);
  CHECK(accounts.sign_in("mira", kPassword, "127.0.0.1", kNow).account.sites == both);
  REQUIRE(accounts.set_password("mira", "another long password"));
  const auto all = *accounts.list();
  REQUIRE(all.size() == 2);
  CHECK(all[0].sites.empty());
  CHECK(all[1].sites == both);
  // A later account of that name sees what that one was given.
  REQUIRE(accounts.remove("mira"));
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow, {"Hull"}));
  CHECK(accounts.find("mira")->sites == std::vector<std::string>{"Hull"});
}

TEST_CASE_FIXTURE(AccountsFile, "accounts: a file of either version before is taken over") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  REQUIRE(accounts.add("noor", Role::lead, kPassword, kNow, {"York"}));
  const auto before = agent::events::Database::open_to_write(file);
  REQUIRE(before);
  REQUIRE(
      before->execute("DROP TABLE unknown_tries; ALTER TABLE account_sites RENAME TO sites; PRAGMA user_version=2;"));
  CHECK(Accounts(place).find("noor")->sites == std::vector<std::string>{"York"});
  REQUIRE(before->execute("DROP TABLE unknown_tries; DROP TABLE account_sites; PRAGMA user_version=1;"));
  Accounts later(place);
  CHECK(later.find("mira")->sites.empty());
  REQUIRE(later.add("kim", Role::lead, kPassword, kNow, {"Hull"}));
  CHECK(later.find("kim")->sites.size() == 1);
}

TEST_CASE_FIXTURE(AccountsFile, "accounts: the file is its owner's alone, and holds no password") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  namespace fs = std::filesystem;
  for (const auto& entry : fs::directory_iterator(folder.path)) {
    CAPTURE(entry.path().string());
    CHECK((fs::status(entry).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    CHECK_FALSE(has(bytes, kPassword));
  }
}

TEST_CASE_FIXTURE(AccountsFile, "accounts: names and passwords that will not do are refused") {
  for (const char* name : {"", "Mira", "1a", "a b", "a'; DROP TABLE accounts; --", "a/b", "\xC3\xA9"}) {
    CAPTURE(name);
    CHECK(accounts.add(name, Role::lead, kPassword, kNow).error().code == Errc::refused);
  }
  for (const std::string& password : {std::string("short"), std::string("elevenchars"), std::string(300, 'a'),
                                      std::string("with\na line end"), std::string("\xFF\xFF\xFF no text at all")}) {
    CHECK(accounts.add("mira", Role::lead, password, kNow).error().code == Errc::refused);
  }
  CHECK(accounts.add("mira", Role::learner, kPassword, kNow).error().code == Errc::refused);
  REQUIRE(accounts.add("mira", Role::lead, "pässwörd äöü", kNow));  // 12 characters
  CHECK(accounts.add("mira", Role::it, kPassword, kNow).error().code == Errc::refused);
  CHECK(accounts.find("mira")->role == Role::lead);
  CHECK(accounts.list()->size() == 1);
}

TEST_CASE_FIXTURE(AccountsFile, "accounts: another program's changes hold at once") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  Accounts other(place);
  REQUIRE(other.set_password("mira", "another long password"));
  CHECK(sign_in("mira", kPassword) == SignInResult::wrong);
  REQUIRE(other.remove("mira"));
  CHECK(accounts.find("mira").error().code == Errc::not_found);
}

TEST_CASE_FIXTURE(AccountsFile,
                  "brute force: five wrong passwords lock the account, right ones too, for a quarter of an hour") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  for (int i = 1; i < kMostWrong; ++i) CHECK(sign_in("mira", "wrong wrong wrong") == SignInResult::wrong);
  const SignIn last = accounts.sign_in("mira", "wrong wrong wrong", "127.0.0.1", kNow);
  CHECK(last.result == SignInResult::locked);
  CHECK(last.locked_now);
  CHECK(last.until == kNow + kLockedFor);
  const SignIn after = accounts.sign_in("mira", kPassword, "127.0.0.1", kNow + minutes(14));
  CHECK(after.result == SignInResult::locked);
  CHECK_FALSE(after.locked_now);
  Accounts restarted(place);  // the lock outlives the agent
  CHECK(restarted.sign_in("mira", kPassword, "127.0.0.1", kNow + minutes(14)).result == SignInResult::locked);
  CHECK(sign_in("mira", kPassword, kNow + minutes(15)) == SignInResult::done);
}

TEST_CASE_FIXTURE(AccountsFile, "brute force: what is tried at several hubs over one store counts together") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  Accounts other(place);
  for (int i = 1; i < kMostWrong; ++i)
    CHECK((i % 2 == 0 ? accounts : other).sign_in("mira", "wrong wrong wrong", "sam", kNow).result ==
          SignInResult::wrong);
  CHECK(other.sign_in("mira", "wrong wrong wrong", "sam", kNow).locked_now);
  CHECK(sign_in("mira", kPassword) == SignInResult::locked);
}

TEST_CASE_FIXTURE(AccountsFile, "brute force: a lock that has run out leaves none of its tries") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  for (int i = 0; i < kMostWrong; ++i) (void)sign_in("mira", "wrong wrong wrong");
  for (int i = 1; i < kMostWrong; ++i)
    CHECK(sign_in("mira", "wrong wrong wrong", kNow + kLockedFor) == SignInResult::wrong);
  CHECK(sign_in("mira", kPassword, kNow + kLockedFor) == SignInResult::done);
}

TEST_CASE_FIXTURE(AccountsFile, "brute force: a right password in between begins the count anew") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  for (int round = 0; round < 2; ++round) {
    for (int i = 1; i < kMostWrong; ++i) CHECK(sign_in("mira", "wrong wrong wrong") == SignInResult::wrong);
    CHECK(sign_in("mira", kPassword) == SignInResult::done);
  }
}

TEST_CASE_FIXTURE(AccountsFile, "brute force: an unknown name is answered and locked like a known one") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  for (int i = 1; i < kMostWrong; ++i) CHECK(sign_in("nobody", "wrong wrong wrong") == SignInResult::wrong);
  CHECK(sign_in("nobody", "wrong wrong wrong") == SignInResult::locked);
  CHECK(sign_in("nobody", "wrong wrong wrong") == SignInResult::locked);
  const SignIn there = Accounts(place).sign_in("nobody", kPassword, "sam", kNow + minutes(14));
  CHECK(there.result == SignInResult::locked);
  CHECK(there.until == kNow + kLockedFor);
  CHECK(sign_in("nobody", kPassword, kNow + kLockedFor, "sam") == SignInResult::wrong);
  CHECK_FALSE(matches(KeptPassword{}, ""));
}

TEST_CASE_FIXTURE(AccountsFile, "brute force: one who tries many names is stopped, others are not") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  for (int i = 0; i < kMostWrongOfPeer; ++i)
    (void)sign_in("name" + std::to_string(i), "wrong wrong wrong", kNow, "sam");
  CHECK(sign_in("mira", kPassword, kNow, "sam") == SignInResult::peer_locked);
  CHECK(sign_in("mira", kPassword, kNow, "kim") == SignInResult::done);
  CHECK(sign_in("mira", kPassword, kNow + kLockedFor, "sam") == SignInResult::done);
}

TEST_CASE_FIXTURE(AccountsFile, "brute force: many tries at once get no more than one after another") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  std::atomic<int> checked = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      SignIn in;
      in.result = SignInResult::busy;
      while (in.result == SignInResult::busy)
        in = accounts.sign_in("mira", "wrong wrong wrong", "peer" + std::to_string(i), kNow);
      if (in.result == SignInResult::wrong || in.locked_now) ++checked;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(checked == kMostWrong);
  CHECK(sign_in("mira", kPassword) == SignInResult::locked);
}

TEST_CASE_FIXTURE(AccountsFile, "accounts: SQL text in a name or a view is only text") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  const std::string evil = "x' OR '1'='1";
  CHECK(accounts.find(evil).error().code == Errc::not_found);
  CHECK(sign_in(evil, kPassword) == SignInResult::wrong);
  REQUIRE(accounts.save_view("mira", {evil, "/incidents"}));
  REQUIRE(accounts.remove_view("mira", "' OR 1=1 --"));
  REQUIRE(accounts.views("mira")->size() == 1);
  CHECK(accounts.views("mira")->front().title == evil);
}

TEST_CASE_FIXTURE(AccountsFile, "accounts: views belong to one account, are bounded, and go with it") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  REQUIRE(accounts.add("noor", Role::lead, kPassword, kNow));
  for (std::size_t i = 0; i < kMostViews; ++i)
    REQUIRE(accounts.save_view("mira", {"view " + std::to_string(i), "/incidents"}));
  CHECK(accounts.save_view("mira", {"one more", "/incidents"}).error().code == Errc::refused);
  REQUIRE(accounts.save_view("mira", {"view 1", "/events"}));  // again under its name
  CHECK(accounts.views("noor")->empty());
  REQUIRE(accounts.remove("mira"));
  CHECK(accounts.views("mira")->empty());
}

TEST_CASE_FIXTURE(AccountsFile, "accounts: what was seen moves forward only") {
  REQUIRE(accounts.add("mira", Role::lead, kPassword, kNow));
  CHECK(accounts.find("mira")->seen == Moment{});
  REQUIRE(accounts.mark_seen("mira", kNow));
  REQUIRE(accounts.mark_seen("mira", kNow - minutes(5)));
  CHECK(accounts.find("mira")->seen == kNow);
}
